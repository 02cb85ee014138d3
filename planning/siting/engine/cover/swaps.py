"""Look for as many sites that leave out fewer people: close the one that is missed least, open the best.

Whatever has moved stays as it is for some steps, how many is drawn by lot, always the same lots (tabu
search: Glover 1989).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.cover.exchange import Bonds, Ledger, Pairs, pair_up, turn_site
from planning.siting.engine.sites.selection import Quota
from planning.siting.rules import Rules

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
LONGEST_WAIT = 8


class Swaps:
    """Exchanges of opened sites for closed ones, as many as before.

    Parameters
    ----------
    covers : (n, m) bool
    losses : (n,) int64
        What it costs to leave a demand point out.
    rules
        Which sites are kept or barred; other rules are not looked at.
    """

    def __init__(self, covers: Bools, losses: Ints, rules: Rules) -> None:
        self._by_row, self._by_site, self._losses = pair_up(covers), pair_up(covers.T), losses
        nobody = pair_up(np.zeros((covers.shape[1], 0), np.bool_))
        self._bonds = Bonds(rules.kept | rules.barred, nobody, nobody, Quota.of(rules))
        self._gains: Ints = losses @ covers.astype(np.int64)
        self._lots = np.ones(1, np.int64)

    def improve(self, opened: Ints, *, steps: int) -> Ints:
        """Return the best plan on a walk of so many steps from `opened`; (s,) int64, ascending."""
        (n, m) = len(self._losses), len(self._gains)
        ledger = Ledger(
            opened=np.zeros(m, np.bool_),
            weights=self._losses,
            times=np.zeros(n, np.int64),
            score=self._gains.copy(),
            since=np.zeros(m, np.int64),
            able=np.ones(m, np.bool_),
            clashes=np.zeros(m, np.int64),
            there=np.zeros(len(self._bonds.quota.least), np.int64),
            left=np.arange(n),
            place=np.arange(n),
            inside=opened.astype(np.int64),
            counts=np.array([n, 1]),
        )
        best = ledger.inside.copy()
        wait = max(1, min(LONGEST_WAIT, len(opened) // 3))
        _swap(self._by_row, self._by_site, self._bonds, ledger, steps, wait, self._lots, best)
        return np.sort(best)


@compiled
def _swap(
    by_row: Pairs, by_site: Pairs, bonds: Bonds, ledger: Ledger, steps: int, wait: int, lots: Ints, best: Ints
) -> None:
    """Open the sites inside, walk, and leave the best plan seen in `best`."""
    for t in range(len(ledger.inside)):
        turn_site(by_row, by_site, bonds, ledger, ledger.inside[t], 0)
    gained, most = 0, 0
    for step in range(1, steps + 1):
        place = -1
        for t in range(len(ledger.inside)):
            j = ledger.inside[t]
            if bonds.fixed[j] or ledger.since[j] > step:
                continue
            if place < 0 or ledger.score[j] > ledger.score[ledger.inside[place]]:
                place = t
        if place < 0:
            continue
        gained += ledger.score[ledger.inside[place]]
        turn_site(by_row, by_site, bonds, ledger, ledger.inside[place], _until(step, wait, lots))
        last = -1
        for j in range(len(ledger.opened)):
            if ledger.opened[j] or bonds.fixed[j] or ledger.since[j] > step:
                continue
            if last < 0 or ledger.score[j] > ledger.score[last]:
                last = j
        if last < 0:
            last = ledger.inside[place]
        gained += ledger.score[last]
        turn_site(by_row, by_site, bonds, ledger, last, _until(step, wait, lots))
        ledger.inside[place] = last
        if gained > most:
            most = gained
            best[:] = ledger.inside


@compiled
def _until(step: int, wait: int, lots: Ints) -> int:
    """Return the step before which a site that moves now stays as it is."""
    lots[0] = (lots[0] * 1103515245 + 12345) & 0x7FFFFFFF
    return int(step + wait + (lots[0] >> 8) % wait)


def warm_swaps() -> None:
    """Compile or load the kernels of this file."""
    Swaps(np.eye(3, dtype=bool), np.ones(3, np.int64), Rules.from_arrays(3)).improve(np.array([0, 1]), steps=2)
