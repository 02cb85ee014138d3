"""Which plan a sheet shows: that of a run, or of a revision of a scenario."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.actions.check_plan import asked_in
from api.actions.evaluation import LONGEST_S
from api.actions.open_county import OpenCounty
from api.actions.posed import built_at
from api.actions.scenarios.came_to import plan_of_scenario
from api.actions.scenarios.visitor import Visitor
from api.explain import ApiError
from api.runs.asked import Plan
from api.runs.computing import read_plan
from layers.records.run import Run
from planning.scenario.placed import as_placed
from planning.siting.proof.claim import claim_of


@dataclass(frozen=True, eq=False)
class Shown:
    """A plan with what a sheet needs beside it.

    Parameters
    ----------
    at_hand
        The county that it is of, under the tables that it was made by.
    plan
    claim
        Its problem and solution, as a plan file carries them.
    name
        Of the scenario; empty where there is none.
    origin
        The run, or the scenario and its revision.
    """

    at_hand: OpenCounty
    plan: Mapping[str, Any]
    claim: Any
    name: str
    origin: str


def shown_run(who: Visitor, run_id: str) -> Shown:
    """Return the plan of one of the visitor's own runs.

    Raises
    ------
    ApiError
        404 ``unknown-run``; else as :func:`api.runs.computing.read_plan`, and 409 ``sheet-without-sites``.
    """
    run = who.at_work.runs.get(run_id, asked_by=who.actor.account_id)
    if run is None:
        raise ApiError(404, "unknown-run", id=run_id)
    plan = read_plan(who.at_work.files, run)
    return _shown(who, plan, name=scenario_of_run(who, run), origin=run.id[:8])


def shown_scenario(who: Visitor, scenario_id: str, n: int | None) -> Shown:
    """Return the plan that a revision of a scenario came to, the one that counts if none is named.

    Raises
    ------
    ApiError
        404 for a scenario that the visitor may not see, 409 ``scenario-not-computed`` where nobody has computed it yet,
        409 ``sheet-without-sites``.
    """
    found = plan_of_scenario(who, scenario_id, n)
    return _shown(who, found.plan, name=found.record.name, origin=f"{found.record.id[:8]} · {found.key.n}")


def scenario_of_run(who: Visitor, run: Run) -> str:
    """Return the name of the scenario that a run is of, as far as the visitor may still see it."""
    if run.scenario_id is None:
        return ""
    record, level = who.at_work.scenarios.seen(run.scenario_id, who.viewer)
    return "" if record is None or level is None else record.name


def _shown(who: Visitor, plan: Plan, *, name: str, origin: str) -> Shown:
    if not plan.answer["opened"]:
        raise ApiError(409, "sheet-without-sites")
    at_hand = who.at_work.county_of(plan.answer)
    claim = _claim_of_named(at_hand, plan.answer) if plan.claim is None else json.loads(plan.claim)
    return Shown(at_hand, plan.answer, claim, name, origin)


def _claim_of_named(at_hand: OpenCounty, plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return problem and solution of a plan of named sites, which carries none: who goes where is found again."""
    asked = dataclasses.replace(asked_in(plan, at_hand.tables.services), sites=tuple(plan["sites"]))
    built = built_at(at_hand, asked)
    placed = as_placed(built, time_limit_s=min(LONGEST_S, asked.time_limit_s))
    return claim_of(built.problem, placed.solution, **built.sides)
