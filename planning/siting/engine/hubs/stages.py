"""From the cheapest proof to the dearest: the tree, the covering program, the whole program, the budget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.cover.choice import Question
from planning.siting.engine.cover.tree import decide_cover
from planning.siting.engine.hubs.case import HubCase
from planning.siting.engine.hubs.cover import fill_up
from planning.siting.engine.hubs.program import finish_program
from planning.siting.engine.hubs.search import UNIT, HubSearch
from planning.siting.limits import Limits
from planning.siting.proof.hub_certificate import HubCertificate
from planning.siting.rules import Rules

SMALL_PAIRS, SMALL_NODES, LARGE_NODES, LARGEST_PROGRAM = 3000, 100, 5, 60_000
"""Pairs of village and hub up to which the tree alone is tried for so many nodes, nodes beyond, and pairs of the
largest program that HiGHS is asked to finish. Not measured anew."""
COUNT_NODES = 500
"""Nodes of the proof that fewer hubs do not reach everyone: a cover, whose nodes are quick."""


@dataclass(frozen=True, eq=False)
class Budget:
    """Money: yuan per m², what opening each site costs beside it, and how much there is (millionths)."""

    yuan_per_m2: int
    fixed: NDArray[np.int64]
    most: int


class Shortage(NamedTuple):
    """Yuan that every plan lacks, and that the cheapest plan found lacks (``None`` if there is none)."""

    least: int
    most: int | None


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was found.

    Parameters
    ----------
    search
        With its plan, if there is one.
    certificate
    by_solver
        Whether the bound, or that nothing exists, rests on HiGHS.
    shortage
        If the budget is what forbids every plan.
    """

    search: HubSearch
    certificate: HubCertificate
    by_solver: bool
    shortage: Shortage | None = None


def solve_hubs(case: HubCase, budget: Budget | None, limits: Limits) -> Outcome:
    """Find the hubs of least area; with a budget, among those it pays for."""
    search = HubSearch(case, limits)
    if budget is not None:
        search.cost, search.most_cost = (budget.yuan_per_m2, budget.fixed), budget.most
    certificate = _grow(search)
    if budget is not None and search.incumbent.plan is None and not search.incumbent.proven:
        answer = _too_dear(search, budget, certificate)
        if answer is not None:
            return answer
    return _finish(search, certificate)


def _too_dear(search: HubSearch, budget: Budget, certificate: HubCertificate) -> Outcome | None:
    """Look for the cheapest plan: take it if the budget pays for it, else prove that none is cheaper."""
    case = replace(search.case, times=budget.yuan_per_m2, fixed=budget.fixed)
    thrift = HubSearch(case, search.limits.quiet(), of_cost=True)
    if search.dearer is not None:
        thrift.update_incumbent(search.dearer.opened, search.dearer.hub_of)
    told = _finish(thrift, _grow(thrift))
    if thrift.incumbent.plan is not None:
        search.update_incumbent(thrift.incumbent.plan.opened, thrift.incumbent.plan.hub_of)
    elif thrift.incumbent.proven:  # whatever the budget
        search.incumbent.bound = search.incumbent.value
        return Outcome(search, certificate, by_solver=True)
    proven = told.certificate.bound
    by_solver = proven <= budget.most
    least = thrift.incumbent.bound * UNIT if by_solver else proven
    if search.incumbent.plan is not None or least <= budget.most:
        return None
    most = None if thrift.incumbent.plan is None else -(-(thrift.incumbent.plan.value - budget.most) // UNIT)
    return Outcome(search, told.certificate, by_solver, Shortage(-(-(least - budget.most) // UNIT), most))


def _grow(search: HubSearch) -> HubCertificate:
    """Grow the tree that needs no solver's word."""
    small = len(search.case.villages) <= SMALL_PAIRS
    search.begin()
    return search.run(nodes=SMALL_NODES if small else LARGE_NODES)


def _finish(search: HubSearch, certificate: HubCertificate) -> Outcome:
    """Let HiGHS finish what the tree left."""
    if search.root is not None and not search.incumbent.proven and not search.limits.reached():
        certificate = _cover(search, certificate)
        if not search.incumbent.proven and not search.limits.reached() and len(search.case.villages) <= LARGEST_PROGRAM:
            finish_program(search, search.root.state, search.limits)
    return Outcome(search, certificate, by_solver=-(-certificate.bound // UNIT) < search.incumbent.bound)


def _cover(search: HubSearch, certificate: HubCertificate) -> HubCertificate:
    """Let HiGHS cover everyone at least fixed area; its bound holds for the areas that follow too."""
    case, limits, root = search.case, search.limits, search.root
    if root is None:
        return certificate
    growth = float(search.growth.sum()) / case.scale
    least = float(search.cover.needs.min())

    def tell_count(told: float) -> None:
        search.believe(growth + np.ceil(told - 1e-6) * least if least > 0 else -np.inf)

    half = Limits(limits.reached, time_limit_s=0.5 * limits.remaining_s)
    fewest, opened = search.cover.fewest(root.state, half, tell=tell_count)
    fewest = max(fewest, root.least)
    search.update_incumbent(None if opened is None else fill_up(case, opened))
    certificate = _prove_count(search, fewest, certificate)
    if search.incumbent.proven or limits.reached():
        return certificate
    # So many hubs at least: often the linear relaxation then says the rest.
    relaxed = search.cover.relax(root.state, fewest, root.most, limits)
    if relaxed is not None:
        search.believe(growth + relaxed.bound)
    if search.incumbent.proven or limits.reached():
        return certificate

    def tell(told: float) -> None:
        search.believe(growth + told)

    answer, opened = search.cover.solve(root.state, (fewest, root.most), limits, spare=0.5 * UNIT, tell=tell)
    search.update_incumbent(opened)
    if answer.proven and answer.values is None:
        search.incumbent.bound = search.incumbent.value
    tell(answer.bound)
    return certificate


def _prove_count(search: HubSearch, fewest: int, certificate: HubCertificate) -> HubCertificate:
    """Prove in exact integers that fewer hubs never reach everyone; the tree then begins with so many."""
    case, limits = search.case, search.limits
    if fewest <= case.least or certificate.bound > (search.incumbent.value - 1) * UNIT or limits.reached():
        return certificate
    fewer = Question(fewest - 1, exactly=False, rules=Rules.from_arrays(case.reach.shape[1]))
    search.fewest = decide_cover(case.reach, fewer, limits=limits, nodes=COUNT_NODES).certificate
    if search.fewest is None:
        return certificate
    return max(certificate, search.run(nodes=LARGE_NODES), key=lambda one: one.bound)
