"""What differs between two scenarios, as plain values: for histories, and for whoever saves second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from planning.scenario.edits import Edit, told
from planning.scenario.identity import same_figures
from planning.scenario.scenario import Scenario, told_question


def difference(before: Scenario, after: Scenario) -> dict[str, Any]:
    """Return what somebody changed.

    Parameters
    ----------
    before, after

    Returns
    -------
    dict
        ``question``: ``field``, ``before``, ``after`` of each field that differs, ``None`` for what is not said;
        ``edits``: ``change`` (added, removed, changed) with ``before`` and ``after``; ``county_version``:
        ``before`` and ``after`` where the build is another one, else ``None``. The order of edits says nothing.
    """
    versions = before.county_version, after.county_version
    return {
        "question": list(_fields(told_question(before.question), told_question(after.question))),
        "edits": list(_edits(before.edits, after.edits)),
        "county_version": None if versions[0] == versions[1] else {"before": versions[0], "after": versions[1]},
    }


def _fields(before: dict[str, Any], after: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for field in dict.fromkeys([*before, *after]):
        if before.get(field) != after.get(field):
            yield {"field": field, "before": before.get(field), "after": after.get(field)}


def _edits(before: Sequence[Edit], after: Sequence[Edit]) -> Iterator[dict[str, Any]]:
    """Yield each edit that is not in both; one that says something else of the same thing has changed."""
    gone, new = ([same_figures(told(edit)) for edit in edits] for edits in (before, after))
    for one in list(gone):
        if one in new:
            gone.remove(one)
            new.remove(one)
    for one in gone:
        other = next((found for found in new if _about(found) == _about(one)), None)
        if other is not None:
            new.remove(other)
        yield {"change": "removed" if other is None else "changed", "before": one, "after": other}
    yield from ({"change": "added", "before": None, "after": one} for one in new)


def _about(edit: dict[str, Any]) -> tuple[Any, ...]:
    """Return what an edit is about: there may be one of a kind for each."""
    return edit["op"], edit.get("target"), edit.get("mode")
