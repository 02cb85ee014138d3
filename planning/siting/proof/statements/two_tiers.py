"""Two tiers together, said for the checker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.longest import longest_time
from planning.siting.proof.rules_kept import breaks
from planning.siting.proof.statement import (
    Statement,
    names_exactly,
    nearest_faults,
    nearest_seconds,
    person_seconds,
    proven,
    travel_costs,
    travel_faults,
    unserved_faults,
)
from planning.siting.proof.tier_certificate import TierCertificate
from planning.siting.proof.tier_tree import proves
from planning.siting.solution import Reason, Solution, Tier


def state(_problem: SitingProblem, _solution: Solution, upper: SitingProblem | None, *_: object) -> Statement | None:
    """Return the statement of two tiers whose upper one is given, ``None`` where none is.

    The plan's second tier, its allocation and the rules of the upper problem are checked against that problem.
    """
    if upper is None:
        return None

    def plan_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
        yield from travel_faults(problem, solution)
        yield from _upper_faults(upper, solution)

    def objective(problem: SitingProblem, solution: Solution) -> int:
        below = _person_seconds(problem, solution.opened)
        return below + _weight(solution) * _person_seconds(upper, _centres(solution).opened)

    def proves_it(problem: SitingProblem, solution: Solution, certificate: TierCertificate) -> bool:
        if (certificate.sites, certificate.centres) != (solution.options["p"], solution.options["upper_p"]):
            return False
        costs = travel_costs(problem), travel_costs(upper, _weight(solution))
        return proves(*costs, certificate, problem.rules, upper.rules)

    def reason_holds(problem: SitingProblem, solution: Solution, reason: Reason) -> bool:
        if reason.code == "unreachable-demand":
            tier = upper if reason.params["tier"] == "upper" else problem
            cut_off = _cut_off(tier, problem.rules.barred)
            return names_exactly(reason, cut_off)
        certificate = solution.certificate
        if reason.code != "tiers-conflict" or not isinstance(certificate, TierCertificate):
            return False
        # Whatever a plan costs, it is no more than everybody at the farthest site.
        dearest = travel_costs(problem).max(axis=1, initial=0).sum()
        dearest += travel_costs(upper, _weight(solution)).max(axis=1, initial=0).sum()
        return certificate.bound > int(dearest) and proves_it(problem, solution, certificate)

    proofs = {TierCertificate: proven(proves_it)}
    return Statement("two-tiers", "min", "person-seconds", plan_faults, objective, proofs, reason_holds)


def _centres(solution: Solution) -> Tier:
    return solution.second or Tier(np.empty(0, np.int64), np.empty(0, np.int64))


def _weight(solution: Solution) -> int:
    return int(solution.options["upper_weight"])


def _upper_faults(upper: SitingProblem, solution: Solution) -> Iterator[Fault]:
    """Yield faults of the centres; a false second tier is told by the codes of the first."""
    centres = _centres(solution).opened
    count = int(solution.options["upper_p"])
    if len(centres) != count:
        yield Fault("opened-count", field="second", value=str(len(centres)), params={"p": count})
        return
    if not np.isin(centres, solution.opened).all() or (np.diff(centres) <= 0).any():
        yield Fault("centre-without-room", field="second", value=str(centres.tolist()))
        return
    if breaks(upper.rules, centres):
        yield Fault("rules-broken", field="second", value=str(upper.candidate_ids[centres].tolist()))
    yield from nearest_faults(upper, replace(solution, opened=centres, allocation=_centres(solution).allocation))
    yield from unserved_faults(upper, centres)


def _person_seconds(tier: SitingProblem, opened: NDArray[np.int64]) -> int:
    if len(opened) == 0:
        return -1
    return person_seconds(tier, nearest_seconds(tier, opened))


def _cut_off(tier: SitingProblem, barred: NDArray[np.bool_]) -> list[object]:
    within = (tier.values <= longest_time(tier)) & ~(tier.rules.barred | barred)
    ids: list[object] = tier.demand_ids[(tier.weights > 0) & ~within.any(axis=1)].tolist()
    return ids
