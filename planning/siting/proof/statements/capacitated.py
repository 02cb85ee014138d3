"""The capacitated p-median, said for the checker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.capacity_tree import CapacityQuestion, proves
from planning.siting.proof.longest import longest_time
from planning.siting.proof.look.choice import NearestPays, Worth
from planning.siting.proof.look.sought import Sought, pay_travel
from planning.siting.proof.statement import Statement, count_faults, names_exactly, proven
from planning.siting.solution import Reason, Solution

if TYPE_CHECKING:
    from planning.siting.proof.look.plans import Look


def _question(problem: SitingProblem, solution: Solution) -> CapacityQuestion:
    loads, room, least = _capacity(problem)
    paid = loads if solution.options["split"] else problem.weights
    needy = _needy(problem)
    costs = np.where(_reach(problem), problem.values.astype(np.int64) * paid[:, None], -1)[needy]
    return CapacityQuestion(costs, loads[needy], room, least, problem.rules)


def _capacity(problem: SitingProblem) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return loads (n,), most and least load (m,): more room than there is load is no more."""
    people, m = problem.weights, problem.values.shape[1]
    if problem.capacity is None:
        return people, np.full(m, people.sum()), np.zeros(m, np.int64)
    loads = problem.capacity.loads
    total = loads.sum()
    return loads, problem.capacity.capacities.clip(max=total), problem.capacity.minimum_loads.clip(max=total + 1)


def _needy(problem: SitingProblem) -> NDArray[np.bool_]:
    return np.asarray((problem.weights > 0) | (_capacity(problem)[0] > 0))


def _reach(problem: SitingProblem) -> NDArray[np.bool_]:
    limit = longest_time(problem)
    return np.asarray(problem.values <= limit)


def _plan_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    yield from count_faults(problem, solution)
    n, m = problem.values.shape
    allocation, shares = solution.allocation, solution.shares
    if allocation.shape != (n,) or (allocation < -1).any() or (allocation >= m).any():
        yield Fault("allocation-shape", field="allocation", value=str(allocation.shape))
        return
    yield from _allocation_faults(problem, solution)
    if not solution.options["split"]:
        if shares is not None:
            yield Fault("shares-wrong", field="shares")
        at = np.flatnonzero(_needy(problem) & (allocation >= 0))
        yield from _load_faults(problem, solution, allocation[at], _capacity(problem)[0][at])
    elif not _well_shared(problem, solution):
        yield Fault("shares-wrong", field="shares")
    elif shares is not None:
        yield from _load_faults(problem, solution, shares[:, 1], shares[:, 2])


def _allocation_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    """Yield a fault for everyone whose site is not opened or out of reach; the nearest where nothing binds."""
    opened, allocation, needy = solution.opened, solution.allocation, _needy(problem)
    reach, nearest = _reach(problem), problem.values[:, opened].min(axis=1)
    somewhere = np.isin(allocation, opened)
    everyone = np.arange(len(allocation))
    if (needy & ~(somewhere & reach[everyone, allocation])).any():
        yield Fault("somebody-unserved", field="opened")
    idle = ~needy | ((_capacity(problem)[0] == 0) & bool(solution.options["split"]))
    near = somewhere & (problem.values[everyone, allocation] == nearest)
    wrong = idle & np.where(nearest < UNREACHABLE, ~near, allocation != -1)
    for i in np.flatnonzero(wrong):
        yield Fault("allocation-not-nearest", field="allocation", value=str(problem.demand_ids[i]))


def _load_faults(
    problem: SitingProblem, solution: Solution, sites: NDArray[np.int64], loads: NDArray[np.int64]
) -> Iterator[Fault]:
    """Yield a fault for each opened site with more or less load than it may have."""
    held = np.zeros(problem.values.shape[1], np.int64)
    np.add.at(held, sites, loads)
    _, room, least = _capacity(problem)
    for j in solution.opened.tolist():
        if not least[j] <= held[j] <= room[j]:
            told = {"load": int(held[j]), "least": int(least[j]), "most": int(room[j])}
            yield Fault("load-out-of-bounds", field="allocation", value=str(problem.candidate_ids[j]), params=told)


