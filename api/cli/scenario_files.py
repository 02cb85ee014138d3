"""Scenarios on the command line: by which word one is meant, and what is read from files and options."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli.plan_options import STATUSES, places_in
from api.cli.told import told
from api.settings import Settings
from gis.faults import Fault, FaultsError

if TYPE_CHECKING:
    from api.actions.scenarios.visitor import Visitor

STDIN = "-"
_MARK = "\ufeff"
"""Editors of Windows put it before what they write."""
DIGITS = 12
"""So many letters of an id are shown where several are."""
_FEW = 4
"""So many letters of an id at least are taken for its beginning."""


@contextmanager
def visiting(lang: Any, account: str = "") -> Iterator[Visitor]:
    """Yield who works with scenarios on the command line; what is refused is told in words.

    Parameters
    ----------
    lang
    account
        For whom; without one for nobody, as in solo mode.
    """
    with told(lang, name_of=_field), at_scenarios(account) as who:
        yield who


@contextmanager
def at_scenarios(account: str = "") -> Iterator[Visitor]:
    """Yield who works with scenarios, in a command that tells refusals itself; else as ``visiting``."""
    from api.actions.scenarios.moved_on import MovedOnError
    from api.actions.workplace import Workplace

    at_work = Workplace(Settings())
    try:
        yield _visitor(at_work, account)
    except MovedOnError as error:  # the command line says which number is kept
        raise FaultsError(_without_layer(error.moved.faults)) from None
    except FaultsError as error:
        raise FaultsError(_without_layer(error.faults)) from None
    finally:
        at_work.close()


def _field(fault: Fault, _lang: Any) -> str:
    """Return what a field is called: a revision that nobody typed has no name."""
    return "" if fault.field == "expected" else fault.field


def _without_layer(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults as a command line tells them: it has no layer of scenarios."""
    return [replace(fault, layer="") if fault.layer == "scenarios" else fault for fault in faults]


def _visitor(at_work: Any, account: str) -> Visitor:
    from datetime import UTC, datetime

    from api.actions.accounts.people import named_person
    from api.actions.scenarios.visitor import Visitor
    from layers.records.audit import COMMAND_LINE, Actor
    from layers.records.scenario import Viewer

    if not account:
        return Visitor(at_work, Viewer(), COMMAND_LINE)
    who, now = named_person(at_work, account), datetime.now(UTC)
    roles = tuple(sorted({str(grant.role) for grant in who.grants if grant.holds(now)}))
    return Visitor(at_work, Viewer(who.id, roles), Actor(who.id, None, COMMAND_LINE.from_addr))


def id_of(who: Visitor, word: str) -> str:
    """Return the id of the scenario that a word means: its id, the beginning of it, or its name.

    Raises
    ------
    ApiError
        ``unknown-scenario``; ``scenario-several-named`` where it may mean more than one.
    """
    from api.actions.scenarios.keep import listed
    from api.explain import ApiError

    rows = [row for archived in (False, True) for row in listed(who, archived=archived, limit=10_000)["scenarios"]]
    found = [row["id"] for row in rows if row["id"] == word] or [
        row["id"] for row in rows if row["name"] == word or (len(word) >= _FEW and row["id"].startswith(word))
    ]
    if len(found) > 1:
        raise ApiError(
            409, "scenario-several-named", id=word[:60], known=", ".join(one[:DIGITS] for one in found[:_FEW])
        )
    if not found:
        raise ApiError(404, "unknown-scenario")
    return str(found[0])


def json_of(source: str) -> Any:
    """Return what a file, or the standard input for ``-``, says as JSON.

    Raises
    ------
    FaultsError
        ``scenario-file-not-json``.
    """
    try:
        text = sys.stdin.read() if source == STDIN else Path(source).read_text(encoding="utf-8")
        return json.loads(text.removeprefix(_MARK))
    except (ValueError, RecursionError):
        raise FaultsError([Fault("scenario-file-not-json", file=source)]) from None


def edits_of(source: str) -> list[Any]:
    """Return the edits of a file: a list, or a scenario that has one."""
    given = json_of(source)
    if isinstance(given, Mapping):
        given = given.get("edits", [])
    return given if isinstance(given, list) else [given]


def short_edits(close_road: Iterable[str] | None, statuses: Mapping[str, list[str] | None]) -> list[dict[str, Any]]:
    """Return the edits that short options say.

    Parameters
    ----------
    close_road
        Names or ids of roads.
    statuses
        Option such as ``keep`` → places.
    """
    closed: list[dict[str, Any]] = [{"op": "road-closed", "target": road} for road in close_road or ()]
    said = [
        {"op": "site-status", "target": place, "status": STATUSES[name]}
        for name, given in statuses.items()
        for place in places_in(given)
    ]
    return closed + said


def changed_edits(
    before: Sequence[Any], *, add: Iterable[str], remove: Iterable[int], short: Iterable[Any]
) -> list[Any]:
    """Return edits with some removed by their number from 1, and others added at the end.

    Raises
    ------
    FaultsError
        With every number that there is not, and every edit that is no JSON.
    """
    faults = [
        Fault("scenario-no-such-edit", field="--remove", value=str(n), params={"count": len(before)})
        for n in remove
        if not 1 <= n <= len(before)
    ]
    added: list[Any] = []
    for words in add:
        try:
            added.append(json.loads(words))
        except (ValueError, RecursionError):
            faults.append(Fault("scenario-file-not-json", field="--add", value=words[:80]))
    if faults:
        raise FaultsError(faults)
    gone = set(remove)
    return [one for n, one in enumerate(before, 1) if n not in gone] + added + list(short)
