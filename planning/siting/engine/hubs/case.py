"""A hub question in plain arrays: who can reach what, and what a plan of hubs comes to, exactly."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from planning.hub_rooms import SMALLEST_HUB_M2, RoomFigures, hub_area_mm2
from planning.siting.capacity import Capacity
from planning.siting.engine.hubs.kernels import best_mixes, relocate
from planning.siting.rules import Rules

MM2 = 10**6
SMALLEST_MM2 = SMALLEST_HUB_M2 * MM2

Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class HubCase:
    """What is to be served, from where, and what counts: ``times``·area + ``fixed`` of the open sites.

    Parameters
    ----------
    reach : (n, m) bool
        Whether a hub may serve a village; inhabited villages only.
    near : (n, m) int64
        Seconds, to serve villages from near where it does not matter.
    people, children : (n,) int64
    figures
        The room table in whole mm².
    rules
    least, most
        Number of hubs allowed.
    times, fixed : int, (m,) int64
        What a mm² counts, and an opened site beside its area.
    capacity
        Loads of these villages and capacities, or ``None``.
    """

    reach: NDArray[np.bool_]
    near: NDArray[np.int32]
    people: Whole
    children: Whole
    figures: tuple[RoomFigures, ...]
    rules: Rules
    least: int
    most: int
    times: int
    fixed: Whole
    capacity: Capacity | None = None
    table: Whole = field(init=False)
    starts: Whole = field(init=False)
    villages: Whole = field(init=False)
    scale: int = field(init=False)

    def __post_init__(self) -> None:
        sites, villages = np.nonzero(self.reach.T)
        scale, dearest = 1024, self.worst() + sum(abs(self.fixed).tolist()) + 1
        while scale > 1 and dearest * scale * 4 >= 2**62:
            scale //= 2
        for name, value in (
            ("table", np.array(self.figures, np.int64).reshape(-1, 4)),
            ("starts", np.searchsorted(sites, np.arange(self.reach.shape[1] + 1)).astype(np.int64)),
            ("villages", villages.astype(np.int64)),
            ("scale", scale),
        ):
            object.__setattr__(self, name, value)

    def worst(self) -> int:
        """Return what no plan can exceed: all sites open, and all rooms growing with everybody."""
        empty = hub_area_mm2(0, 0, self.figures)
        people, children = int(self.people.sum()), int(self.children.sum())
        growth = sum(person * people + child * children for _, person, child, _ in self.figures)
        return self.times * (int(self.reach.shape[1]) * empty + growth) + int(np.maximum(self.fixed, 0).sum())

    def growth(self, shares: Whole) -> Whole:
        """(n,) what each village adds where room r counts with ``shares[r]`` of scale; units of 1/scale."""
        person, child = int(shares @ self.table[:, 1]), int(shares @ self.table[:, 2])
        return self.times * (person * self.people + child * self.children)

    def price(self, u: Whole) -> tuple[Whole, Whole]:
        """Return a good mix of every site and its value with what is fixed, in units of 1/scale."""
        mixes, values = best_mixes(
            self.starts,
            self.villages,
            self.people,
            self.children,
            self.table,
            SMALLEST_MM2,
            self.times,
            u,
            self.scale,
        )
        return mixes, values + self.fixed * self.scale

    def allocate(self, opened: Whole) -> Whole | None:
        """(n,) a hub for each village: the nearest, then moved where that saves area; ``None`` if one has none."""
        within = self.reach[:, opened]
        if not within.any(axis=1).all():
            return None
        seconds = np.where(within, self.near[:, opened], np.iinfo(np.int32).max)
        hub_of: Whole = opened[np.argmin(seconds, axis=1)].astype(np.int64)
        served = self.served(hub_of)
        ends = np.cumsum(within.sum(axis=1)).astype(np.int64)
        choices = opened[np.nonzero(within)[1]].astype(np.int64)
        relocate(hub_of, choices, ends, served, self.people, self.children, self.table, SMALLEST_MM2)
        return hub_of

    def served(self, hub_of: Whole) -> Whole:
        """(m, 2) people and children of each hub."""
        served = np.zeros((self.reach.shape[1], 2), np.int64)
        np.add.at(served, hub_of, np.column_stack([self.people, self.children]))
        return served

    def area(self, opened: Whole, hub_of: Whole) -> int:
        """Return the floor area of a plan, mm²."""
        served = self.served(hub_of)[opened].tolist()
        return sum(hub_area_mm2(people, children, self.figures) for people, children in served)

    def fits(self, opened: Whole, hub_of: Whole) -> bool:
        """Whether a plan obeys number, rules and capacities."""
        if not self.least <= len(opened) <= self.most or self.rules.broken_by(opened):
            return False
        if self.capacity is None:
            return True
        load = np.zeros(self.reach.shape[1], np.int64)
        np.add.at(load, hub_of, self.capacity.loads)
        within = (load <= self.capacity.capacities) & (load >= self.capacity.minimum_loads)
        return bool(within[opened].all())
