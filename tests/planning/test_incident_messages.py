"""Every code of an incident has a text in both languages, and no text has lost its code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from layers.workdays import Calendar
from planning.incidents.assignment import CHOSEN_REASON, CHOSEN_RULE, REASONS, RULES
from planning.incidents.bulk.history import HISTORY_REASON, HISTORY_RULE
from planning.incidents.categories import CATEGORIES
from planning.incidents.deadlines import deadline_rule
from planning.incidents.events import Channel, Kind, Level, Role
from planning.incidents.flows import FLOWS
from planning.incidents.ledger import OWNERS
from planning.incidents.moves import Post, State
from planning.incidents.timing import STEP_OF

ROOT = Path(__file__).parents[2]
MESSAGES: dict[str, Any] = tomllib.loads((ROOT / "maps" / "messages" / "incidents.toml").read_text("utf-8"))

SHARED: dict[str, Any] = tomllib.loads((ROOT / "maps" / "messages" / "errors.toml").read_text("utf-8"))

STAFF: dict[str, Any] = tomllib.loads((ROOT / "maps" / "messages" / "staff.toml").read_text("utf-8"))

ROWS = [row for table in FLOWS.values() for row in table.values()]
NEEDS = {name: need for row in ROWS for name, need in {**row.needs, **row.may}.items()}
CODES = {
    "category": set(CATEGORIES),
    "kind": set(get_args(Kind)),
    "state": {*get_args(State), "none"},
    "move": {*(move for table in FLOWS.values() for move in table), "none"},
    "post": set(get_args(Post)),
    "owner": set(OWNERS),
    "form": {need.form for row in ROWS for need in {**row.needs, **row.may}.values()} | {"part"},
    "code": {code for row in ROWS for need in {**row.needs, **row.may}.values() for code in need.codes},
    "data": set(NEEDS) | {"move", "at", "datum", "rule", "name"},
    "step": {*STEP_OF.values(), "arrive"},
    "channel": set(get_args(Channel)),
    "level": set(get_args(Level)),
    "role": set(get_args(Role)),
    "desk": {"township", "county"},
    "rule": {*RULES, CHOSEN_RULE, HISTORY_RULE},
    "reason": {*REASONS, CHOSEN_REASON, HISTORY_REASON},
    "deadline": {deadline_rule(category.workdays) for category in CATEGORIES.values()},
    "basis": {category.basis for category in CATEGORIES.values()},
    "calendar": set(get_args(Calendar)),
}


def test_there_is_a_table_for_each_kind_of_code() -> None:
    assert set(MESSAGES["incident"]) == set(CODES)


@pytest.mark.parametrize("table", sorted(CODES))
def test_texts_and_codes_are_the_same_set_in_both_languages(table: str) -> None:
    texts = MESSAGES["incident"][table]
    assert set(texts) == CODES[table]
    assert all(text["zh"] and text["en"] for text in texts.values())


def test_every_fault_that_incidents_raise_has_its_texts() -> None:
    rooms = (ROOT / "planning" / "incidents", ROOT / "api" / "actions" / "cases")
    stores = [ROOT / "layers" / "records" / name for name in ("incidents.py", "reported.py")]
    sources = [path for room in rooms for path in room.glob("*.py")] + stores
    code = "".join(path.read_text("utf-8") for path in sources)
    raised = set(re.findall(r'(?:Fault|conflict)\("([a-z-]+)"', code))
    assert raised - set(SHARED["fault"]) - set(STAFF["fault"]) == set(MESSAGES["fault"])
