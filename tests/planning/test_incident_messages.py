"""Every code of an incident has a text in both languages, and no text has lost its code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from layers.workdays import Calendar
from planning.incidents.categories import CATEGORIES
from planning.incidents.deadlines import deadline_rule
from planning.incidents.incident import Kind, Level, Role
from planning.incidents.ledger import OWNERS
from planning.incidents.moves import Post, State
from planning.incidents.routing import REASONS, RULES
from planning.incidents.states import TRANSITIONS

ROOT = Path(__file__).parents[2]
MESSAGES: dict[str, Any] = tomllib.loads((ROOT / "maps" / "messages" / "incidents.toml").read_text("utf-8"))

CODES = {
    "category": set(CATEGORIES),
    "kind": set(get_args(Kind)),
    "state": {*get_args(State), "none"},
    "move": {*TRANSITIONS, "none"},
    "post": set(get_args(Post)),
    "owner": set(OWNERS),
    "form": {need.form for row in TRANSITIONS.values() for need in row.needs.values()},
    "code": {code for row in TRANSITIONS.values() for need in row.needs.values() for code in need.codes},
    "data": {name for row in TRANSITIONS.values() for name in row.needs} | {"move", "at"},
    "level": set(get_args(Level)),
    "role": set(get_args(Role)),
    "desk": {"township", "county"},
    "rule": set(RULES),
    "reason": set(REASONS),
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
    sources = [*(ROOT / "planning" / "incidents").glob("*.py"), ROOT / "layers" / "records" / "incidents.py"]
    code = "".join(path.read_text("utf-8") for path in sources)
    assert set(re.findall(r'(?:Fault|_conflict)\("([a-z-]+)"', code)) == set(MESSAGES["fault"])
