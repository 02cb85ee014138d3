"""Look for as many sites that leave out fewer people: close the one that is missed least, open the best.

Whatever has moved stays as it is for some steps (tabu search: Glover 1989). A walk that finds nothing
for a while begins anew from the best plan with some of its sites replaced (Lourenço, Martin & Stützle
2003). Lots are drawn, always the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.cover.exchange import Bonds, Ledger, Pairs, begin_ledger, pair_up, turn_site
from planning.siting.engine.sites.selection import Quota
from planning.siting.rules import Rules

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
LONGEST_WAIT, SPELL, KICKED = 6, 20, 5
"""Steps that a site waits until it may come back, at least (and up to twice as many, drawn); steps for each site
without a better plan until the walk goes back to the best one; and from there one site in so many is exchanged by
lot."""


class Swaps:
    """Exchanges of opened sites for closed ones, as many as before.

    Parameters
    ----------
    covers : (n, m) bool
    losses : (n,) int64
        What it costs to leave a demand point out.
    rules
        Which sites are kept or barred; other rules are not looked at.
    worthy : (m,) bool
        Sites that may be opened.
    """

    def __init__(self, covers: Bools, losses: Ints, rules: Rules, worthy: Bools) -> None:
        self._by_row, self._by_site, self._losses = pair_up(covers), pair_up(covers.T), losses
        nobody = pair_up(np.zeros((covers.shape[1], 0), np.bool_))
        self._bonds = Bonds(rules.kept, worthy & ~rules.barred, nobody, Quota.of(rules))
        self._gains: Ints = losses @ covers.astype(np.int64)
        self._each = 2 * int(covers.sum()) ** 2 // max(1, covers.size) + sum(covers.shape)  # entries a step
        self._lots = np.ones(1, np.int64)

    def improve(self, opened: Ints, *, work: int) -> Ints:
        """Return the best plan on a walk from `opened` that touches about so many entries; (s,) int64, ascending."""
        ledger = begin_ledger(opened, self._losses, self._gains.copy(), self._bonds, 1)
        best = ledger.inside.copy()
        _search(self._by_row, self._by_site, self._bonds, ledger, max(1, work // self._each), self._lots, best)
        return np.sort(best)


@compiled
def _search(by_row: Pairs, by_site: Pairs, bonds: Bonds, ledger: Ledger, steps: int, lots: Ints, best: Ints) -> None:
    """Open the sites inside, walk, and leave the best plan seen in `best`."""
    sites = len(best)
    wait = max(1, min(LONGEST_WAIT, sites // 3))
    for t in range(sites):
        turn_site(by_row, by_site, bonds, ledger, best[t], 0)
    gained, most, found = 0, 0, 0
    for step in range(1, steps + 1):
        if step - found > SPELL * sites:
            for t in range(sites):
                turn_site(by_row, by_site, bonds, ledger, ledger.inside[t], step)
            for t in range(sites):
                ledger.inside[t] = best[t]
                turn_site(by_row, by_site, bonds, ledger, best[t], step)
            gained, found = most, step
            for _ in range(1 + sites // KICKED):
                j = _draw(lots, len(ledger.opened))
                if bonds.able[j] and not ledger.opened[j]:
                    gained += _swap(by_row, by_site, bonds, ledger, _draw(lots, sites), j, step, step)
        place = _least_missed(bonds, ledger, step)
        if place < 0:
            continue
        later = step + wait + _draw(lots, wait)
        gained += _swap(by_row, by_site, bonds, ledger, place, -1, later, step)
        if gained > most:
            most, found = gained, step
            best[:] = ledger.inside


@compiled
def _swap(
    by_row: Pairs, by_site: Pairs, bonds: Bonds, ledger: Ledger, place: int, entering: int, later: int, step: int
) -> int:
    """Close the site at `place`, open `entering` (or, −1, the best) until `later`, and return what that gains."""
    leaving = ledger.inside[place]
    if bonds.fixed[leaving]:
        return 0
    gained = ledger.score[leaving]
    turn_site(by_row, by_site, bonds, ledger, leaving, later)
    if entering < 0:
        entering = leaving
        for j in range(len(ledger.opened)):
            if ledger.opened[j] or not bonds.able[j] or ledger.since[j] > step:
                continue
            if entering == leaving or ledger.score[j] > ledger.score[entering]:
                entering = j
    gained += ledger.score[entering]
    turn_site(by_row, by_site, bonds, ledger, entering, later)
    ledger.inside[place] = entering
    return int(gained)


@compiled
def _least_missed(bonds: Bonds, ledger: Ledger, step: int) -> int:
    """Return the place of the opened site to close; −1 if none may be."""
    best = -1
    for t in range(len(ledger.inside)):
        j = ledger.inside[t]
        if bonds.fixed[j] or ledger.since[j] > step:
            continue
        if best < 0 or ledger.score[j] > ledger.score[ledger.inside[best]]:
            best = t
    return best


@compiled
def _draw(lots: Ints, count: int) -> int:
    """Return a number from 0 to count − 1."""
    lots[0] = (lots[0] * 1103515245 + 12345) & 0x7FFFFFFF
    return int((lots[0] >> 8) % count)


def warm_swaps() -> None:
    """Compile or load the kernels of this file."""
    everywhere = np.ones(3, dtype=bool)
    Swaps(np.eye(3, dtype=bool), np.ones(3, np.int64), Rules.from_arrays(3), everywhere).improve(np.arange(2), work=20)
