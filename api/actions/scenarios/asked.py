"""A revision of a scenario that is to be computed, on the build that it is pinned to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.actions.open_county import OpenCounty
from api.actions.scenarios.content import question_in, scenario_of
from api.actions.scenarios.form import body_of, plan_body_from
from api.actions.scenarios.visitor import Visitor
from api.runs.asking import county_to_ask
from api.runs.plan_body import PlanBody
from layers.records.run import RevisionKey
from planning.scenario.question import PlanQuestion


@dataclass(frozen=True)
class ScenarioAsked:
    """What a scenario asks.

    Parameters
    ----------
    body
        As ``POST /api/plans`` takes it.
    county_version
        The build that it is about.
    key
        Which revision asks.
    """

    body: PlanBody
    county_version: str
    key: RevisionKey


def scenario_asked(who: Visitor, scenario_id: str, n: int | None, limits: Mapping[str, Any]) -> ScenarioAsked:
    """Return what a revision asks, the one that counts if none is named.

    Parameters
    ----------
    who
    scenario_id
    n
    limits
        Of the search, where they are not the scenario's own.
    """
    record = who.reach(scenario_id)
    revision = who.revision(record, n)
    told = body_of(scenario_of(record.name, revision)).model_dump(mode="json", exclude_unset=True)
    return ScenarioAsked(
        plan_body_from({**told, **limits}), revision.county_version, RevisionKey(record.id, revision.n)
    )


def asked_by(
    who: Visitor, scenario_id: str, n: int | None, limits: Mapping[str, Any]
) -> tuple[OpenCounty, PlanQuestion]:
    """Return the county and the question of a revision, to be computed in this process; else as ``scenario_asked``."""
    found = scenario_asked(who, scenario_id, n, limits)
    at_hand = county_to_ask(who.at_work, found.county_version)
    return at_hand, question_in(at_hand, found.body)
