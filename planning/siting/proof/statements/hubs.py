"""Hubs, said for the checker."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.hub_area import MM2_PER_M2, RoomFigures, hub_area_mm2
from planning.siting.proof.hub_certificate import HubCertificate
from planning.siting.proof.hub_tree import HubClaim, proves
from planning.siting.proof.longest import longest_time
from planning.siting.proof.look.sought import Sought, pay_uncovered_places
from planning.siting.proof.statement import (
    SHORTAGES,
    Demands,
    Statement,
    added_yuan,
    any_count_faults,
    closing_yuan,
    names_exactly,
    says_shortage,
)
from planning.siting.solution import Reason, Solution


def state(
    _problem: SitingProblem, _solution: Solution, _upper: SitingProblem | None, children: ArrayLike | None
) -> Statement:
    """Return the statement of hubs where so many children live at each demand point.

    Parameters
    ----------
    children : (n,)
        ``None`` if the plan was made without ages.
    """
    ages = None if children is None else np.asarray(children, np.int64)

    def plan_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
        if bool(solution.options["ages_known"]) != (ages is not None):
            yield Fault("ages-differ", field="children")
        yield from any_count_faults(problem, solution)
        yield from _allocation_faults(problem, solution)
        yield from _budget_faults(problem, solution, ages)

    def objective(problem: SitingProblem, solution: Solution) -> int:
        return -(-_area_mm2(problem, solution, ages) // MM2_PER_M2)

    def proven_bound(problem: SitingProblem, solution: Solution, certificate: HubCertificate) -> int | None:
        if certificate.of_cost:
            return 0
        if not proves(_claim(problem, solution, ages, of_cost=False), certificate):
            return None
        return max(0, -(-int(certificate.bound) // MM2_PER_M2))

    def reason_holds(problem: SitingProblem, solution: Solution, reason: Reason) -> bool:
        return _reason_holds(problem, solution, reason, ages)

    return Statement(
        "hubs",
        "min",
        "m²",
        plan_faults,
        objective,
        {HubCertificate: proven_bound},
        reason_holds,
        lambda *_: Demands(limited=True),
        sought=Sought(pay_uncovered_places, _limit, _fewer),
    )


def _fewer(solution: Solution) -> tuple[int | None, ...]:
    """Fewer hubs mostly need less area."""
    count, claimed = solution.options.get("p"), len(solution.opened)
    return (count,) if count is not None or claimed < 2 else (None, claimed - 1)


def _reason_holds(problem: SitingProblem, solution: Solution, reason: Reason, ages: NDArray[np.int64] | None) -> bool:
    if reason.code == "uncovered-demand":
        cut_off = ~(_within(problem, solution) & ~problem.rules.barred).any(axis=1) & (problem.weights > 0)
        ids = problem.demand_ids[cut_off].tolist()
        return names_exactly(reason, ids)
    certificate = solution.certificate
    if certificate is None or reason.code not in ("hubs-conflict", *SHORTAGES):
        return False
    short = reason.code != "hubs-conflict"
    claim = _claim(problem, solution, ages, of_cost=short)
    if certificate.of_cost != short or not proves(claim, certificate):
        return False
    if short:
        missing = int(certificate.bound) - _money(problem, solution)
        return says_shortage(reason) and bool(reason.params["short"] <= -(-missing // MM2_PER_M2))
    return int(certificate.bound) > _most_mm2(claim)


def _within(problem: SitingProblem, solution: Solution) -> NDArray[np.bool_]:
    return np.asarray(problem.values <= _limit(problem, solution))


def _limit(problem: SitingProblem, solution: Solution) -> int:
    return longest_time(problem, int(solution.options["limit_s"]))


def _figures(solution: Solution) -> list[RoomFigures]:
    options = solution.options
    names = ("base", "person", "child", "least")
    return [tuple(options[f"room_{k}_{name}_mm2"] for name in names) for k in range(options["rooms"])]


def _allocation_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    """Yield faults of who is served where: everyone by one open hub within the limit and its capacity."""
    hub_of = solution.allocation
    if hub_of.shape != problem.weights.shape:
        yield Fault("allocation-shape", field="allocation", value=str(hub_of.shape))
        return
    within = _within(problem, solution)
    somebody = np.flatnonzero(problem.weights > 0)
    for i in somebody.tolist():
        if hub_of[i] not in solution.opened or not within[i, hub_of[i]]:
            yield Fault("somebody-unserved", field="allocation", value=str(problem.demand_ids[i]))
            return
    empty = np.flatnonzero(problem.weights == 0)
    if not np.isin(hub_of[empty], np.append(solution.opened, -1)).all():
        yield Fault("allocation-not-opened", field="allocation")
    if problem.capacity is not None:
        for j in solution.opened.tolist():
            load = sum(problem.capacity.loads[somebody[hub_of[somebody] == j]].tolist())
            if not problem.capacity.minimum_loads[j] <= load <= problem.capacity.capacities[j]:
                yield Fault("load-outside", field="allocation", value=str(problem.candidate_ids[j]))


def _area_mm2(problem: SitingProblem, solution: Solution, ages: NDArray[np.int64] | None) -> int:
    figures, total = _figures(solution), 0
    somebody = problem.weights > 0
    for j in solution.opened.tolist():
        here = somebody & (solution.allocation == j)
        young = 0 if ages is None else sum(ages[here].tolist())
        total += hub_area_mm2(sum(problem.weights[here].tolist()), young, figures)
    return total


def _money(problem: SitingProblem, solution: Solution) -> int:
    """Return the budget less the closing of all that stands, millionths of a yuan."""
    return (int(solution.options["budget_yuan"]) - closing_yuan(problem)) * MM2_PER_M2


def _fixed(problem: SitingProblem) -> list[int]:
    """Return what opening each candidate adds, millionths of a yuan."""
    return [MM2_PER_M2 * yuan for yuan in added_yuan(problem).tolist()]


def _budget_faults(problem: SitingProblem, solution: Solution, ages: NDArray[np.int64] | None) -> Iterator[Fault]:
    if "budget_yuan" not in solution.options or solution.allocation.shape != problem.weights.shape:
        return
    fixed = _fixed(problem)
    cost = int(solution.options["yuan_per_m2"]) * _area_mm2(problem, solution, ages)
    cost += sum(fixed[j] for j in solution.opened.tolist())
    if cost > _money(problem, solution):
        yield Fault("budget-exceeded", field="opened", value=str(-(-cost // MM2_PER_M2)))


def _claim(problem: SitingProblem, solution: Solution, ages: NDArray[np.int64] | None, *, of_cost: bool) -> HubClaim:
    somebody, m = problem.weights > 0, problem.values.shape[1]
    p = solution.options.get("p")
    return HubClaim(
        within=_within(problem, solution)[somebody],
        people=problem.weights[somebody],
        children=np.zeros(int(somebody.sum()), np.int64) if ages is None else ages[somebody],
        figures=_figures(solution),
        times=int(solution.options["yuan_per_m2"]) if of_cost else 1,
        fixed=_fixed(problem) if of_cost else [0] * m,
        least=1 if p is None else p,
        most=m if p is None else p,
        rules=problem.rules,
    )


def _most_mm2(claim: HubClaim) -> int:
    """Return an area that no plan exceeds: all candidates open, and every room growing with everybody."""
    people, children = sum(claim.people.tolist()), sum(claim.children.tolist())
    growth: int = sum(person * people + child * children for _, person, child, _ in claim.figures)
    return int(claim.within.shape[1]) * hub_area_mm2(0, 0, claim.figures) + growth
