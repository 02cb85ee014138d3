"""Scenarios kept: made, listed, looked at, saved, copied, put away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.actions.scenarios.content import (
    content_of,
    record_view,
    refuse_unfit,
    scenario_of,
)
from api.actions.scenarios.form import CountyForm
from api.actions.scenarios.moved_on import MovedOnError
from api.actions.scenarios.stale import layers_changed, manifest_of, stale_of
from api.actions.scenarios.visitor import Visitor
from api.runs.asking import county_to_ask
from gis.faults import Fault, FaultsError, refuse_together
from layers.records.scenario import Level, NewScenario, ScenarioMovedOnError, ScenarioRevision
from layers.records.scenario import Scenario as Record
from layers.records.scenario_rows import tidy_scenario_name
from planning.scenario.edits import Edit
from planning.scenario.question import PlanQuestion
from planning.scenario.scenario import Scenario

PAGE = 50
CURRENT = CountyForm()


@dataclass(frozen=True)
class Change:
    """What somebody wants to save.

    Parameters
    ----------
    question
        As it was told.
    edits
    note
        Why.
    name
        Another one for the scenario, if not ``None``.
    """

    question: PlanQuestion
    edits: tuple[Edit, ...]
    note: str = ""
    name: str | None = None


def create(
    who: Visitor,
    name: str,
    change: Change,
    *,
    county: CountyForm = CURRENT,
    action: str = "created",
    key: str | None = None,
) -> dict[str, Any]:
    """Keep a scenario, once everything that it names is known to be there.

    Parameters
    ----------
    who
    name
    change
    county
        The build that it is about; the current one if not told.
    action
        For the audit.
    key
        Its id, where the caller has chosen it: what was made under it before is told again.

    Raises
    ------
    FaultsError
        With everything that is wrong; then nothing is kept.
    ConflictError
        If the key belongs to another scenario.
    """
    faults = county_faults(who, county)
    if faults:
        raise FaultsError(faults)
    at_hand = county_to_ask(who.at_work, county.version or None)
    scenario = Scenario(name, at_hand.county.version, change.question, change.edits)
    refuse_together(lambda: tidy_scenario_name(name), lambda: refuse_unfit(at_hand, scenario))
    built = at_hand.county
    content = content_of(scenario, note=change.note)
    new = NewScenario(name, who.viewer.account_id, built.name, built.code, content, key=key)
    record = who.at_work.scenarios.create(new, act=who.act(action))
    return view(who, record, "owner")


def county_faults(who: Visitor, told: CountyForm, *, onto_current: bool = False) -> list[Fault]:
    """Return a fault if another county is meant than the one that is built, or a build that is not stored here.

    Parameters
    ----------
    who
    told
    onto_current
        Whether the current build may stand for one that is not stored.
    """
    built = county_to_ask(who.at_work).county
    here = {"county": f"{built.name} {built.code}", "version": built.version}
    if (told.code or built.code) != built.code or (not told.code and (told.name or built.name) != built.name):
        return [Fault("scenario-foreign-county", field="county", value=f"{told.name} {told.code}".strip(), params=here)]
    if not told.version or onto_current or manifest_of(who.at_work.settings, told.version) is not None:
        return []
    changed = layers_changed({name: {"version": one} for name, one in told.layers.items()}, built.layers)
    layers = ", ".join(name for names in changed.values() for name in names)
    return [Fault("scenario-unknown-build", field="county", value=told.version, params={**here, "layers": layers})]


def listed(
    who: Visitor, *, archived: bool = False, after: tuple[datetime, str] | None = None, limit: int = PAGE
) -> dict[str, Any]:
    """Return the scenarios of the visitor's own and those shared with them, the one changed last first."""
    page = who.at_work.scenarios.visible_to(who.viewer, archived=archived, limit=limit, after=after)
    names = who.names()
    following = None if page.following is None else f"{page.following[0].isoformat()} {page.following[1]}"
    rows = [record_view(record, level=level, names=names) for record, level in page.entries]
    current = {version: stale_of(who.at_work.settings, version) for version in {r["county"]["version"] for r in rows}}
    return {
        "scenarios": [{**row, "stale": current[row["county"]["version"]] is not None} for row in rows],
        "following": following,
    }


def shown(who: Visitor, scenario_id: str) -> dict[str, Any]:
    """Return a scenario with the revision that counts."""
    record, level = who.seen(scenario_id)
    return view(who, record, level)


def view(who: Visitor, record: Record, level: Level, revision: ScenarioRevision | None = None) -> dict[str, Any]:
    """Return a scenario as programs read it: its record, what it asks, and whether its county was built anew."""
    current = revision or who.at_work.revisions.revision(record.id)
    scenario = scenario_of(record.name, current)
    return {
        **record_view(record, level=level, names=who.names()),
        "content_id": current.content_id,
        **scenario.body(),
        "stale": stale_of(who.at_work.settings, record.county_version),
    }


def save(who: Visitor, scenario_id: str, change: Change, *, expected: int, version: str = "") -> dict[str, Any]:
    """Save another content of a scenario, on the build that it is pinned to.

    Parameters
    ----------
    who
    scenario_id
    change
    expected
        Number of the revision that it was made from.
    version
        Of the build that the caller means, "" where it does not say: another one takes a rebase.

    Returns
    -------
    dict
        As ``view``, and ``changed``: whether anything was.

    Raises
    ------
    MovedOnError
        If another revision counts by now; the content is kept beside it.
    FaultsError
        With everything that is wrong; then nothing is kept.
    """
    record, level = who.seen(scenario_id, "edit")
    seen = who.expected(record, expected)
    if version not in ("", seen.county_version):
        pinned = {"pinned": seen.county_version}
        raise FaultsError([Fault("scenario-other-build", field="county", value=version[:80], params=pinned)])
    at_hand = county_to_ask(who.at_work, seen.county_version)
    scenario = Scenario(change.name or record.name, seen.county_version, change.question, change.edits)
    refuse_unfit(at_hand, scenario)
    return keep(who, (record, level), scenario, expected=expected, note=change.note, name=change.name)


def keep(
    who: Visitor,
    seen: tuple[Record, Level],
    scenario: Scenario,
    *,
    expected: int,
    note: str = "",
    name: str | None = None,
    action: str = "saved",
) -> dict[str, Any]:
    """Save a scenario that has been checked; else as ``save``."""
    record, level = seen
    since = who.expected(record, expected)
    content = content_of(scenario, note=note)
    try:
        saved = who.at_work.revisions.save(record.id, content, expected=expected, act=who.act(action), name=name)
    except ScenarioMovedOnError as error:
        raise MovedOnError(error, scenario, since) from error
    return {**view(who, saved.scenario, level, saved.revision), "changed": saved.is_new}
