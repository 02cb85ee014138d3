"""What a model claims, said a second time: for the checker, which shares nothing with the solvers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.cost_matrix import UNREACHABLE
from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.loads import load_faults
from planning.siting.proof.longest import longest_time
from planning.siting.proof.look.sought import USUAL, Sought
from planning.siting.solution import Reason, Sense, Solution

PlanFaults = Callable[[SitingProblem, Solution], Iterable[Fault]]
Bound = Callable[[SitingProblem, Solution, Any], int | None]


class Demands(NamedTuple):
    """Who must be served.

    Parameters
    ----------
    everyone
        Whether all who count must be.
    limited
        Whether only sites within the option ``limit_s`` count.
    every_place
        Whether places where nobody lives count.
    """

    everyone: bool = True
    limited: bool = False
    every_place: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """How the claims of one model are checked.

    Parameters
    ----------
    model, sense, objective_unit
        What a solution must say of itself.
    plan_faults
        Faults of sites and allocation, the rules of the problem excepted (the checker knows those).
    objective
        The true objective of a plan without faults, in exact integers.
    proofs
        The kinds of certificate that may prove a bound, and the bound that each proves; ``None`` when it is false.
    reason_holds
        Whether a reason for "no plan exists" is true and proven without a solver's word.
    demands
        Who must be served in any plan that answers the question, and how near.
    trivial
        The bound that follows from nothing at all.
    of_reasons
        Kinds of certificate that may prove that there is no plan.
    sought
        What a quick look for plans that refute a claim goes by.
    """

    model: str
    sense: Sense
    objective_unit: str
    plan_faults: PlanFaults
    objective: Callable[[SitingProblem, Solution], int]
    proofs: Mapping[type[Any], Bound]
    reason_holds: Callable[[SitingProblem, Solution, Reason], bool]
    demands: Callable[[SitingProblem, Solution], Demands] = lambda _problem, _solution: Demands()
    trivial: Callable[[SitingProblem, Solution], int] = lambda _problem, _solution: 0
    of_reasons: tuple[type[Any], ...] = ()
    sought: Sought = USUAL

    @property
    def counts_people(self) -> bool:
        """Whether the objective is how many people are covered."""
        return self.sense == "max"

    @property
    def carries(self) -> tuple[type[Any], ...]:
        """Kinds of certificate that may prove its claims."""
        return (*self.proofs, *self.of_reasons)

    def proven_bound(self, problem: SitingProblem, solution: Solution) -> int | None:
        """Return the bound that follows from the certificate, if there is one; ``None`` when that is false."""
        certificate = solution.certificate
        if certificate is None:
            return self.trivial(problem, solution)
        proof = self.proofs.get(type(certificate))
        return None if proof is None else proof(problem, solution, certificate)


def proven(holds: Callable[[SitingProblem, Solution, Any], bool]) -> Bound:
    """Return the bound of a certificate as what it proves, where it holds."""
    return lambda problem, solution, certificate: certificate.bound if holds(problem, solution, certificate) else None


def together(*checks: Callable[[SitingProblem, Solution], Iterable[Fault]]) -> PlanFaults:
    """Return all the faults that some checks find, one check after the other."""
    return lambda problem, solution: (fault for check in checks for fault in check(problem, solution))


State = Callable[[SitingProblem, Solution, SitingProblem | None, ArrayLike | None], Statement | None]
"""States what the claims of a model mean that depend on the question: the upper tier, the children of places."""


def demands_of_covering(problem: SitingProblem, _solution: Solution) -> Demands:
    """Return who must be served where people count only within a limit: nobody, unless a longest time says so."""
    everyone = problem.max_time_s is not None
    return Demands(everyone, limited=problem.capacity is not None and not everyone)


SHORTAGES = ("budget-short", "budget-short-least", "budget-short-between")


def says_shortage(reason: Reason) -> bool:
    """Whether a reason says in its form how many yuan are missing: exactly, at least, or between two."""
    told, short = reason.params, reason.params.get("short")
    if reason.code not in SHORTAGES or not isinstance(short, int) or short < 1:
        return False
    if reason.code == "budget-short-least" or "enough" not in told:
        return reason.code != "budget-short-between" and told.keys() == {"short"}
    between = short < told["enough"] if reason.code == "budget-short-between" else short == told["enough"]
    return bool(between) and told.keys() == {"short", "enough"}


def names_exactly(reason: Reason, ids: list[Any]) -> bool:
    """Whether a reason names these places and no others, and says how many they are."""
    return bool(ids) and list(reason.params["ids"]) == ids and reason.params["count"] == len(ids)


def count_faults(_problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    """Yield a fault unless as many sites are opened as asked."""
    p = solution.options["p"]
    if len(solution.opened) != p:
        yield Fault("opened-count", field="opened", value=str(len(solution.opened)), params={"p": p})


def any_count_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    """Yield a fault unless as many sites are opened as asked, if a number was."""
    if "p" in solution.options:
        yield from count_faults(problem, solution)


def nearest_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    """Yield a fault for each demand point that is not allocated to a nearest opened site."""
    if solution.allocation.shape != problem.weights.shape:
        yield Fault("allocation-shape", field="allocation", value=str(solution.allocation.shape))
        return
    least = problem.values[:, solution.opened].min(axis=1)
    for i, j in enumerate(solution.allocation.tolist()):
        served = j in solution.opened and int(problem.values[i, j]) == least[i]
        if not (served if least[i] < UNREACHABLE else j == -1):
            yield Fault("allocation-not-nearest", field="allocation", value=str(problem.demand_ids[i]))


def travel_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    """Yield a fault unless exactly p sites are opened and everyone goes to the nearest."""
    yield from count_faults(problem, solution)
    yield from nearest_faults(problem, solution)
    yield from unserved_faults(problem, solution.opened)


def served_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    """Yield a fault unless everyone goes to the nearest site; where sites have capacities, to one that has room."""
    if problem.capacity is not None:
        yield from load_faults(problem, solution, everyone=True)
        return
    yield from nearest_faults(problem, solution)
    yield from unserved_faults(problem, solution.opened)


def covered_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    """Yield faults of who goes where, where people count only within the option ``limit_s``."""
    if problem.capacity is not None:
        limit_s = None if problem.max_time_s is not None else solution.options["limit_s"]
        yield from load_faults(problem, solution, limit_s=limit_s, everyone=False)
        return
    yield from nearest_faults(problem, solution)
    if problem.max_time_s is not None:
        yield from unserved_faults(problem, solution.opened)


def unserved_faults(problem: SitingProblem, opened: NDArray[np.int64]) -> Iterator[Fault]:
    """Yield a fault if somebody has no site, or one beyond the longest time allowed."""
    if (nearest_seconds(problem, opened)[problem.weights > 0] > longest_time(problem)).any():
        yield Fault("somebody-unserved", field="opened")


def nearest_seconds(problem: SitingProblem, opened: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) seconds to the nearest of the opened sites, ``UNREACHABLE`` where there is none."""
    return np.asarray(problem.values[:, opened].min(axis=1), np.int64)


