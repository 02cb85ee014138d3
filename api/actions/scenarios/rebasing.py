"""A scenario brought onto the current build of its county: shown first, saved only where it is asked for."""

from __future__ import annotations

import dataclasses
from typing import Any

from api.actions.scenarios.content import refuse_unfit, scenario_of
from api.actions.scenarios.county_names import names_of
from api.actions.scenarios.keep import keep
from api.actions.scenarios.stale import stale_of
from api.actions.scenarios.visitor import Visitor
from api.runs.asking import county_to_ask
from gis.faults import Fault, FaultsError
from planning.scenario.rebase import rebase


def rebased(who: Visitor, scenario_id: str, *, expected: int | None = None) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Return what becomes of every edit on the current build; with the revision expected, save that as a new one.

    No run is computed anew: those of before stay what they are, on the build that they were asked for.

    Parameters
    ----------
    who
    scenario_id
    expected
        Number of the revision that counts; ``None`` to look only.

    Returns
    -------
    dict
        ``from``, ``to`` (versions), ``stale`` (the layers that differ), ``edits`` (``part``, ``number``, ``target``,
        ``outcome``, ``reason``, ``became``), ``counts``, ``scenario`` (what it would ask), ``content_id``, and
        ``saved``: the scenario as it is kept, ``None`` where it was only looked at.
    tuple of Fault
        What still contradicts itself on the current build; it has to be mended before it can be saved.

    Raises
    ------
    FaultsError
        Those faults, where it was to be saved; if the build that the scenario is pinned to is gone.
    MovedOnError
        If another revision counts by now.
    """
    record, level = who.seen(scenario_id, "read" if expected is None else "edit")
    revision = who.expected(record, expected)
    old, new = county_to_ask(who.at_work, revision.county_version), county_to_ask(who.at_work)
    if old.county.code != new.county.code:
        here = {"county": f"{new.county.name} {new.county.code}"}
        raise FaultsError([Fault("scenario-foreign-county", field="county", value=old.county.name, params=here)])
    found = rebase(scenario_of(record.name, revision), names_of(old), names_of(new))
    faults: tuple[Fault, ...] = ()
    try:
        refuse_unfit(new, found.scenario)
    except FaultsError as error:
        if expected is not None:
            raise
        faults = error.faults
    saved = None
    if expected is not None:
        saved = keep(who, (record, level), found.scenario, expected=expected, action="rebased")
    told = {
        "from": revision.county_version,
        "to": new.county.version,
        "stale": stale_of(who.at_work.settings, revision.county_version),
        "edits": [dataclasses.asdict(fate) | {"became": list(fate.became)} for fate in found.fates],
        "counts": found.counts,
        "scenario": found.scenario.body(),
        "content_id": found.scenario.content_id,
        "saved": saved,
    }
    return told, faults
