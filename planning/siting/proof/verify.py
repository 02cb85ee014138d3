"""Check a plan and its proof, from the matrix up, with code that shares nothing with the solvers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.certificate import Certificate
from planning.siting.solution import Solution

_MODELS = {"p-median": ("min", "person-seconds"), "lscp": ("min", "sites"), "mclp": ("max", "people")}


def verify(problem: SitingProblem, solution: Solution) -> list[Fault]:
    """Return everything that is false about a solution; an empty list means that the claim holds.

    Recomputed in exact integers: that the sites exist and are as many as asked, that everyone is
    allocated to the nearest, the objective, the bound that the certificate proves, and whether status
    and proof say no more than that. ``proof="solver"`` holds if nothing else is wrong: it claims no more
    than the word of the solver.
    """
    if (solution.sense, solution.objective_unit) != _MODELS.get(solution.model):
        return [Fault("unknown-model", field="model", value=solution.model)]
    if solution.status == "infeasible":
        return list(_infeasible_faults(problem, solution))
    faults = [*_opened_faults(problem, solution)]
    if not faults and len(solution.opened):
        faults += [*_allocation_faults(problem, solution), *_objective_faults(problem, solution)]
    return [*faults, *_proof_faults(problem, solution)]


def _opened_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    opened = solution.opened
    if len(opened) == 0:
        if solution.status != "interrupted" or solution.objective is not None:
            yield Fault("opened-missing", field="opened")
        return
    if opened.min() < 0 or opened.max() >= problem.values.shape[1] or (np.diff(opened) <= 0).any():
        yield Fault("opened-not-candidates", field="opened", value=str(opened.tolist()))
    if "p" in solution.options and len(opened) != solution.options["p"]:
        yield Fault("opened-count", field="opened", value=str(len(opened)), params={"p": solution.options["p"]})


def _allocation_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    if solution.allocation.shape != problem.weights.shape:
        yield Fault("allocation-shape", field="allocation", value=str(solution.allocation.shape))
        return
    opened = [int(j) for j in solution.opened]
    for i, j in enumerate(solution.allocation.tolist()):
        least = min(int(problem.values[i, k]) for k in opened)
        served = j in opened and int(problem.values[i, j]) == least
        if not (served if least < UNREACHABLE else j == -1):
            yield Fault("allocation-not-nearest", field="allocation", value=str(problem.demand_ids[i]))


def _objective_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    nearest = problem.values[:, solution.opened].min(axis=1).tolist()
    people = problem.weights.tolist()
    if solution.model == "p-median":
        if any(w > 0 and t >= UNREACHABLE for w, t in zip(people, nearest, strict=True)):
            yield Fault("somebody-unserved", field="opened")
            return
        truth = sum(w * t for w, t in zip(people, nearest, strict=True) if w)
    elif solution.model == "mclp":
        limit_s = solution.options["limit_s"]
        truth = sum(w for w, t in zip(people, nearest, strict=True) if t <= limit_s and t < UNREACHABLE)
    else:
        truth = len(solution.opened)
        if any(t > solution.options["limit_s"] or t >= UNREACHABLE for t in nearest):
            yield Fault("somebody-uncovered", field="opened")
    if solution.objective != truth:
        yield Fault("objective-wrong", field="objective", value=str(solution.objective), params={"truth": truth})


def _proof_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    objective, bound = solution.objective, solution.bound
    if (solution.status == "optimal") != (solution.proof is not None):
        yield Fault("status-without-proof", field="status", value=solution.status)
    if solution.proof is not None and (objective is None or objective != bound):
        yield Fault("bound-not-objective", field="bound", value=str(bound))
    if objective is not None and bound is not None:
        beyond = bound > objective if solution.sense == "min" else bound < objective
        if beyond:
            yield Fault("bound-beyond-objective", field="bound", value=str(bound))
    certificate = solution.certificate
    if certificate is not None and not _certificate_holds(problem, solution, certificate):
        yield Fault("certificate-false", field="certificate")
    if solution.proof == "solver":
        if not solution.solver:
            yield Fault("solver-unnamed", field="solver")
    elif bound is not None:
        yield from _bound_faults(problem, solution, bound)


def _bound_faults(problem: SitingProblem, solution: Solution, bound: int) -> Iterator[Fault]:
    """Without a solver's word the bound must follow from the certificate, or be trivial."""
    certificate = solution.certificate
    total = sum(problem.weights.tolist())
    if solution.model == "mclp":
        proven = total - (certificate.bound if certificate else 0)
        unproven = bound < proven
    else:
        floor = 1 if solution.model == "lscp" else 0
        by_certificate = floor
        if certificate is not None:
            by_certificate = certificate.sites + 1 if solution.model == "lscp" else certificate.bound
        unproven = bound > max(floor, by_certificate)
    if unproven and not (solution.proof is None and solution.solver):
        yield Fault("bound-unproven", field="bound", value=str(bound))