def served_seconds(problem: SitingProblem, solution: Solution) -> NDArray[np.int64]:
    """(n,) seconds to the nearest of the opened sites; where these have capacities, to the one that serves."""
    if problem.capacity is None:
        return nearest_seconds(problem, solution.opened)
    sent = solution.allocation >= 0
    seconds = np.full(len(problem.weights), UNREACHABLE, np.int64)
    seconds[sent] = problem.values[np.flatnonzero(sent), solution.allocation[sent]]
    return seconds


def person_seconds(problem: SitingProblem, seconds: NDArray[np.int64]) -> int:
    """Return what all people travel together, in Python's own integers."""
    return sum(w * t for w, t in zip(problem.weights.tolist(), seconds.tolist(), strict=True) if w)


def covered_people(problem: SitingProblem, solution: Solution) -> int:
    """Return how many people are served within the option ``limit_s``."""
    seconds = served_seconds(problem, solution).tolist()
    limit = min(solution.options["limit_s"], UNREACHABLE - 1)
    return sum(w for w, t in zip(problem.weights.tolist(), seconds, strict=True) if t <= limit)


def all_people(problem: SitingProblem, _solution: Solution) -> int:
    """Return how many people there are."""
    return sum(problem.weights.tolist())


def covers(problem: SitingProblem, solution: Solution) -> NDArray[np.bool_]:
    """(k, m) whether a site is within the option ``limit_s`` of an inhabited demand point."""
    near = problem.values[problem.weights > 0] <= min(solution.options["limit_s"], UNREACHABLE - 1)
    return np.asarray(near)


def inhabited_seconds(problem: SitingProblem) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """(k, m) seconds from every inhabited demand point, −1 where a site may not serve it; (k,) its people."""
    lived_in = problem.weights > 0
    seconds = problem.values[lived_in]
    seconds[seconds > longest_time(problem)] = -1
    return seconds, problem.weights[lived_in]


def travel_costs(problem: SitingProblem, times: int = 1) -> NDArray[np.int64]:
    """(k, m) person-seconds of every inhabited demand point, so many times; −1 where a site may not serve it."""
    seconds, people = inhabited_seconds(problem)
    return np.where(seconds < 0, -1, seconds * (people * times)[:, None])


def added_yuan(problem: SitingProblem) -> NDArray[np.int64]:
    """(m,) what opening each site adds to the closing of all that stands: what stands saves its own."""
    return np.where(problem.rules.stands, -problem.closing_costs, problem.opening_costs)


def closing_yuan(problem: SitingProblem) -> int:
    """Return what closing all that stands costs."""
    return sum(problem.closing_costs[problem.rules.stands].tolist())
