"""The plan that a revision of a scenario came to: of the sites that it names, else by its newest finished run."""

from __future__ import annotations

from typing import NamedTuple

from api.actions.evaluation import evaluate
from api.actions.open_county import OpenCounty
from api.actions.scenarios.asked import scenario_asked
from api.actions.scenarios.visitor import Visitor
from api.explain import ApiError
from api.runs.asked import Plan, PlanAsked, plan_asked
from api.runs.asking import county_to_ask
from api.runs.computing import read_plan
from layers.records.run import RevisionKey
from layers.records.scenario import Scenario as Record
from planning.scenario.question import PlanQuestion


class CameTo(NamedTuple):
    """A scenario, the revision that was asked about, and its plan."""

    record: Record
    key: RevisionKey
    plan: Plan


def plan_of_scenario(who: Visitor, scenario_id: str, n: int | None) -> CameTo:
    """Return the plan that a revision of a scenario came to, the one that counts if none is named.

    Parameters
    ----------
    who
    scenario_id
    n

    Raises
    ------
    ApiError
        404 for a scenario that the visitor may not see, 409 ``scenario-not-computed`` where nobody has computed it yet.
    """
    record = who.reach(scenario_id)
    found = scenario_asked(who, scenario_id, n, {})
    at_hand = county_to_ask(who.at_work, found.county_version)
    told = found.body.as_told()
    if told.sites:
        return CameTo(record, found.key, _evaluated(at_hand, told))
    return CameTo(record, found.key, _computed(who, at_hand, plan_asked(found.body, at_hand.tables.services)))


def _evaluated(at_hand: OpenCounty, told: PlanQuestion) -> Plan:
    """Return the plan of the sites that a scenario names, with what is proven of them where a plan has just these."""
    found = evaluate(at_hand, told)
    return Plan({**found["plan"], **(found["answered"] or {})}, None)


def _computed(who: Visitor, at_hand: OpenCounty, asked: PlanAsked) -> Plan:
    """Return the plan that a question came to, by whichever run of it is still there."""
    files = who.at_work.files
    for run in who.at_work.runs.answered(asked.question(at_hand)):
        if None not in (files.read(run.result_sha), files.read(run.claim_sha)):
            return read_plan(files, run)
    made = asked.kept(at_hand)
    if made is None or made.claim is None:
        raise ApiError(409, "scenario-not-computed")
    return Plan(made.answer, made.claim)
