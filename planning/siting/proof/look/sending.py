"""Who goes to which of some sites with room, quickly: who loses most first, then moves and swaps while they help."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ROUNDS = 6
"""Rounds of moves and swaps at most; one that helps nobody ends them, in 48 of seeded counties by the sixth."""


def send(
    pay: Floats, loads: Ints, room: Ints, least: Ints, *, unserved: Floats | None, rounds: int = ROUNDS
) -> Ints | None:
    """Return the position (n,) of everyone's site, −1 for nobody's; ``None`` where somebody finds no room.

    Parameters
    ----------
    pay : (n, k) float64
        ``inf`` where a site may not serve.
    loads : (n,) int64
    room, least : (k,) int64
        Most and least load of each site.
    unserved : (n,) float64 or None
        What whoever goes nowhere pays; ``None`` where everybody has to go somewhere.
    rounds
        Rounds of moves and swaps at most; none where any plan will do.
    """
    if 0 in pay.shape:
        return None if pay.shape[1] == 0 or (least > 0).any() else np.zeros(0, np.int64)
    sending = _Sending(pay, loads, room, least)
    for order in (sending.who_loses_most(), np.argsort(-loads, kind="stable")):
        sending.begin(order)
        if unserved is not None or (sending.goes >= 0).all():
            break
    if unserved is None and not sending.make_room():
        return None
    sending.lift()
    if (sending.held < least).any():
        return None
    for _ in range(rounds):
        if not sending.improve():
            break
    return sending.goes


@dataclass(eq=False)
class _Sending:
    """Who goes where so far; parameters as in :func:`send`."""

    pay: Floats
    loads: Ints
    room: Ints
    least: Ints
    held: Ints = field(init=False)
    goes: Ints = field(init=False)

    def who_loses_most(self) -> Ints:
        """(n,) everyone, those first who pay most more at their second site; of equals the largest load."""
        ranked = np.sort(np.column_stack([self.pay, np.full(len(self.pay), np.inf)]), axis=1)
        loses = np.where(np.isfinite(ranked[:, 1]), ranked[:, 1], np.inf) - np.where(
            np.isfinite(ranked[:, 0]), ranked[:, 0], 0.0
        )
        return np.lexsort((-self.loads, -loses))

    def begin(self, order: Ints) -> None:
        """Send one after the other to the cheapest site with room."""
        self.held, self.goes = np.zeros(len(self.room), np.int64), np.full(len(self.loads), -1, np.int64)
        for i in order.tolist():
            site = self._cheapest(i)
            if site >= 0:
                self._go(i, site)

    def make_room(self) -> bool:
        """Send everyone who found no room to a site that somebody leaves for another; whether all found one."""
        pay, loads, room = self.pay, self.loads, self.room
        for i in np.flatnonzero(self.goes < 0).tolist():
            others = np.flatnonzero(self.goes >= 0)
            there = self.goes[others]
            left = self.held[there] - loads[others] + loads[i] <= room[there]
            fits = left[:, None] & (self.held + loads[others][:, None] <= room)
            fits &= np.arange(len(room)) != there[:, None]
            extra = np.where(fits, pay[others] + pay[i, there][:, None], np.inf)
            if not np.isfinite(extra.min(initial=np.inf)):
                return False
            k, site = np.unravel_index(int(np.argmin(extra)), extra.shape)
            self._go(int(others[k]), int(site))
            self._go(i, int(there[k]))
        return True

    def lift(self) -> None:
        """Bring sites short of their least load somebody from where he can be spared."""
        for site in np.flatnonzero(self.held < self.least).tolist():
            while self.held[site] < self.least[site]:
                spared = (self.goes != site) & (self.loads > 0) & (self.held[site] + self.loads <= self.room[site])
                spared &= (self.goes < 0) | (self.held[self.goes] - self.loads >= self.least[self.goes])
                extra = np.where(spared, self.pay[:, site], np.inf)
                who = int(np.argmin(extra))
                if not np.isfinite(extra[who]):
                    return
                self._go(who, site)

    def improve(self) -> bool:
        """Send whoever can to a cheaper site with room, or let him change with somebody; whether anybody went."""
        moved = False
        for i in np.argsort(-self.loads, kind="stable").tolist():
            here = int(self.goes[i])
            if here >= 0 and self.held[here] - self.loads[i] < self.least[here]:
                continue
            now, site = self.pay[i, here] if here >= 0 else np.inf, self._cheapest(i)
            if site >= 0 and self.pay[i, site] < now:
                self._go(i, site)
                moved = True
            elif here >= 0 and self.pay[i].min() < now:
                moved |= self._swap(i)
        return moved

    def _swap(self, i: int) -> bool:
        """Let somebody change places with whom it helps most; whether he did."""
        pay, here, others = self.pay, int(self.goes[i]), np.flatnonzero((self.goes >= 0) & (self.goes != self.goes[i]))
        there, more = self.goes[others], self.loads[i] - self.loads[others]
        load, less = self.held[there] + more, self.held[here] - more
        fits = (load <= self.room[there]) & (load >= self.least[there])
        fits &= (less <= self.room[here]) & (less >= self.least[here])
        saved = np.where(fits, pay[i, here] + pay[others, there] - pay[i, there] - pay[others, here], -np.inf)
        if not saved.max(initial=0.0) > 0:
            return False
        k = int(np.argmax(saved))
        self._go(i, int(there[k]))
        self._go(int(others[k]), here)
        return True

    def _cheapest(self, i: int) -> int:
        """Return the cheapest site with room, −1 where there is none."""
        open_to = np.where(self.held + self.loads[i] <= self.room, self.pay[i], np.inf)
        site = int(np.argmin(open_to))
        return site if np.isfinite(open_to[site]) else -1

    def _go(self, i: int, site: int) -> None:
        if self.goes[i] >= 0:
            self.held[self.goes[i]] -= self.loads[i]
        self.goes[i] = site
        self.held[site] += self.loads[i]
