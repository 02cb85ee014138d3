"""Other plans that are nearly as good, and how many there are.

A plan stands apart from others if one of its sites lies at least `apart_m` from every site of theirs. The
list is built from the best downwards: each plan is the cheapest that stands apart from the optimum and from
all plans above it together. Hence any two of them differ by such a site, always one of the later plan; the
reverse does not follow (sites of the earlier plan may all have a neighbour in the later one).

Where the objective is a sum, what stands apart is proven by branch and bound over plans O in whole numbers:

    cost ≥ Σ_i u_i + min { Σ_{j∈O} ρ_j : |O| = p, O contains a far site },   ρ_j = Σ_i min(0, c_ij − u_i)

(Cornuéjols, Fisher & Nemhauser 1977), and the same tree without "far" counts the plans within a share of the
optimum: every plan is a leaf of its own. Where the worst person or the number of sites is the objective,
only exchanges are tried, and nothing is claimed beyond what they find.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.compiled import compiled
from gis.faults import Fault, FaultsError
from planning.siting.limits import Limits, Stop, never
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution
from planning.siting.study.why_here import Figures, Ground, Ints, Payments, allowed_swaps, best_exchange, two_nearest

FREE, OPENED, CLOSED = 0, 1, -1
THRESHOLD, FOUND, FOUND_FAR, NODES, HEIGHT = range(5)
ROOT_STEPS, NODE_STEPS, COUNT_STEPS, PATIENCE, DEFLECTION, SLOWER = 80, 20, 8, 8, 0.7, 0.7
DIRECT = 200
WORK_AT_ONCE = 100_000_000
LARGEST = 2**61


@dataclass(frozen=True)
class Alternative(Figures):
    """A plan that stands apart; sites by id.

    Parameters
    ----------
    opened
    far
        Its sites at least `apart_m` from every site of the optimum and of the plans above.
    leaving, entering
        What it closes and opens, compared with the optimum.
    loss
        How much worse than the optimum its objective is.
    proven
        Whether no plan that stands apart likewise is better.
    """

    opened: tuple[Any, ...]
    far: tuple[Any, ...]
    leaving: tuple[Any, ...]
    entering: tuple[Any, ...]
    loss: int
    proven: bool


@dataclass(frozen=True)
class Alternatives(Figures):
    """The best plans that stand apart, and how many plans there are within a share of the optimum.

    Parameters
    ----------
    plans
        In the order found: from the best downwards as far as they are proven.
    complete
        Whether each is proven, and there is none more if they are fewer than asked.
    largest_loss
        What "within" means, in units of the objective.
    within, within_far
        Plans that lose no more, the optimum included, and those of them that stand apart from it.
    counted
        Whether these are all; otherwise there are at least so many.
    """

    plans: tuple[Alternative, ...]
    complete: bool
    largest_loss: int
    within: int
    within_far: int
    counted: bool


def alternatives(
    problem: SitingProblem,
    solution: Solution,
    *,
    positions: ArrayLike,
    count: int = 20,
    apart_m: float = 3000.0,
    within: float = 0.01,
    payments: Payments | None = None,
    nodes: int = 6000,
    stop: Stop = never,
    time_limit_s: float | None = None,
) -> Alternatives:
    """Return the best plans that stand apart from `solution`, and count those nearly as good.

    Parameters
    ----------
    problem, solution
    positions : (m, 2)
        Metres east and north of the candidates.
    count
        Plans wanted.
    apart_m
        How far a site must lie from all others to be a different one.
    within
        Share of the objective that a plan may lose to be counted.
    payments
        What people pay, for a model that ``payments_of`` does not know.
    nodes
        Parts of the plans looked at before "at least" is said: so many for the count, as many for the list;
        each plan of the list may take a quarter of what is left.
    stop, time_limit_s
        See :class:`~planning.siting.limits.Limits`.

    Raises
    ------
    FaultsError
        ``positions-wrong``, ``model-not-studied``.
    """
    places = np.asarray(positions, np.float64)
    if places.shape != (problem.values.shape[1], 2) or not np.isfinite(places).all():
        raise FaultsError(
            [
                Fault(
                    "positions-wrong",
                    field="positions",
                    value=str(places.shape),
                    params={"count": len(problem.rules.status)},
                )
            ]
        )
    ground = Ground.of(problem, solution, payments)
    limits = Limits(stop, time_limit_s=time_limit_s)
    study = _Study(problem, ground, solution.opened, limits, nodes)
    whole = solution.objective if solution.sense == "max" and solution.objective is not None else study.cost
    slack = 0 if solution.model == "lscp" else int(Fraction(str(within)) * whole)
    far = _distances(places, solution.opened) >= apart_m
    inside = study.count(slack, far)
    plans: list[Alternative] = []
    sure = True
    while len(plans) < count and far.any() and not limits.reached():
        opened, proven = study.best_apart(far)
        sure &= proven
        if opened is None:
            break
        loss = study.cost_of(opened) - study.cost
        others = (np.setdiff1d(solution.opened, opened), np.setdiff1d(opened, solution.opened))
        named = [tuple(problem.candidate_ids[sites].tolist()) for sites in (opened, opened[far[opened]], *others)]
        plans.append(Alternative(named[0], named[1], named[2], named[3], loss, proven))
        far &= _distances(places, opened) >= apart_m
    sure &= len(plans) == count or not limits.reached()
    return Alternatives(tuple(plans), sure, slack, *inside)


def _distances(places: NDArray[np.float64], sites: Ints) -> NDArray[np.float64]:
    """(m,) metres to the nearest of the sites."""
    nearest = np.full(len(places), np.inf)
    for x, y in places[sites]:
        nearest = np.minimum(nearest, np.hypot(places[:, 0] - x, places[:, 1] - y))
    return nearest


class Tree(NamedTuple):
    """What the search reads: costs (m, n), grain (n,) of the multipliers, far sites, rules.

    `needs_far`: only plans with a far site are looked for, and only the best of them.
    `figures`: number of sites, one unit of cost, cost that no plan within reach has.
    """

    costs: Ints
    grain: NDArray[np.float64]
    far: NDArray[np.bool_]
    township: Ints
    least: Ints
    most: Ints
    apart: Ints
    needs_far: bool
    figures: tuple[int, int, int]


class Desk(NamedTuple):
    """What the search writes: a stack of parts with multipliers, the tally, the best plan, and scratch paper."""

    states: NDArray[np.int8]
    prices: Ints
    tally: Ints
    best: NDArray[np.int8]
    rho: Ints
    chosen: NDArray[np.bool_]
    liked: NDArray[np.float64]


@compiled
def _price(tree: Tree, u: Ints, state: NDArray[np.int8], rho: Ints) -> int:
    """Write ρ_j = Σ_i min(0, c_ij − u_i) of the sites not closed; return Σ u_i."""
    for j in range(rho.size):
        total = 0
        if state[j] != -1:
            for i in range(u.size):
                total += min(0, tree.costs[j, i] - u[i])
        rho[j] = total
    return int(u.sum())


@compiled
def _choose(tree: Tree, desk: Desk, state: NDArray[np.int8]) -> tuple[int, int, int, int, int]:
    """Mark the cheapest choice; return (price, dearest, next dearest, first left out, far site that must come).

    The last is −1 where the choice has a far site or needs none, −2 where there is none to come.
    """
    rho, chosen = desk.rho, desk.chosen
    chosen[:] = state == 1
    free = np.flatnonzero(state == 0)
    wanted = tree.figures[0] - chosen.sum()
    ranked = free[np.argsort(rho[free], kind="mergesort")]
    chosen[ranked[:wanted]] = True
    must = -1
    if tree.needs_far and not (chosen & tree.far).any():
        left = ranked[wanted:][tree.far[ranked[wanted:]]]
        must = left[0] if left.size else -2
    following = ranked[wanted] if wanted < ranked.size else -1
    return rho[chosen].sum(), ranked[wanted - 1], ranked[wanted - 2], following, must


@compiled
def _value(tree: Tree, desk: Desk, state: NDArray[np.int8], u: Ints) -> int:
    """Return the bound of multipliers; mark the choice behind it."""
    total = _price(tree, u, state, desk.rho)
    price, last, _, _, must = _choose(tree, desk, state)
    if must == -2:
        return tree.figures[2]
    if must >= 0:
        desk.chosen[last], desk.chosen[must] = False, True
        price += desk.rho[must] - desk.rho[last]
    return total + price


@compiled
def _serve(tree: Tree, state: NDArray[np.int8]) -> Ints:
    """Return what everybody pays with the opened sites alone."""
    served = np.full(tree.costs.shape[1], tree.figures[2])
    for j in range(state.size):
        if state[j] == 1:
            served = np.minimum(served, tree.costs[j])
    return served


@compiled
def _climb(tree: Tree, desk: Desk, state: NDArray[np.int8], u: Ints, steps: int) -> int:
    """Raise the bound by a deflected subgradient; leave the best multipliers in `u` and return their bound."""
    threshold, pace, failures, best = desk.tally[0], 1.0 if steps == ROOT_STEPS else 0.3, 0, -LARGEST
    ceiling = _serve(tree, state)
    desk.liked[:] = 0.5 * desk.chosen
    at, direction = np.minimum(u, ceiling), np.zeros(u.size)
    for _ in range(steps):
        value = _value(tree, desk, state, at)
        desk.liked[:] = 0.9 * desk.liked + 0.1 * desk.chosen
        failures += 1
        if value > best:
            best, failures = value, 0
            u[:] = at
        elif failures == PATIENCE:
            pace, failures = pace * SLOWER, 0
        direction = DEFLECTION * direction + 1.0
        for j in np.flatnonzero(desk.chosen):
            direction -= tree.costs[j] < at
        norm = (tree.grain * direction * direction).sum()
        if best > threshold or norm == 0.0:
            break
        length = pace * max(1.02 * threshold - value, 1.0) / norm
        at = np.minimum(ceiling, np.maximum(0, at + np.rint(length * tree.grain * direction).astype(np.int64)))
    return best


@compiled
def _settle(tree: Tree, desk: Desk, state: NDArray[np.int8], u: Ints) -> None:
    """Close and open the sites whose other choice would cost more than the threshold."""
    total = _price(tree, u, state, desk.rho)
    price, last, second, following, must = _choose(tree, desk, state)
    rho, room = desk.rho, desk.tally[0] - total - price
    for j in np.flatnonzero(state == 0):
        if not desk.chosen[j]:
            added = rho[j] - rho[last]
            if must >= 0 and not tree.far[j]:
                added += rho[must] - rho[second]
            if added > room:
                state[j] = -1
        elif must < 0 and following >= 0:
            if rho[following] - rho[j] > room:
                state[j] = 1
        elif must >= 0 and j != last and rho[must] - rho[j] > room:
            state[j] = 1


@compiled
def _obeys(tree: Tree, state: NDArray[np.int8]) -> bool:
    """Close what the rules close beside the opened sites; tell whether a plan may be left."""
    for a in range(len(tree.apart)):
        one, other = tree.apart[a]
        if state[one] == 1 and state[other] == 1:
            return False
        if state[one] == 1:
            state[other] = -1
        elif state[other] == 1:
            state[one] = -1
    for g in range(len(tree.least)):
        inside = tree.township == g
        opened, closed = (inside & (state == 1)).sum(), (inside & (state == -1)).sum()
        if opened > tree.most[g] or inside.sum() - closed < tree.least[g]:
            return False
        if opened == tree.most[g]:
            state[inside & (state == 0)] = -1
    return bool((state == 1).sum() <= tree.figures[0] <= (state >= 0).sum())


@compiled
def _offer(tree: Tree, desk: Desk, state: NDArray[np.int8], cost: int) -> None:
    """Count a whole plan, and keep it if it is the best of those looked for."""
    has_far = (tree.far & (state == 1)).any()
    plan = np.where(state == 1, 1, -1).astype(np.int8)
    if cost > desk.tally[0] or (tree.needs_far and not has_far) or not _obeys(tree, plan):
        return
    desk.tally[1] += 1
    desk.tally[2] += has_far
    if tree.needs_far:
        desk.tally[0] = cost - tree.figures[1]
        desk.best[:] = plan


@compiled
def _finish(tree: Tree, desk: Desk, state: NDArray[np.int8], wanted: int) -> None:
    """Try every way to add up to two sites."""
    served = _serve(tree, state)
    free = np.flatnonzero(state == 0)
    if wanted == 0:
        _offer(tree, desk, state, served.sum())
    saved = np.zeros(free.size, np.int64)
    for a in range(free.size if wanted else 0):
        saved[a] = served.sum() - np.minimum(served, tree.costs[free[a]]).sum()
    for a in range(free.size if wanted else 0):
        state[free[a]] = 1
        cost = served.sum() - saved[a]
        if wanted == 1 and cost <= desk.tally[0]:
            _offer(tree, desk, state, cost)
        near = np.minimum(served, tree.costs[free[a]])
        for b in range(a if wanted == 2 else 0):
            # A second site saves no more than it would alone.
            if cost - saved[b] <= desk.tally[0]:
                both = 0
                for i in range(near.size):
                    both += min(near[i], tree.costs[free[b], i])
                if both <= desk.tally[0]:
                    state[free[b]] = 1
                    _offer(tree, desk, state, both)
                    state[free[b]] = 0
        state[free[a]] = 0


@compiled
def _push(desk: Desk, state: NDArray[np.int8], u: Ints, site: int, choice: int) -> None:
    height = desk.tally[4]
    desk.states[height], desk.prices[height] = state, u
    if site >= 0:
        desk.states[height, site] = choice
    desk.tally[4] += 1


@compiled
def _explore(tree: Tree, desk: Desk, budget: int) -> None:
    """Work off parts from the stack until `budget` parts are done or none is left."""
    while desk.tally[4] > 0 and budget > 0:
        budget -= 1
        desk.tally[3] += 1
        desk.tally[4] -= 1
        state, u = desk.states[desk.tally[4]].copy(), desk.prices[desk.tally[4]].copy()
        if not _obeys(tree, state):
            continue
        wanted = tree.figures[0] - (state == 1).sum()
        if wanted == (state == 0).sum():
            state[state == 0] = 1
            wanted = 0
        if wanted < 2 or (wanted == 2 and (state == 0).sum() <= DIRECT):
            _finish(tree, desk, state, wanted)
            continue
        if _climb(tree, desk, state, u, NODE_STEPS if tree.needs_far else COUNT_STEPS) > desk.tally[0]:
            continue
        _settle(tree, desk, state, u)
        eligible = state == 0
        if tree.needs_far and not (tree.far & (state == 1)).any():
            eligible &= tree.far
        doubtful = np.flatnonzero(eligible)
        if tree.figures[0] - (state == 1).sum() < 2 or doubtful.size == 0:
            _push(desk, state, u, -1, 0)
            continue
        site = doubtful[np.argmin(desk.rho[doubtful])]
        if tree.needs_far and (tree.far & (state == 1)).any():
            site = doubtful[np.argmin(np.abs(desk.liked[doubtful] - 0.5))]
        _push(desk, state, u, site, -1)
        _push(desk, state, u, site, 1)


class _Study:
    """The plans of one question, around one of them."""

    def __init__(self, problem: SitingProblem, ground: Ground, opened: Ints, limits: Limits, nodes: int) -> None:
        self.rules, self.ground, self.opened, self.limits, self.nodes = problem.rules, ground, opened, limits, nodes
        self.cost = self.cost_of(opened)
        self._prices: Ints | None = None
        each = np.ascontiguousarray(ground.paid.each.T, np.int64)
        self._additive = not (ground.paid.worst or ground.paid.everyone)
        self._costs = np.where(each < 0, -1, each * ground.people)

    def cost_of(self, opened: Ints) -> int:
        """Return what everybody pays, whom a site may serve."""
        _, first, _ = two_nearest(self.ground.paid.each, opened)
        served = first >= 0
        paid = first.max(initial=0) if self.ground.paid.worst else first[served] @ self.ground.people[served]
        return int(paid)

    def count(self, slack: int, far: NDArray[np.bool_]) -> tuple[int, int, bool]:
        """Return how many plans lose at most `slack`, how many of them have a far site, and whether that is all."""
        near = self._count_exchanges(slack, far)
        if not self._additive:
            return *near, False
        desk, done = self._search(self.cost + slack, far, needs_far=False)
        found = int(desk.tally[FOUND]), int(desk.tally[FOUND_FAR])
        return (*found, True) if done else (max(found[0], near[0]), max(found[1], near[1]), False)

    def _count_exchanges(self, slack: int, far: NDArray[np.bool_]) -> tuple[int, int]:
        places, cost, *_ = self.ground.exchanges(self.opened)
        good = allowed_swaps(self.rules, self.opened) & (places == 0) & (cost <= self.cost + slack)
        return int(good.sum()) + 1, int(good[:, far].sum())

    def best_apart(self, far: NDArray[np.bool_]) -> tuple[Ints | None, bool]:
        """Return the cheapest plan with a far site, and whether it is proven that nothing (else) is cheaper."""
        plan = self._exchange_for(far)
        if not self._additive:
            return plan, False
        highest = int(np.maximum(self._costs, 0).max(axis=0).sum()) if plan is None else self.cost_of(plan) - 1
        total, self.nodes = self.nodes, -(-self.nodes // 4)
        desk, done = self._search(highest, far, needs_far=True)
        self.nodes = max(1, total - int(desk.tally[NODES]))
        if desk.tally[FOUND]:
            plan = np.flatnonzero(desk.best == OPENED)
        return plan, done

    def _exchange_for(self, far: NDArray[np.bool_]) -> Ints | None:
        """Exchange sites of the optimum, the first for a far one, until nothing gets better."""
        plan, figures = self.opened, None
        while not self.limits.reached():
            table = self.ground.exchanges(plan)
            allowed = allowed_swaps(self.rules, plan)
            others = far[plan].sum() - far[plan]
            allowed &= (others > 0)[:, None] | far
            best = best_exchange(table, allowed)
            if best is None or (figures is not None and tuple(int(part[best]) for part in table) >= figures):
                break
            figures = tuple(int(part[best]) for part in table)
            plan = np.sort(np.append(np.delete(plan, best[0]), best[1]))
        return plan if figures is not None and figures[0] == 0 else None

    def _search(self, threshold: int, far: NDArray[np.bool_], *, needs_far: bool) -> tuple[Desk, bool]:
        """Search the plans that cost at most `threshold`; tell whether all of them were."""
        m, n = self._costs.shape
        most = LARGEST // max(1, n)
        reach = min(threshold, most - 1)
        scale = max(1, min(1024, most // (reach + 2)))
        beyond = (reach + 1) * scale
        costs = np.where((self._costs < 0) | (self._costs > reach), beyond, self._costs * scale)
        people = np.maximum(1.0, self.ground.people)
        rules, p = self.rules, len(self.opened)
        tree = Tree(
            costs, people, far, rules.township, rules.least, rules.most, rules.apart, needs_far, (p, scale, beyond)
        )
        state = np.where(rules.kept, OPENED, np.where(rules.barred, CLOSED, FREE)).astype(np.int8)
        if self._prices is None:
            self._prices = np.sort(self._costs, axis=0)[min(m - 1, m // p)].clip(0)
        u = np.minimum(self._prices * scale, beyond)
        root = _desk(m, n, reach * scale, height=0)
        alive = _obeys(tree, state)
        if alive and p - (state == OPENED).sum() > 1 and (state >= 0).sum() > p:
            alive = _climb(tree, root, state, u, ROOT_STEPS) <= reach * scale
            self._prices = u // scale
            if alive:
                _settle(tree, root, state, u)
        if not alive:
            return root, reach == threshold
        desk, done = self._work(tree, state, u)
        return desk, done and reach == threshold

    def _work(self, tree: Tree, state: NDArray[np.int8], u: Ints) -> tuple[Desk, bool]:
        kept = state != CLOSED
        place = np.cumsum(kept) - 1
        apart = place[tree.apart[kept[tree.apart].all(axis=1)]]
        smaller = tree._replace(costs=tree.costs[kept], far=tree.far[kept], township=tree.township[kept], apart=apart)
        desk = _desk(int(kept.sum()), len(u), (tree.figures[2] - tree.figures[1]), height=int(kept.sum()) + 2)
        _push(desk, state[kept], u, -1, 0)
        step = max(1, WORK_AT_ONCE // (smaller.costs.size * NODE_STEPS + 1))
        while desk.tally[HEIGHT] and desk.tally[NODES] < self.nodes and not self.limits.reached():
            _explore(smaller, desk, min(step, self.nodes - int(desk.tally[NODES])))
        best = np.full(len(state), CLOSED, np.int8)
        best[kept] = desk.best
        return desk._replace(best=best), not desk.tally[HEIGHT]


def _desk(m: int, n: int, threshold: int, *, height: int) -> Desk:
    states, prices = np.zeros((height, m), np.int8), np.zeros((height, n), np.int64)
    tally = np.array([threshold, 0, 0, 0, 0], np.int64)
    return Desk(states, prices, tally, np.zeros(m, np.int8), np.zeros(m, np.int64), np.zeros(m, np.bool_), np.zeros(m))


def warm_alternatives() -> None:
    """Compile the kernels here, or load them from disk, on a case of four sites."""
    times = np.array([[0, 9, 9, 7], [9, 0, 8, 6], [8, 9, 0, 5], [9, 8, 9, 0]])
    problem = SitingProblem.from_arrays(times, np.ones(4))
    opened = np.arange(2)
    plan = Solution("p-median", {"p": 2}, "optimal", "min", "person-seconds", objective=13, opened=opened)
    alternatives(problem, plan, positions=10_000 * np.eye(4)[:, :2], count=1)
