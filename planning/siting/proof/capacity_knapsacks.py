"""The knapsacks of a certificate about capacities, solved anew: what the best loads of decided sites cost."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

NEVER = 2**60
LARGEST_FIGURE = 2**58
LARGEST_TABLE = 2**22
MOST_RAISED = 2**52

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Knapsacks(NamedTuple):
    """Demand points and decided sites.

    Parameters
    ----------
    costs : (k, p) whole numbers of any size
        What each pays at each site (less his multiplier, once he is in a knapsack).
    pairs : (k, p) bool
        Who may go where.
    loads : (k,) int64
    least, room : (p,) int64
        Between which the load of each site lies.
    """

    costs: NDArray[Any]
    pairs: Bools
    loads: Ints
    least: Ints
    room: Ints

    @property
    def too_large(self) -> bool:
        """Whether the tables would not fit, or not hold the figures."""
        cells = (len(self.loads) + 1) * (int(self.room.max(initial=0)) + 1)
        return cells > LARGEST_TABLE or int(np.abs(self.costs).sum()) > LARGEST_FIGURE


def affordable_pairs(asked: Knapsacks, prices: Ints, cutoff: int) -> Bools:
    """Return the pairs that some plan of no more than `cutoff` may need; all of them where tables would be too large.

    Parameters
    ----------
    asked
        Everyone; who has only one choice is settled, and in no knapsack.
    prices : (n,) int64
        Multipliers u.
    cutoff
    """
    costs, pairs, loads, least, room = asked
    choice, u = pairs.sum(axis=1) > 1, prices.astype(object)
    settled = pairs & ~choice[:, None]
    may, taken = pairs[choice], loads @ settled
    gains = np.where(may, costs[choice] - u[choice, None], 0)
    knapsacks = Knapsacks(
        gains, may, loads[choice], np.maximum(least - taken, 0), np.minimum(room - taken, loads[choice] @ may)
    )
    if knapsacks.too_large:
        return pairs
    cost, raised = raised_costs(knapsacks)
    left = cutoff - sum(costs[settled].tolist()) - sum(u[choice].tolist()) - cost
    affordable = pairs.copy()
    affordable[choice] &= raised <= left
    return np.asarray(affordable & (left >= 0))


def raised_costs(knapsacks: Knapsacks) -> tuple[int, Ints]:
    """Return the least cost of a load for every site, each on its own, and what each pair adds to it at least.

    A pair of i and j costs all sites together what the load of j costs more with i in any case, and those of the
    others without i.

    Returns
    -------
    cost
        ``NEVER`` or about it where a site has no load between its least and its room.
    raised : (k, p) int64
        Never more than ``MOST_RAISED`` by one site.
    """
    inside, without = np.full(knapsacks.costs.shape, NEVER), np.full(knapsacks.costs.shape, NEVER)
    worth = np.zeros(len(knapsacks.room), np.int64)
    for site in range(len(knapsacks.room)):
        worth[site] = _price(knapsacks, site, inside[:, site], without[:, site])
    if (worth >= NEVER // 2).any():
        return NEVER, np.zeros_like(inside)
    sent, kept_out = (np.minimum(costs - worth, MOST_RAISED) for costs in (inside, without))
    return sum(worth.tolist()), np.asarray(sent + kept_out.sum(axis=1, keepdims=True) - kept_out)


def _price(knapsacks: Knapsacks, site: int, inside: Ints, without: Ints) -> int:
    """Return the least cost of a load of one site; fill in (k,) what it is with each, and without him."""
    able = np.flatnonzero(knapsacks.pairs[:, site]).tolist()
    gains, loads = knapsacks.costs[:, site].tolist(), knapsacks.loads.tolist()
    room = int(knapsacks.room[site])
    still = [np.where(np.arange(room + 1) >= knapsacks.least[site], 0, NEVER)]
    """Cost of filling up a load, by those after i; last to first."""
    for i in reversed(able):
        more = still[-1].copy()
        width = max(0, room + 1 - loads[i])
        more[:width] = np.minimum(more[:width], still[-1][room + 1 - width :] + gains[i])
        still.append(more)
    least = int(still[-1][0])
    so_far = np.full(room + 1, NEVER)
    so_far[0] = 0
    """Cost of a load by those before i."""
    without[:] = least
    for i, after in zip(able, reversed(still[:-1]), strict=True):
        width = max(0, room + 1 - loads[i])
        without[i] = (so_far + after).min()
        inside[i] = (so_far[:width] + after[room + 1 - width :]).min(initial=NEVER) + gains[i]
        so_far[room + 1 - width :] = np.minimum(so_far[room + 1 - width :], so_far[:width] + gains[i])
    return least
