"""Siting under capacities: branch and bound on the Lagrangian dual, whose tree is the proof.

While sites are open to doubt a node climbs the dual and fixes sites by their prices; once they are
decided, the division of the loads is a small transport problem, and whoever is divided is branched on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import comb

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capacity.assignment import AssignmentSearch
from planning.siting.engine.capacity.case import CapacityCase
from planning.siting.engine.capacity.dual import STEP_RULE, Dual, climb, find_lambdas, price_whole
from planning.siting.engine.capacity.few_a_site import close_case, few_of_case
from planning.siting.engine.capacity.knapsack import Instance
from planning.siting.engine.capacity.parts import Best, Decided, Open, Plan, Prices
from planning.siting.engine.capacity.record import Row, write_tree
from planning.siting.engine.capacity.sites import DecidedSites
from planning.siting.engine.sites.selection import fix_sites
from planning.siting.engine.subgradient import BEST, begin_ascent
from planning.siting.engine.tree import Tree, Visit
from planning.siting.limits import Limits
from planning.siting.proof.capacity_certificate import LEAF, ONWARD, CapacityCertificate
from planning.siting.proof.certificate import CLOSED, FREE, OPENED

ROOT_STEPS, NODE_STEPS, STEPS_A_CALL = 600, 40, 20
"""Steps of the ascent at the root, whose multipliers all nodes begin from, and at a node; the aim is set anew, and the
limits are looked at, between calls of so many."""
NODE_STEP_SCALE = 1.5
"""Of the step that the gap asks for, at a node: its multipliers begin at its parent's, and it has few steps. Not
measured anew."""
REPEAT = 0.75
"""A climb is repeated where it leaves at most so many of the free sites."""
HOPE, LEAST_HOPE, FADING = 0.4, 0.03, 0.85
"""The climb aims so far above its own bound, less from call to call, or at the best plan if that is nearer."""
EXCHANGES = 6
"""So many exchanges a site are tried on a plan, the most promising first."""
FEW = 12
"""So few sets of sites are looked at one by one."""
FEW_A_SITE, NODES_OF_FEW, NODES = 5, 1_000, 15_000
"""After so many nodes, some seconds, the tree waits for what HiGHS says. Where few demand points fill a site,
fractional knapsacks say little and the tree seldom ends, so that it waits sooner."""
CELLS_A_CALL = 2**22
"""Cells of the matrix that one compiled call may visit, so that a cancel is heard in time."""


class CapacitySearch:
    """The best plan so far and the tree that proves a bound.

    Parameters
    ----------
    case
    limits
    below
        Only plans that cost less are looked for.
    on_plan
        Told every plan that comes along.
    """

    def __init__(
        self,
        case: CapacityCase,
        limits: Limits,
        *,
        below: int | None = None,
        on_plan: Callable[[Plan], None] | None = None,
    ) -> None:
        self.case, self.limits = case, limits
        self.best = Best(case.dearest + 1 if below is None else min(below, case.dearest + 1), limits, on_plan)
        self.on_its_word = 0
        """What no plan costs less than, as HiGHS says."""
        self._tree: Tree[Open | Decided, Row] | None = None
        self._trunk: list[Row] = []
        self._root: list[Row] = []
        self._tried: set[bytes] = set()
        self._assignment = AssignmentSearch(case, self.best, limits)
        self._instance = Instance.of(case)

    def run(self, *, on_its_word: bool = False) -> None:
        """Search until nothing better is left or a limit is reached.

        Parameters
        ----------
        on_its_word
            Whether HiGHS may finish where sites take few and the tree does not come to its end soon.
        """
        state = self.case.begin()
        root = Open(np.zeros(0, np.int8) if state is None else state, self.case.first_prices(), at_root=True)
        self._tree = Tree(self, root, self.best)
        few = few_of_case(self.case) if on_its_word else None
        sooner = len(self.case.loads) <= FEW_A_SITE * self.case.sites
        nodes = sys.maxsize if few is None else NODES_OF_FEW if sooner else NODES
        if not self._tree.grow(nodes) and few is not None:
            self.on_its_word = close_case(few, self.case, self.best, self.limits)
            if self.best.plan is None or self.on_its_word < self.best.value:  # that there is no plan is not its to say
                self._tree.grow(sys.maxsize)

    def certificate(self) -> CapacityCertificate | None:
        """Return the proof of `bound`: the tree, or only its root where that is enough or a limit was reached.

        ``None`` where there is nothing to prove: no plan costs less than nothing.
        """
        bound = self.best.bound
        if bound == 0 or self._tree is None:
            return None
        return write_tree(self.case, self._root if self._tree.pending else list(self._tree.preorder()), bound)

    @property
    def _cutoff(self) -> int:
        return (self.best.value - 1) * self.case.scale

    def visit(self, part: Open | Decided) -> Visit[Open | Decided, Row]:
        """Climb while sites are in doubt, fix what follows and branch; then send people to the sites."""
        if isinstance(part, Decided):
            if part.fresh and self.case.whole:
                self._assignment.look_ahead(part)
            return self._assignment.visit(part)
        state = self.case.hold(part.state) if len(part.state) else None
        if state is None:
            return Visit(Row(LEAF))
        if self.case.decided(state):
            sites = DecidedSites(self.case, np.flatnonzero(state == OPENED))
            return self.visit(Decided(sites, sites.everyone, np.zeros(self.case.sites), fresh=True, bound=part.bound))
        free = int((state == FREE).sum())
        few = comb(free, self.case.sites - int((state == OPENED).sum())) <= FEW
        prices, climbed, primal = part.prices, part.climbed, None
        if prices is None or not few:
            prices, climbed, primal = self._climb(part._replace(state=state))
        fixed = self.case.fix(state, prices.rho, self._cutoff - prices.total)
        if fixed is None:
            return Visit(Row(LEAF, prices))
        left, bound = fixed[1], self.best.bound
        child = part._replace(state=left, climbed=climbed, prices=prices, bound=bound)
        if self.case.decided(left):
            onward: Open | Decided = self._decide(prices, left)._replace(bound=bound)
        elif (primal is not None and (left == FREE).sum() <= REPEAT * free) or not (left == FREE).any():
            onward = child
        else:
            return self._branch_on_site(child._replace(at_root=False), prices, primal)
        self._trunk += [Row(ONWARD, prices)] if part.at_root else []
        return Visit(Row(ONWARD, prices), [onward])

    def _branch_on_site(
        self, part: Open, prices: Prices, primal: NDArray[np.float64] | None
    ) -> Visit[Open | Decided, Row]:
        free = np.flatnonzero(part.state == FREE)
        best = np.argmin(prices.rho[free]) if primal is None else np.argmax(primal[free])
        site = int(free[best])
        inside, without = part.state.copy(), part.state.copy()
        inside[site], without[site] = OPENED, CLOSED
        spread = self.case.spread(inside)
        nothing = np.zeros(0, np.int8)
        children = [part._replace(state=nothing if spread is None else spread), part._replace(state=without)]
        return Visit(Row(site, prices), children)

    def _climb(self, part: Open) -> tuple[Prices, NDArray[np.float64], NDArray[np.float64]]:
        """Climb the dual of a part, trying the sites that it suggests on the way."""
        state, begin, root = part.state, part.climbed, part.prices is None
        n, m = self.case.costs.shape
        dual, ascent = Dual.of(self._instance, state), begin_ascent(begin, m, 1.0 if root else NODE_STEP_SCALE)
        left, step = ROOT_STEPS if root else NODE_STEPS, max(1, min(STEPS_A_CALL, CELLS_A_CALL // (n * m + 1)))
        going, hope, excess = True, float(begin.sum()), HOPE if root else LEAST_HOPE
        while going and left > 0 and not self.best.proven and not self.limits.reached():
            reached = ascent.progress[BEST]
            hope = reached * (1 + max(LEAST_HOPE, excess)) if reached > 0 else hope
            excess *= FADING
            upper = float(self.best.value)
            going = climb(dual, ascent, upper - 1, min(upper, hope), 1.0, step, STEP_RULE)
            left -= step
            self._try(np.flatnonzero(ascent.chosen))
        prices = self._price(part, ascent.best_at)
        if root:
            self._exchange(prices.rho)
        return prices, ascent.best_at, ascent.primal

    def _exchange(self, rho: NDArray[np.int64]) -> None:
        """Improve the best plan by exchanges of one site, the most promising by their prices first."""
        case, begin = self.case, None
        while self.best.plan is not None and begin != self.best.plan.cost and not self.best.proven:
            begin, opened = self.best.plan.cost, self.best.plan.opened
            others = np.setdiff1d(np.arange(len(rho)), opened)
            worth = rho[others] - rho[opened][:, None]
            for k in np.argsort(worth, axis=None, kind="stable")[: EXCHANGES * case.sites].tolist():
                out, into = divmod(k, len(others))
                self._try(np.sort(np.append(np.delete(opened, out), others[into])))
                if self.best.plan.cost != begin or self.limits.reached():
                    break

    def _price(self, part: Open, climbed: NDArray[np.float64]) -> Prices:
        """Round the multipliers of a climb, and see what they prove before any branching."""
        case = self.case
        most, largest_lambda = 2**59 // max(1, len(climbed)), 2**59 // max(1, case.total)
        whole = np.rint(climbed * case.scale).clip(-most, most).astype(np.int64)
        found = find_lambdas(self._instance, part.state, climbed) * case.scale
        lambdas = np.rint(found).clip(-largest_lambda, largest_lambda).astype(np.int64)
        held = np.where(lambdas > 0, case.room, case.least)
        rho = price_whole(case.costs, case.pairs, case.loads, held, case.scale, whole, lambdas)
        prices = Prices(whole, lambdas, rho)
        if part.at_root:
            added, _ = fix_sites(rho, part.state, case.sites, case.quota, 2**62)
            least = 0 if added is None else -(-(prices.total + added) // case.scale)
            if least > self.best.bound:
                self._root = [*self._trunk, Row(LEAF, prices)]
                self.best.raise_bound(least)
        return prices

    def _try(self, opened: NDArray[np.int64]) -> None:
        """See what a set of sites costs, unless it was seen before."""
        if len(opened) != self.case.sites or opened.tobytes() in self._tried or self.case.rules.broken_by(opened):
            return
        self._tried.add(opened.tobytes())
        sites = DecidedSites(self.case, opened)
        pairs = sites.fit(sites.everyone)
        if pairs is not None:
            self._assignment.judge(Decided(sites, pairs, np.zeros(self.case.sites)))

    def _decide(self, prices: Prices, state: NDArray[np.int8]) -> Decided:
        """Leave the doubt about sites behind."""
        case, opened = self.case, np.flatnonzero(state == OPENED)
        sites = DecidedSites(case, opened)
        pairs, lambdas = sites.everyone, prices.lambdas[opened]
        if case.whole:
            least = prices.total + sum(prices.rho[opened].tolist())
            raised = case.costs[:, opened] * case.scale + lambdas * case.loads[:, None]
            raised -= prices.multipliers[:, None]
            pairs = pairs & (raised <= max(0, self._cutoff - least))
        return Decided(sites, pairs, lambdas / case.scale, fresh=True)
