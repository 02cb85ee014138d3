"""A first plan with loads: greedy, quick, and nothing is proven by it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.linear.compact import CompactQuestion
from planning.siting.limits import Limits


def first_loaded_plan(
    asked: CompactQuestion, may: NDArray[np.bool_], *, must: bool, limits: Limits, around: Sequence[int] = ()
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Return sites (k,) and an allocation (n,) within the rules, ``None`` where the greedy way finds none.

    Parameters
    ----------
    asked
        With a capacity; without p, sites are opened until everyone is served.
    may : (n, m) bool
        Which site may serve whom.
    must
        Whether everyone is served.
    around
        Sites of a plan that the rules allow, opened first.
    """
    choice = _Choice(asked, may)
    rules = asked.problem.rules
    for site in dict.fromkeys([*np.flatnonzero(rules.kept).tolist(), *around]):
        choice.open(site)
    while not limits.reached():
        short = choice.short_townships()
        wanted = len(choice.opened) < asked.p if asked.p is not None else choice.left().any()
        if not short.any() and not wanted:
            break
        useful = choice.most_useful(short)
        if useful is None:
            break
        choice.open(useful)
    opened = np.sort(np.array(choice.opened, np.int64))
    if asked.p not in (None, len(opened)) or len(opened) == 0 or rules.broken_by(opened):
        return None
    to = choice.send(opened)
    capacity = asked.problem.capacity
    if capacity is None or (must and (to[asked.served] < 0).any()):
        return None
    load = np.zeros(len(rules.status), np.int64)
    np.add.at(load, to[to >= 0], capacity.loads[to >= 0])
    return None if (load[opened] < capacity.minimum_loads[opened]).any() else (opened, to)


class _Choice:
    """Sites opened one by one, each filled with the nearest of those still left."""

    def __init__(self, asked: CompactQuestion, may: NDArray[np.bool_]) -> None:
        capacity = asked.problem.capacity
        self.asked, self.rules, self.may = asked, asked.problem.rules, may
        self.values = asked.problem.values
        self.loads = np.zeros(len(may), np.int64) if capacity is None else capacity.loads
        self.room = np.zeros(may.shape[1], np.int64) if capacity is None else capacity.capacities
        self.opened: list[int] = []
        self.waiting = asked.served.copy()
        self.near = np.zeros(may.shape[1], bool)

    def left(self) -> NDArray[np.bool_]:
        """(n,) who still waits for a site."""
        return self.waiting

    def short_townships(self) -> NDArray[np.bool_]:
        """(g,) which townships still have too few sites."""
        return np.asarray(self._counts() < self.rules.least)

    def _counts(self) -> NDArray[np.int64]:
        of = self.rules.township[np.array(self.opened, np.int64)]
        return np.bincount(of[of >= 0], minlength=len(self.rules.townships))

    def most_useful(self, short: NDArray[np.bool_]) -> int | None:
        """Return the allowed site that takes most of what waits; one of a short township if there is any."""
        free = ~self.rules.barred & ~self.near
        free[self.opened] = False
        full = self._counts() >= self.rules.most
        inside = self.rules.township >= 0
        if len(full):
            free &= ~(inside & full[self.rules.township])
            free &= inside & short[self.rules.township] if short.any() else True
        if not free.any():
            return None
        people = (self.waiting & (self.asked.problem.weights > 0)) * (self.loads + 1.0)
        takes = np.minimum(people @ self.may, self.room + 1.0)
        return int(np.argmax(np.where(free, takes, -1.0)))

    def open(self, site: int) -> None:
        """Open a site and fill it with the nearest who wait."""
        self.opened.append(site)
        pairs = self.rules.apart
        self.near[pairs[pairs[:, 0] == site, 1]] = self.near[pairs[pairs[:, 1] == site, 0]] = True
        reach = np.flatnonzero(self.waiting & self.may[:, site])
        reach = reach[np.argsort(self.values[reach, site], kind="stable")]
        self.waiting[reach[np.cumsum(self.loads[reach]) <= self.room[site]]] = False

    def send(self, opened: NDArray[np.int64]) -> NDArray[np.int64]:
        """Send everyone to the nearest site with room: who has most to lose first, then what is large."""
        may = self.may[:, opened]
        times = np.where(may, self.values[:, opened], np.iinfo(np.int32).max).astype(np.int64)
        ranked = np.sort(times, axis=1)
        loses = (ranked[:, 1] if len(opened) > 1 else np.full(len(times), np.iinfo(np.int32).max)) - ranked[:, 0]
        room, to = self.room[opened].copy(), np.full(len(times), -1, np.int64)
        served = np.flatnonzero(self.asked.served)
        for i in served[np.lexsort((-self.loads[served], -loses[served]))].tolist():
            fits = np.flatnonzero(may[i] & (room >= self.loads[i]))
            if len(fits):
                k = int(fits[np.argmin(times[i, fits])])
                room[k] -= self.loads[i]
                to[i] = opened[k]
        return to