def _well_shared(problem: SitingProblem, solution: Solution) -> bool:
    """Whether the shares add up to everyone's load, at opened sites within reach, the largest as allocated."""
    shares, loads = solution.shares, _capacity(problem)[0]
    n, m = problem.values.shape
    if shares is None or shares.ndim != 2 or shares.shape[1] != 3 or shares.dtype.kind != "i":
        return False
    who, site, part = shares.T
    if (shares < 0).any() or (who >= n).any() or (site >= m).any() or (part == 0).any():
        return False
    if not (np.isin(site, solution.opened).all() and _reach(problem)[who, site].all()):
        return False
    table = np.zeros((n, m), np.int64)
    np.add.at(table, (who, site), part)
    loaded = np.flatnonzero(loads)
    largest = table[loaded, solution.allocation[loaded]] == table[loaded].max(axis=1)
    return bool((table.sum(axis=1) == loads).all() and largest.all())


def _objective(problem: SitingProblem, solution: Solution) -> int:
    if solution.options["split"]:
        rows = [] if solution.shares is None else solution.shares.tolist()
        return sum(int(problem.values[i, j]) * load for i, j, load in rows)
    goes = zip(problem.weights.tolist(), solution.allocation.tolist(), strict=True)
    return sum(w * int(problem.values[i, j]) for i, (w, j) in enumerate(goes) if w)


def _proves(problem: SitingProblem, solution: Solution, certificate: CapacityCertificate) -> bool:
    if certificate.sites != solution.options["p"] or (solution.options["split"] and certificate.whole):
        return False
    return proves(_question(problem, solution), certificate)


_BOUND = proven(_proves)


def _reason_holds(problem: SitingProblem, solution: Solution, reason: Reason) -> bool:
    loads, room, _ = _capacity(problem)
    kept, barred, p = problem.rules.kept, problem.rules.barred, solution.options["p"]
    reach = _reach(problem) & ~barred
    if reason.code in {"unreachable-demand", "load-too-large"}:
        cut_off = _needy(problem) & ~reach.any(axis=1)
        if reason.code == "load-too-large":
            cut_off = (loads > np.where(reach, room, 0).max(axis=1)) & (not solution.options["split"])
        ids = problem.demand_ids[cut_off].tolist()
        return names_exactly(reason, ids)
    if reason.code == "capacity-short":
        ranked = [*sorted(room[kept].tolist()), *sorted(room[~kept & ~barred].tolist(), reverse=True)]
        short = int(loads.sum()) - sum(ranked[: max(p, int(kept.sum()))])
        return short > 0 and (reason.params["short"], reason.params["p"]) == (short, p)
    certificate = solution.certificate
    bound = _BOUND(problem, solution, certificate) if reason.code == "rules-contradict" and certificate else None
    return bound is not None and bound > _question(problem, solution).dearest


def _pay_loads(look: Look) -> list[Worth]:
    """Everybody pays the way to the nearest site; where places are divided, every unit of load does."""
    if not look.solution.options.get("split"):
        return pay_travel(look)
    loads = _capacity(look.problem)[0][look.counted]
    return [NearestPays(np.where(look.seconds <= look.longest, loads[:, None] * look.seconds.astype(float), np.inf))]


def state(problem: SitingProblem, solution: Solution, *_: object) -> Statement:
    """Return how claims about this problem are checked: divided plans count load-seconds where load is not people."""
    people = not solution.options.get("split") or bool((_capacity(problem)[0] == problem.weights).all())
    unit = "person-seconds" if people else "load-seconds"
    return Statement(
        "capacitated",
        "min",
        unit,
        _plan_faults,
        _objective,
        {CapacityCertificate: _BOUND},
        _reason_holds,
        sought=Sought(_pay_loads, counted=_needy),
    )