def _infeasible_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    reach = problem.values < UNREACHABLE
    limit_s = solution.options.get("limit_s", UNREACHABLE)
    for code, params in solution.reasons:
        if code == "unreachable-demand" and solution.model == "p-median":
            lonely = problem.demand_ids[~reach.any(axis=1) & (problem.weights > 0)].tolist()
        elif code == "uncovered-demand" and solution.model == "lscp":
            lonely = problem.demand_ids[~(reach & (problem.values <= limit_s)).any(axis=1)].tolist()
        elif code == "too-few-sites" and solution.model == "p-median":
            yield from _too_few_faults(problem, solution)
            continue
        else:
            yield Fault("reason-unknown", field="reasons", value=code)
            continue
        if not lonely or list(params["ids"]) != lonely:
            yield Fault("reason-false", field="reasons", value=code)
    if not solution.reasons:
        yield Fault("reason-missing", field="reasons")
    if len(solution.opened) or solution.objective is not None or solution.proof is None:
        yield Fault("infeasible-with-plan", field="status")


def _too_few_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    certificate, p = solution.certificate, solution.options["p"]
    if solution.proof == "solver":
        return
    inhabited = problem.weights > 0
    missing = (problem.values[inhabited] >= UNREACHABLE).astype(np.int64)
    if certificate is None or certificate.sites < p or certificate.bound < 1:
        yield Fault("reason-unproven", field="reasons", value="too-few-sites")
    elif not proves(missing, certificate.sites, certificate.bound, certificate):
        yield Fault("certificate-false", field="certificate")


def _certificate_holds(problem: SitingProblem, solution: Solution, certificate: Certificate) -> bool:
    """Whether the certificate is true of the costs (negative: not allowed) that this model is about."""
    reach = problem.values < UNREACHABLE
    people = problem.weights[:, None]
    if solution.model == "p-median":
        costs = np.where(reach, problem.values.astype(np.int64) * people, -1)[problem.weights > 0]
        return proves(costs, solution.options["p"], certificate.bound, certificate)
    beyond = (~(reach & (problem.values <= solution.options["limit_s"]))).astype(np.int64)
    if solution.model == "mclp":
        return proves(beyond * people, solution.options["p"], certificate.bound, certificate)
    return proves(beyond, certificate.sites, 1, certificate)


def proves(costs: NDArray[np.int64], sites: int, bound: int, certificate: Certificate) -> bool:
    """Whether the certificate shows that opening `sites` candidates costs at least `bound`.

    Walks the tree in preorder. A node's multipliers u give, for every candidate, the price
    ρ_j = Σ_i min(0, scale·c_ij − u_i); opening a set O costs at least Σ u_i + Σ_{j∈O} ρ_j (times 1/scale).
    """
    if (certificate.sites, certificate.bound) != (sites, bound) or certificate.scale < 1:
        return False
    if certificate.multipliers.shape != (len(certificate.branch), len(costs)) or (certificate.multipliers < 0).any():
        return False
    enough = (bound - 1) * certificate.scale
    pending: list[_Part] = [(frozenset(), frozenset(), True)]
    for u, branch in zip(certificate.multipliers, certificate.branch.tolist(), strict=True):
        if not pending:
            return False
        opened, closed, alive = pending.pop()
        if alive:
            opened, closed, alive = _narrow(
                _prices(costs, u, certificate.scale), u, sites, enough, (opened, closed, True)
            )
        if branch == -2:
            pending.append((opened, closed, alive))
        elif branch >= 0:
            pending.append((opened, closed | {branch}, alive and branch not in opened))
            pending.append((opened | {branch}, closed, alive and branch not in closed))
        elif alive:
            return False
    return not pending


_Part = tuple[frozenset[int], frozenset[int], bool]


def _narrow(rho: list[int], u: NDArray[np.int64], sites: int, enough: int, part: _Part) -> _Part:
    """Return what is left of a part of the plans once those that cost more than `enough` are gone."""
    opened, closed, _ = part
    free = sorted((rho[j], j) for j in range(len(rho)) if j not in opened and j not in closed)
    wanted = sites - len(opened)
    if not 0 <= wanted <= len(free):
        return opened, closed, False
    least = sum(int(v) for v in u) + sum(rho[j] for j in opened) + sum(r for r, _ in free[:wanted])
    if least > enough:
        return opened, closed, False
    if wanted == 0:
        return opened, closed | {j for _, j in free}, True
    if wanted == len(free):
        return opened | {j for _, j in free}, closed, True
    worst_in, best_out = free[wanted - 1][0], free[wanted][0]
    too_dear = {j for r, j in free[wanted:] if least - worst_in + r > enough}
    needed = {j for r, j in free[:wanted] if least - r + best_out > enough}
    return opened | needed, closed | too_dear, True


def _prices(costs: NDArray[np.int64], u: NDArray[np.int64], scale: int) -> list[int]:
    small = int(costs.max(initial=0)) * scale < 2**62 and sum(int(v) for v in u) < 2**62
    exact = costs.astype(np.int64 if small else object)
    excess = np.where(costs < 0, 0, np.minimum(exact * scale - u.astype(exact.dtype)[:, None], 0))
    return [int(price) for price in excess.sum(axis=0)]
