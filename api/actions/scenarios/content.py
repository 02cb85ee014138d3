"""A scenario between what rests in the records and what the planning floor understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.actions.open_county import OpenCounty
from api.actions.posed import resolved_at
from api.actions.scenarios.form import asked_of, body_of
from api.explain import ApiError
from api.runs.plan_body import PlanBody
from gis.faults import FaultsError
from layers.records.scenario import RevisionEntry, ScenarioContent, ScenarioRevision
from layers.records.scenario import Scenario as Record
from planning.scenario.difference import difference
from planning.scenario.edit_form import edits_from
from planning.scenario.fit import misfits
from planning.scenario.question import PlanQuestion
from planning.scenario.scenario import Scenario


def content_of(scenario: Scenario, *, note: str = "") -> ScenarioContent:
    """Return a scenario as the records keep it."""
    return ScenarioContent(scenario.body(), scenario.content_id, scenario.county_version, note)


def scenario_of(name: str, revision: ScenarioRevision) -> Scenario:
    """Return a revision as the planning floor understands it.

    Raises
    ------
    ApiError
        409 ``scenario-outdated`` if another edition of the program wrote what this one cannot read.
    """
    try:
        body = PlanBody.model_validate(revision.body["question"])
        question, edits = asked_of(body, edits_from(revision.body.get("edits", [])))
    except (ValueError, LookupError, FaultsError) as error:
        raise ApiError(409, "scenario-outdated") from error
    return Scenario(name, revision.county_version, question, edits)


def question_in(at_hand: OpenCounty, body: PlanBody) -> PlanQuestion:
    """Return what a scenario asks in a county, with the defaults of its service."""
    return body.as_question(at_hand.tables.services)


def refuse_unfit(at_hand: OpenCounty, scenario: Scenario) -> None:
    """Refuse a scenario that asks what its model does not answer, or names what its county does not have.

    Raises
    ------
    FaultsError
        With all of it.
    """
    asked = question_in(at_hand, body_of(scenario))
    resolved_at(at_hand, asked, misfits(asked))


def record_view(record: Record, *, level: str, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a scenario as lists show it.

    Parameters
    ----------
    record
    level
        What the caller may do with it.
    names
        What people are called, by account.
    """
    return {
        "id": record.id,
        "name": record.name,
        "owner": record.owner,
        "owner_name": names.get(record.owner or "", ""),
        "level": level,
        "county": {"name": record.county_name, "code": record.county_code, "version": record.county_version},
        "revision": record.head,
        "parent_id": record.parent_id,
        "created_at": record.created_at.isoformat(),
        "changed_at": record.changed_at.isoformat(),
        "archived": record.archived_at is not None,
    }


def entry_view(entry: RevisionEntry, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a revision as the history lists it."""
    return {
        "revision": entry.n,
        "parent": entry.parent,
        "aside": entry.is_aside,
        "content_id": entry.content_id,
        "county_version": entry.county_version,
        "at": entry.at.isoformat(),
        "by": entry.by_id,
        "by_name": names.get(entry.by_id or "", ""),
        "note": entry.note,
    }


def difference_of(before: ScenarioRevision, after: ScenarioRevision) -> dict[str, Any]:
    """Return what differs between two revisions."""
    return difference(scenario_of("", before), scenario_of("", after))
