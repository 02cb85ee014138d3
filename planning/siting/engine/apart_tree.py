"""Branch and bound in compiled kernels over the plans that stand apart, or that are nearly as good.

The bound of a part of the plans is the one of :mod:`planning.siting.study.alternatives`; costs are whole
numbers, and a plan is a leaf of its own, so that leaves can be counted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

Ints = NDArray[np.int64]
FREE, OPENED, CLOSED = 0, 1, -1
THRESHOLD, FOUND, FOUND_FAR, NODES, HEIGHT = range(5)
ROOT_STEPS, NODE_STEPS, COUNT_STEPS, PATIENCE, DEFLECTION, SLOWER = 80, 20, 8, 8, 0.7, 0.7
"""Steps of an ascent: to begin with, below a node that must prove a loss, and below one whose plans are counted, where
most are good and no bound helps. They turn and slow down as groups and tiers do, with less patience."""
DIRECT = 200
"""Of so few free sites all pairs are looked through, 20,000 at most."""
LARGEST = 2**61
"""Beyond any cost: twice as much still fits 64 bits."""


class Tree(NamedTuple):
    """What the search reads: costs (m, n), grain (n,) of the multipliers, far sites, rules.

    `needs_far`: only plans with a far site are looked for, and only the best of them.
    `figures`: number of sites, one unit of cost, cost that no plan within reach has.
    """

    costs: Ints
    step_sizes: NDArray[np.float64]
    far: NDArray[np.bool_]
    township: Ints
    least: Ints
    most: Ints
    apart: Ints
    needs_far: bool
    figures: tuple[int, int, int]


class Workspace(NamedTuple):
    """What the search writes: a stack of parts with multipliers, the tally, the best plan, and scratch paper."""

    states: NDArray[np.int8]
    prices: Ints
    counters: Ints
    best: NDArray[np.int8]
    rho: Ints
    chosen: NDArray[np.bool_]
    primal: NDArray[np.float64]


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
def _choose(tree: Tree, workspace: Workspace, state: NDArray[np.int8]) -> tuple[int, int, int, int, int]:
    """Mark the cheapest choice; return (price, dearest, next dearest, first left out, far site that must come).

    The last is −1 where the choice has a far site or needs none, −2 where there is none to come.
    """
    rho, chosen = workspace.rho, workspace.chosen
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
def _value(tree: Tree, workspace: Workspace, state: NDArray[np.int8], u: Ints) -> int:
    """Return the bound of multipliers; mark the choice behind it."""
    total = _price(tree, u, state, workspace.rho)
    price, last, _, _, must = _choose(tree, workspace, state)
    if must == -2:
        return tree.figures[2]
    if must >= 0:
        workspace.chosen[last], workspace.chosen[must] = False, True
        price += workspace.rho[must] - workspace.rho[last]
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
def climb(tree: Tree, workspace: Workspace, state: NDArray[np.int8], u: Ints, steps: int) -> int:
    """Raise the bound by a deflected subgradient; leave the best multipliers in `u` and return their bound."""
    cutoff, step_scale, failures, best = workspace.counters[0], 1.0 if steps == ROOT_STEPS else 0.3, 0, -LARGEST
    multiplier_limit = _serve(tree, state)
    workspace.primal[:] = 0.5 * workspace.chosen
    at, direction = np.minimum(u, multiplier_limit), np.zeros(u.size)
    for _ in range(steps):
        value = _value(tree, workspace, state, at)
        workspace.primal[:] = 0.9 * workspace.primal + 0.1 * workspace.chosen
        failures += 1
        if value > best:
            best, failures = value, 0
            u[:] = at
        elif failures == PATIENCE:
            step_scale, failures = step_scale * SLOWER, 0
        direction = DEFLECTION * direction + 1.0
        for j in np.flatnonzero(workspace.chosen):
            direction -= tree.costs[j] < at
        norm = (tree.step_sizes * direction * direction).sum()
        if best > cutoff or norm == 0.0:
            break
        length = step_scale * max(1.02 * cutoff - value, 1.0) / norm
        at = np.minimum(
            multiplier_limit, np.maximum(0, at + np.rint(length * tree.step_sizes * direction).astype(np.int64))
        )
    return best


@compiled
def fix(tree: Tree, workspace: Workspace, state: NDArray[np.int8], u: Ints) -> None:
    """Close and open the sites whose other choice would cost more than the threshold."""
    total = _price(tree, u, state, workspace.rho)
    price, last, second, following, must = _choose(tree, workspace, state)
    rho, room = workspace.rho, workspace.counters[0] - total - price
    for j in np.flatnonzero(state == 0):
        if not workspace.chosen[j]:
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
def obeys(tree: Tree, state: NDArray[np.int8]) -> bool:
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
def _update_incumbent(tree: Tree, workspace: Workspace, state: NDArray[np.int8], cost: int) -> None:
    """Count a whole plan, and keep it if it is the best of those looked for."""
    has_far = (tree.far & (state == 1)).any()
    plan = np.where(state == 1, 1, -1).astype(np.int8)
    if cost > workspace.counters[0] or (tree.needs_far and not has_far) or not obeys(tree, plan):
        return
    workspace.counters[1] += 1
    workspace.counters[2] += has_far
    if tree.needs_far:
        workspace.counters[0] = cost - tree.figures[1]
        workspace.best[:] = plan


@compiled
def _finish(tree: Tree, workspace: Workspace, state: NDArray[np.int8], wanted: int) -> None:
    """Try every way to add up to two sites."""
    served = _serve(tree, state)
    free = np.flatnonzero(state == 0)
    if wanted == 0:
        _update_incumbent(tree, workspace, state, served.sum())
    saved = np.zeros(free.size, np.int64)
    for a in range(free.size if wanted else 0):
        saved[a] = served.sum() - np.minimum(served, tree.costs[free[a]]).sum()
    for a in range(free.size if wanted else 0):
        state[free[a]] = 1
        cost = served.sum() - saved[a]
        if wanted == 1 and cost <= workspace.counters[0]:
            _update_incumbent(tree, workspace, state, cost)
        near = np.minimum(served, tree.costs[free[a]])
        for b in range(a if wanted == 2 else 0):
            # A second site saves no more than it would alone.
            if cost - saved[b] <= workspace.counters[0]:
                both = 0
                for i in range(near.size):
                    both += min(near[i], tree.costs[free[b], i])
                if both <= workspace.counters[0]:
                    state[free[b]] = 1
                    _update_incumbent(tree, workspace, state, both)
                    state[free[b]] = 0
        state[free[a]] = 0


@compiled
def push(workspace: Workspace, state: NDArray[np.int8], u: Ints, site: int, choice: int) -> None:
    """Put a part on the stack, with one more site chosen unless `site` is negative."""
    height = workspace.counters[4]
    workspace.states[height], workspace.prices[height] = state, u
    if site >= 0:
        workspace.states[height, site] = choice
    workspace.counters[4] += 1


@compiled
def explore(tree: Tree, workspace: Workspace, budget: int) -> None:
    """Work off parts from the stack until `budget` parts are done or none is left."""
    while workspace.counters[4] > 0 and budget > 0:
        budget -= 1
        workspace.counters[3] += 1
        workspace.counters[4] -= 1
        state, u = workspace.states[workspace.counters[4]].copy(), workspace.prices[workspace.counters[4]].copy()
        if not obeys(tree, state):
            continue
        wanted = tree.figures[0] - (state == 1).sum()
        if wanted == (state == 0).sum():
            state[state == 0] = 1
            wanted = 0
        if wanted < 2 or (wanted == 2 and (state == 0).sum() <= DIRECT):
            _finish(tree, workspace, state, wanted)
            continue
        if climb(tree, workspace, state, u, NODE_STEPS if tree.needs_far else COUNT_STEPS) > workspace.counters[0]:
            continue
        fix(tree, workspace, state, u)
        eligible = state == 0
        if tree.needs_far and not (tree.far & (state == 1)).any():
            eligible &= tree.far
        most_fractional = np.flatnonzero(eligible)
        if tree.figures[0] - (state == 1).sum() < 2 or most_fractional.size == 0:
            push(workspace, state, u, -1, 0)
            continue
        site = most_fractional[np.argmin(workspace.rho[most_fractional])]
        if tree.needs_far and (tree.far & (state == 1)).any():
            site = most_fractional[np.argmin(np.abs(workspace.primal[most_fractional] - 0.5))]
        push(workspace, state, u, site, -1)
        push(workspace, state, u, site, 1)


def new_workspace(m: int, n: int, cutoff: int, *, height: int) -> Workspace:
    """Return an empty stack for `height` parts of m sites and n multipliers."""
    states, prices = np.zeros((height, m), np.int8), np.zeros((height, n), np.int64)
    counters = np.array([cutoff, 0, 0, 0, 0], np.int64)
    return Workspace(
        states, prices, counters, np.zeros(m, np.int8), np.zeros(m, np.int64), np.zeros(m, np.bool_), np.zeros(m)
    )
