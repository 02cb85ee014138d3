"""Location set covering, said for the checker."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.cover_tree import proves_uncovered
from planning.siting.proof.loaded_cover import least_cost
from planning.siting.proof.loads import load_faults
from planning.siting.proof.longest import longest_time
from planning.siting.proof.look.sought import Sought, pay_uncovered_places
from planning.siting.proof.statement import Demands, Statement, names_exactly, nearest_faults, nearest_seconds
from planning.siting.solution import Reason, Solution

_EVERYONE = Demands(limited=True, every_place=True)


def _limit(problem: SitingProblem, solution: Solution) -> int:
    return longest_time(problem, solution.options["limit_s"])


def _plan_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    if problem.capacity is not None:
        limit_s = solution.options["limit_s"]
        yield from load_faults(problem, solution, limit_s=limit_s, everyone=True, every_place=True)
        return
    yield from nearest_faults(problem, solution)
    if (nearest_seconds(problem, solution.opened) > _limit(problem, solution)).any():
        yield Fault("somebody-uncovered", field="opened")


def _objective(_problem: SitingProblem, solution: Solution) -> int:
    return len(solution.opened)


def _covers(problem: SitingProblem, solution: Solution) -> NDArray[np.bool_]:
    return np.asarray(problem.values <= _limit(problem, solution))


def _counted(problem: SitingProblem, _solution: Solution) -> int:
    return max(_sites_for_all_loads(problem), _sites_of_rules(problem))


def _covered(problem: SitingProblem, solution: Solution, certificate: CoverCertificate) -> int | None:
    holds = not certificate.exactly or problem.rules.plain
    holds = holds and proves_uncovered(_covers(problem, solution), certificate, problem.rules)
    return max(_counted(problem, solution), certificate.sites + 1) if holds else None


def _loaded(problem: SitingProblem, solution: Solution, certificate: CapacityCertificate) -> int | None:
    sites = certificate.sites - 1
    costs, left_out = np.where(_covers(problem, solution), 0, -1), np.ones(len(problem.weights), np.int64)
    lost = least_cost(problem, costs, left_out, certificate, sites=sites)
    holds = lost is not None and lost > 0 and _more_sites_never_hurt(problem, sites)
    return max(_counted(problem, solution), sites + 1) if holds else None


def _sites_for_all_loads(problem: SitingProblem) -> int:
    """Return how many sites it takes to hold every load: those that are kept, and of the others the roomiest."""
    if problem.capacity is None:
        return 1
    capacities, kept, barred = problem.capacity.capacities, problem.rules.kept, problem.rules.barred
    held, count = sum(capacities[kept].tolist()), int(kept.sum())
    room, wanted = sorted(capacities[~kept & ~barred].tolist()), sum(problem.capacity.loads.tolist())
    while held < wanted and room:
        held, count = held + room.pop(), count + 1
    return max(1, count)


def _sites_of_rules(problem: SitingProblem) -> int:
    """Return how many sites the kept ones and the townships ask for."""
    rules = problem.rules
    wanted = [max(int(rules.kept[rules.township == t].sum()), low) for t, low in enumerate(rules.least.tolist())]
    return int(sum(wanted) + rules.kept[rules.township < 0].sum())


def _more_sites_never_hurt(problem: SitingProblem, sites: int) -> bool:
    """Whether any plan of fewer sites can be filled up to so many."""
    rules = problem.rules
    free = problem.capacity is not None and not problem.capacity.minimum_loads.any()
    return free and not len(rules.townships) and not len(rules.apart) and sites <= int((~rules.barred).sum())


def _reason_holds(problem: SitingProblem, solution: Solution, reason: Reason) -> bool:
    if reason.code != "uncovered-demand":
        return False
    covers = _covers(problem, solution) & ~problem.rules.barred
    lonely = problem.demand_ids[~covers.any(axis=1)].tolist()
    return names_exactly(reason, lonely)


def _fewer(solution: Solution) -> tuple[int | None, ...]:
    """Return what would be better: fewer sites than the bound."""
    return (None if solution.bound is None else max(1, solution.bound - 1),)


STATEMENT = Statement(
    "lscp",
    "min",
    "sites",
    _plan_faults,
    _objective,
    {CoverCertificate: _covered, CapacityCertificate: _loaded},
    _reason_holds,
    lambda *_: _EVERYONE,
    trivial=_counted,
    sought=Sought(pay_uncovered_places, _limit, _fewer, lambda problem: np.ones(len(problem.weights), bool)),
)
