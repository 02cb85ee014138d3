"""From the cheapest proof to the dearest: the tree, the covering program, the whole program, the budget."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.hub_case import HubCase
from planning.siting.engine.hub_cover import fill_up
from planning.siting.engine.hub_program import settle_program
from planning.siting.engine.hub_search import UNIT, HubSearch
from planning.siting.limits import Limits
from planning.siting.proof.hub_certificate import HubCertificate

SMALL_PAIRS, SMALL_NODES, LARGE_NODES, LARGEST_PROGRAM = 3000, 100, 5, 60_000


@dataclass(frozen=True, eq=False)
class Budget:
    """Money: yuan per m², what opening each site costs beside it, and how much there is (millionths)."""

    yuan_per_m2: int
    fixed: NDArray[np.int64]
    most: int


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
    short
        Yuan missing, if the budget is what forbids every plan.
    """

    search: HubSearch
    certificate: HubCertificate
    by_solver: bool
    short: int | None = None


def solve_hubs(case: HubCase, budget: Budget | None, limits: Limits) -> Outcome:
    """Find the hubs of least area; with a budget, among those it pays for."""
    search = HubSearch(case, limits)
    if budget is not None:
        search.cost, search.most_cost = (budget.yuan_per_m2, budget.fixed), budget.most
    outcome = _settle(search)
    if budget is None or search.plan is not None or search.dearer is None:
        return outcome
    cheapest = replace(case, times=budget.yuan_per_m2, fixed=budget.fixed)
    thrift = HubSearch(cheapest, Limits(limits.reached), of_cost=True)
    thrift.offer(search.dearer.opened, search.dearer.hub_of)
    told = _settle(thrift)
    least = max(thrift.bound * UNIT, told.certificate.bound)
    if least > budget.most:
        short = -(-(least - budget.most) // UNIT)
        by_solver = told.by_solver and told.certificate.bound <= budget.most
        return replace(told, search=search, by_solver=by_solver, short=short)
    if thrift.plan is not None:
        search.offer(thrift.plan.opened, thrift.plan.hub_of)
    return outcome


def _settle(search: HubSearch) -> Outcome:
    """Go from stage to stage until the best plan is proven or a limit is reached."""
    case, limits = search.case, search.limits
    node = search.begin()
    certificate = search.run(node, nodes=SMALL_NODES if len(case.villages) <= SMALL_PAIRS else LARGE_NODES)
    if search.root is None or search.done or limits.reached():
        return Outcome(search, certificate, by_solver=False)
    _cover(search)
    if not search.done and not limits.reached() and len(case.villages) <= LARGEST_PROGRAM:
        settle_program(search, search.root.state, limits)
    by_solver = -(-certificate.bound // UNIT) < search.bound
    return Outcome(search, certificate, by_solver=by_solver)


def _cover(search: HubSearch) -> None:
    """Let HiGHS cover everyone at least fixed area; its bound holds for the areas that follow too."""
    case, limits, root = search.case, search.limits, search.root
    if root is None:
        return
    growth = float(search.growth.sum()) / case.scale
    least = float(search.cover.needs.min())

    def tell_count(told: float) -> None:
        search.raise_bound(growth + np.ceil(told - 1e-6) * least if least > 0 else -np.inf)

    half = Limits(limits.reached, time_limit_s=0.5 * limits.remaining_s)
    fewest, opened = search.cover.fewest(root.state, half, tell=tell_count)
    fewest = max(fewest, root.least)
    search.offer(None if opened is None else fill_up(case, opened))
    if search.done or limits.reached():
        return
    # So many hubs at least: often the linear relaxation then says the rest.
    relaxed = search.cover.relax(root.state, fewest, root.most, limits)
    if relaxed is not None:
        search.raise_bound(growth + relaxed.bound)
    if search.done or limits.reached():
        return

    def tell(told: float) -> None:
        search.raise_bound(growth + told)

    answer, opened = search.cover.solve(root.state, (fewest, root.most), limits, spare=0.5 * UNIT, tell=tell)
    search.offer(opened)
    if answer.proven and answer.values is None:
        search.bound = search.best
    tell(answer.bound)
