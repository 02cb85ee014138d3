"""What is asked about a plan: why here, what one good costs in another, what to build in which year."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Literal, get_args

from api.actions.open_county import OpenCounty
from gis.faults import Fault
from layers.matrices import content_key
from planning.scenario.fit import without_capacity
from planning.scenario.identity import identity_of, same_figures
from planning.scenario.question import PlanQuestion

Kind = Literal["why-here", "frontier", "phasing"]
Curve = Literal["mean-worst", "coverage-number", "coverage-budget"]
CURVES: tuple[Curve, ...] = get_args(Curve)
_EDITION = "4"  # raised when the same question would get another answer


@dataclasses.dataclass(frozen=True)
class StudyRequest:
    """What is asked about a plan.

    Parameters
    ----------
    kind
    plan
        With its defaults.
    count
        Alternatives or points of the curve, at most.
    apart_km, within_percent
        Alternatives: how far a site lies from all others to be a different one; what a plan may lose to count.
    candidate
        Id of a village: why not there?
    curve
        Which two goods the frontier trades.
    yearly_budget_yuan
        What each year brings.
    time_limit_s
        Seconds for the study, besides those for the plan.
    claim_id
        Names the very plan that is studied, where it is not the one proven best; see ``last_plan``.
    """

    kind: Kind
    plan: PlanQuestion
    count: int = 20
    apart_km: float = 3.0
    within_percent: float = 1.0
    candidate: str | None = None
    curve: Curve = "mean-worst"
    yearly_budget_yuan: int | None = None
    time_limit_s: float = 60.0
    claim_id: str | None = None

    def misfits(self) -> list[Fault]:
        """Return what can be refused in any county.

        Returns
        -------
        list of Fault
            ``capacity-missing``, ``study-of-placed``, ``study-without-capacity``, ``option-missing``.
        """
        faults = without_capacity(self.plan)
        if self.plan.sites:  # nothing was chosen, so there is nothing to ask about the choice
            faults.append(Fault("study-of-placed", field="sites"))
        if self.kind == "frontier" and self.plan.conditions.capacity is not None:
            faults.append(Fault("study-without-capacity", field="capacity"))
        if self.kind == "phasing" and self.yearly_budget_yuan is None:
            faults.append(Fault("option-missing", field="yearly_budget_yuan"))
        if self.kind == "frontier" and self.curve == "coverage-budget" and self.plan.conditions.budget_yuan is None:
            faults.append(Fault("option-missing", field="budget_yuan"))
        return faults


def study_id(at_hand: OpenCounty, request: StudyRequest) -> str:
    """Return the name of a study: the same county and question give the same name."""
    whole = {**dataclasses.asdict(request), "plan": identity_of(at_hand.tables, request.plan)}
    question = json.dumps(same_figures(whole), sort_keys=True)
    return content_key("study", _EDITION, at_hand.county.version, question)


def study_question(request: StudyRequest) -> dict[str, Any]:
    """Return the options of a study, as JSON."""
    names = {
        "why-here": ("count", "apart_km", "within_percent", "candidate"),
        "frontier": ("curve", "count"),
        "phasing": ("yearly_budget_yuan",),
    }[request.kind]
    return {name: getattr(request, name) for name in names}
