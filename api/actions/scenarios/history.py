"""What a scenario ever was: undone and redone, listed, copied, put away."""

from __future__ import annotations

from typing import Any

from api.actions.scenarios.content import difference_of, entry_view, scenario_of
from api.actions.scenarios.keep import view
from api.actions.scenarios.moved_on import MovedOnError
from api.actions.scenarios.visitor import Visitor
from layers.records.scenario import ScenarioMovedOnError


def step(who: Visitor, scenario_id: str, back: bool, *, expected: int | None = None) -> dict[str, Any]:  # noqa: FBT001
    """Undo the last change, or redo what was undone.

    Parameters
    ----------
    who
    scenario_id
    back
        Whether to undo.
    expected
        Number of the revision that the visitor sees; whichever counts if not given.

    Raises
    ------
    MovedOnError
        If another revision counts by now.
    FaultsError
        If there is nothing to undo or redo.
    """
    record, level = who.seen(scenario_id, "edit")
    revisions, number = who.at_work.revisions, record.head if expected is None else expected
    move = revisions.undo if back else revisions.redo
    try:
        saved = move(record.id, expected=number, act=who.act("undone" if back else "redone"))
    except ScenarioMovedOnError as error:
        raise MovedOnError(error, None, revisions.revision(record.id, number)) from error
    return {**view(who, saved.scenario, level, saved.revision), "changed": True}


def listed(who: Visitor, scenario_id: str, *, before: int | None = None, limit: int = 100) -> list[dict[str, Any]]:
    """Return the revisions of a scenario without what they ask, newest first."""
    record, names = who.reach(scenario_id), who.names()
    found = who.at_work.revisions.revisions(record.id, before=before, limit=limit)
    return [{**entry_view(one, names), "counts": one.n == record.head} for one in found]


def revision_shown(who: Visitor, scenario_id: str, n: int) -> dict[str, Any]:
    """Return a revision with what it asks, and what was changed in it."""
    record = who.reach(scenario_id)
    one = who.revision(record, n)
    before = None if one.parent is None else who.at_work.revisions.revision(record.id, one.parent)
    return {
        **entry_view(one, who.names()),
        "counts": one.n == record.head,
        **scenario_of(record.name, one).body(),
        "difference": None if before is None else difference_of(before, one),
    }


def clone(who: Visitor, scenario_id: str, *, name: str, n: int | None = None, key: str | None = None) -> dict[str, Any]:
    """Keep a copy of a revision as a scenario of the visitor's own."""
    record = who.reach(scenario_id)
    owner = who.viewer.account_id
    made = who.at_work.scenarios.clone(record.id, n, owner=owner, name=name, act=who.act("copied"), key=key)
    return view(who, made, "owner")


def put_away(who: Visitor, scenario_id: str, *, archived: bool = True) -> dict[str, Any]:
    """Put a scenario away so that it is listed apart and changed no more, or take it out again."""
    record, level = who.seen(scenario_id, "owner")
    act = who.act("archived" if archived else "unarchived")
    return view(who, who.at_work.scenarios.archive(record.id, archived=archived, act=act), level)


def compared(who: Visitor, first: str, second: str) -> dict[str, Any]:
    """Return what the second of two scenarios asks otherwise than the first."""
    before, after = (who.revision(who.reach(one)) for one in (first, second))
    return difference_of(before, after)
