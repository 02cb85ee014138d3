"""In which year to open and close what: exactly over all subsets, or a good order and what none can beat.

A phase is a set of steps done by the end of a year. What a step costs may be spent once the money of
the years so far allows it (unspent money is carried over), and the worth of a schedule is the sum over
the years of the worth of what is open at the end of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capped.question import CappedQuestion
from planning.siting.engine.capped.search import CappedSearch
from planning.siting.limits import Limits
from planning.siting.rules import Rules

BOUND_NODES = 60
"""Nodes of the bound of each year alone: there are up to fifty of them, and a bound is all that is asked."""
_NEVER = 2**62  # beyond any loss; what is added to it is not looked at


@dataclass(frozen=True, eq=False)
class Steps:
    """What is to be done.

    Parameters
    ----------
    loss : (n, s) int64
        What each demand point loses in a year served from each site: today's, then new ones.
    unserved : (n,) int64
        The same where it has no site.
    stays : (a,) int64
        Positions (in `loss`) of sites that stand from first to last.
    opens, closes : (k,), (l,) int64
        Positions of the sites to open and to close.
    yuan : (k + l,) int64
        What each step costs, openings first.
    reach : (n, s) bool
        Whether a site may serve an inhabited demand point.
    """

    loss: NDArray[np.int64]
    unserved: NDArray[np.int64]
    stays: NDArray[np.int64]
    opens: NDArray[np.int64]
    closes: NDArray[np.int64]
    yuan: NDArray[np.int64]
    reach: NDArray[np.bool_]

    def standing(self, done: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the sites that are open when the steps in `done` (k + l,) are."""
        k = len(self.opens)
        return np.concatenate([self.stays, self.opens[done[:k]], self.closes[~done[k:]]])

    def lost(self, sites: NDArray[np.int64]) -> int:
        """Return what everyone loses in a year with these sites."""
        return int(np.minimum(self.unserved, self.loss[:, sites].min(axis=1, initial=2**62)).sum())

    def robs(self, before: NDArray[np.bool_], after: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(n,) who has a site before a phase and none after it."""
        had = self.reach[:, self.standing(before)].any(axis=1)
        return np.asarray(had & ~self.reach[:, self.standing(after)].any(axis=1))


def best_schedule(steps: Steps, yearly: int, years: int) -> NDArray[np.int64]:
    """Find the schedule with least loss by dynamic programming over all subsets of the steps.

    Returns
    -------
    (k + l,) int64
        Year of each step, from 0.

    Notes
    -----
    All steps together must leave nobody without a site, and be affordable in the last year.
    Within a year what opens opens before anything closes; of equal schedules the one that spends earlier.
    """
    count, k = len(steps.yuan), len(steps.opens)
    subsets = np.arange(1 << count)
    member = (subsets[:, None] >> np.arange(count)) & 1 == 1
    yuan = member @ steps.yuan
    loss = np.array([steps.lost(steps.standing(done)) for done in member], np.int64)
    legal = _legal_closings(steps, member)
    total, early = np.full(len(subsets), _NEVER), np.zeros(len(subsets), np.int64)
    total[0] = 0
    origins: list[NDArray[np.int64]] = []
    for year in range(1, years + 1):
        origin = subsets.copy()
        for bit in range(count):
            to = subsets[member[:, bit]]
            to = to if bit < k else to[legal[bit - k][to ^ (1 << bit)]]
            source = to ^ (1 << bit)
            better = (total[source] < total[to]) | ((total[source] == total[to]) & (early[source] > early[to]))
            to, source = to[better], source[better]
            total[to], early[to], origin[to] = total[source], early[source], origin[source]
        open_to = (yuan <= year * yearly) & (total < _NEVER)
        total, early = np.where(open_to, total + loss, _NEVER), np.where(open_to, early + yuan, 0)
        origins.append(origin)
    when, at = np.zeros(count, np.int64), int(subsets[-1])
    for year in range(years - 1, -1, -1):
        before = int(origins[year][at])
        when[member[at] & ~member[before]] = year
        at = before
    return when


def _legal_closings(steps: Steps, member: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """For each closing, after which subsets of the steps nobody depends on that site."""
    legal = []
    for site in steps.closes:
        row = np.zeros(len(member), bool)
        for s, done in enumerate(member):
            others = np.setdiff1d(steps.standing(done), site)
            row[s] = not (steps.reach[:, site] & ~steps.reach[:, others].any(axis=1)).any()
        legal.append(row)
    return legal


def good_schedule(steps: Steps, yearly: int, years: int, limits: Limits) -> NDArray[np.int64]:
    """Order the openings by what they save per yuan, close last, then move single openings to better places.

    Returns
    -------
    (k + l,) int64
        Year of each step, from 0.
    """
    order = _order_greedily(steps)
    best = _loss_of(steps, order, yearly, years)
    while not limits.reached():
        better = _better_order(steps, order, best, yearly, years, limits)
        if better is None:
            break
        order, best = better
    when = np.full(len(steps.yuan), years - 1, np.int64)
    when[order] = _years_of(steps, order, yearly)
    return when


def _better_order(
    steps: Steps, order: NDArray[np.int64], best: int, yearly: int, years: int, limits: Limits
) -> tuple[NDArray[np.int64], int] | None:
    """Return the first better order in which one opening has another place, and its loss."""
    when = _years_of(steps, order, yearly)
    for place in range(len(order)):
        rest = np.delete(order, place)
        for to in range(len(order)):
            if limits.reached():
                return None
            if when[to] != when[place]:
                trial = np.insert(rest, to, order[place])
                loss = _loss_of(steps, trial, yearly, years)
                if loss < best:
                    return trial, loss
    return None


def _order_greedily(steps: Steps) -> NDArray[np.int64]:
    sites = np.concatenate([steps.stays, steps.closes])
    paid = np.minimum(steps.unserved, steps.loss[:, sites].min(axis=1, initial=2**62))
    left, order = list(range(len(steps.opens))), list[int]()
    while left:
        saved = np.maximum(paid[:, None] - steps.loss[:, steps.opens[left]], 0).sum(axis=0)
        best = left[int(np.argmax(saved / np.maximum(1, steps.yuan[left])))]
        paid = np.minimum(paid, steps.loss[:, steps.opens[best]])
        left.remove(best)
        order.append(best)
    return np.array(order, np.int64)


def _years_of(steps: Steps, order: NDArray[np.int64], yearly: int) -> NDArray[np.int64]:
    """Year of each step of an order, as soon as there is money: ⌈spent / yearly⌉ − 1."""
    spent = np.cumsum(steps.yuan[order])
    return np.maximum(-(-spent // max(1, yearly)), 1) - 1


def _loss_of(steps: Steps, order: NDArray[np.int64], yearly: int, years: int) -> int:
    """Return what is lost over the years if openings follow `order` and what closes closes in the last year."""
    when = _years_of(steps, order, yearly)
    paid = np.minimum(
        steps.unserved, steps.loss[:, np.concatenate([steps.stays, steps.closes])].min(axis=1, initial=2**62)
    )
    total = 0
    for year in range(years):
        new = steps.opens[order[when == year]]
        if len(new):
            paid = np.minimum(paid, steps.loss[:, new].min(axis=1))
        if year < years - 1:
            total += int(paid.sum())
    return total + steps.lost(steps.standing(np.ones(len(steps.yuan), bool)))


def least_loss(steps: Steps, yearly: int, years: int, limits: Limits) -> int:
    """Return a loss that no schedule goes below: every year by itself, with all money so far spent at will."""
    end = steps.lost(steps.standing(np.ones(len(steps.yuan), bool)))
    k, s = len(steps.opens), steps.loss.shape[1]
    sites = np.concatenate([steps.stays, steps.closes, steps.opens])
    status = np.zeros(s + 1, np.int8)
    status[: len(sites) - k] = 1
    status[-1] = 1
    none = np.empty(0, np.int64)
    rules = Rules(status, np.full(s + 1, -1, np.int64), np.empty(0, object), none, none, np.empty((0, 2), np.int64))
    # One more site, "nothing", serves everyone at the loss of having none.
    costs = np.column_stack([steps.loss[:, sites], steps.unserved])
    costs = np.minimum(costs, steps.unserved[:, None])
    yuan = np.concatenate([np.zeros(len(sites) - k, np.int64), steps.yuan[:k], [0]])
    lives = np.flatnonzero(steps.unserved > 0)
    total = end
    for year in range(1, years):
        question = CappedQuestion(
            costs[lives], np.zeros(len(lives), np.int64), np.ones(1, np.int64), 1, rules, None, yuan, year * yearly
        )
        search = CappedSearch(
            question, np.maximum(1, steps.unserved[lives] // max(1, int(steps.unserved.max()) // 1000)), limits
        )
        if not limits.reached():
            search.begin()
            search.run(nodes=BOUND_NODES)
        total += max(search.incumbent.bound, end if not len(steps.closes) else 0)
    return total
