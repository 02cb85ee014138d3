"""A scenario changed from what counts now: some fields of its question, some of its edits."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.actions.scenarios.content import scenario_of
from api.actions.scenarios.form import asked_of, plan_body_from
from api.actions.scenarios.keep import Change, save
from api.actions.scenarios.visitor import Visitor
from gis.faults import Fault, FaultsError, refuse_together
from planning.scenario.edit_form import edits_from


def changed(
    who: Visitor,
    scenario_id: str,
    edited: Callable[[Sequence[Any]], Sequence[Any]],
    *,
    fields: str = "",
    name: str = "",
    note: str = "",
    expected: int | None = None,
) -> dict[str, Any]:
    """Save a scenario with other edits, or other fields of its question.

    Parameters
    ----------
    who
    scenario_id
    edited
        Makes the new edits of those that count now, as JSON.
    fields
        Fields of the question as JSON; ``null`` leaves one to the service again.
    name
        Another one, if given.
    note
    expected
        Number of the revision that the visitor saw; the one that counts if not given.

    Returns
    -------
    dict
        As :func:`api.actions.scenarios.keep.save`.

    Raises
    ------
    FaultsError
        With everything that is wrong.
    MovedOnError
        If another revision counts by now.
    """
    record = who.reach(scenario_id, "edit")
    number = record.head if expected is None else expected
    before = scenario_of(record.name, who.revision(record, number)).body()
    said = {**before["question"], **_fields(fields)}
    told = {field: value for field, value in said.items() if value is not None}
    listed = list(edited(before["edits"]))
    refuse_together(lambda: plan_body_from(told), lambda: edits_from(listed))
    question, edits = asked_of(plan_body_from(told), edits_from(listed))
    return save(who, record.id, Change(question, edits, note, name or None), expected=number)


def _fields(words: str) -> dict[str, Any]:
    try:
        given = json.loads(words or "{}")
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, Mapping):
        raise FaultsError([Fault("scenario-file-not-json", field="--question", value=words[:80])])
    return dict(given)
