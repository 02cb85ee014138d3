"""Contradictions that counting alone shows, and by how much they fall short."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.linear.compact import CompactQuestion, Part, Parts


class Figures:
    """What counting says about some parts of a question.

    Parameters
    ----------
    asked
    parts
        Those that are asked; the others count for nothing.

    Attributes
    ----------
    fewest, most : int
        Sites that the rules need at least and allow at most.
    """

    def __init__(self, asked: CompactQuestion, parts: Parts) -> None:
        self.asked, self.parts = asked, parts
        self.rules = asked.rules(parts)
        kept, usable = self.rules.kept, ~self.rules.barred
        towns = len(self.rules.townships)
        of = np.where(self.rules.township >= 0, self.rules.township, towns)
        self.of, self.kept, self.usable = of, kept, usable
        self.in_kept = np.bincount(of[kept], minlength=towns + 1)
        self.in_usable = np.bincount(of[usable], minlength=towns + 1)
        self.low = np.maximum(np.append(self.rules.least, 0), self.in_kept)
        self.high = np.minimum(np.append(self.rules.most, len(of)), self.in_usable)
        self.fewest, self.most = int(self.low.sum()), int(self.high.sum())

    def contradictory(self) -> bool:
        """Whether counting shows that no plan exists."""
        return bool(
            (self.low > self.high).any()
            or (Part("most-sites") in self.parts and self.needed() > self._asked_sites)
            or (Part("fewest") in self.parts and self.most < self._asked_sites)
            or self.kept[self.rules.apart].all(axis=1).any()
            or self.cut_off().any()
            or self.beds_short() > 0
            or self.loads_short() > 0
            or self.yuan_short() > 0
        )

    @property
    def _asked_sites(self) -> int:
        return len(self.of) if self.asked.p is None else self.asked.p

    @property
    def must(self) -> bool:
        """Whether everyone is served."""
        return bool(self.parts & {Part("everyone"), Part("max-time")})

    def cut_off(self) -> NDArray[np.bool_]:
        """(n,) who must be served and has no site that may serve him."""
        if not self.must:
            return np.zeros(len(self.asked.served), bool)
        return self.asked.served & ~self.asked.pairs(self.parts)[:, self.usable].any(axis=1)

    def beds_short(self) -> int:
        """Return how much of the load finds no room even in the roomiest sites; 0 where counting shows nothing."""
        capacity = self.asked.problem.capacity
        if capacity is None or Part("capacity") not in self.parts or not self.must:
            return 0
        limit = self._asked_sites if Part("most-sites") in self.parts else len(self.of)
        room, there = int(capacity.capacities[self.kept].sum()), self.in_kept.copy()
        free = np.flatnonzero(self.usable & ~self.kept)
        for site in free[np.argsort(-capacity.capacities[free], kind="stable")].tolist():
            if there.sum() < limit and there[self.of[site]] < self.high[self.of[site]]:
                there[self.of[site]] += 1
                room += int(capacity.capacities[site])
        return max(0, int(capacity.loads[self.asked.served].sum()) - room)

    def needed(self) -> int:
        """Return how many sites there must be at least: for the rules, and for room for everyone."""
        capacity = self.asked.problem.capacity
        if capacity is None or Part("capacity") not in self.parts or not self.must:
            return self.fewest
        wanted = int(capacity.loads[self.asked.served].sum()) - int(capacity.capacities[self.kept].sum())
        room = np.cumsum(np.sort(capacity.capacities[self.usable & ~self.kept])[::-1])
        more = int(np.searchsorted(room, wanted)) + 1 if wanted > 0 else 0
        return max(self.fewest, int(self.kept.sum()) + more if more <= len(room) else 0)

    def loads_short(self) -> int:
        """Return how much load is missing to fill even the least demanding sites; 0 where counting shows nothing."""
        capacity = self.asked.problem.capacity
        if capacity is None or Part("minimum") not in self.parts:
            return 0
        needed = self._cheapest(capacity.minimum_loads)
        return max(0, needed - int(capacity.loads[self.asked.served].sum()))

    def yuan_short(self) -> int:
        """Return how much even the cheapest sites exceed the budget; 0 where counting shows nothing."""
        if self.asked.budget is None or Part("budget") not in self.parts:
            return 0
        yuan, rest = self.asked.yuan()
        return max(0, self._cheapest(yuan) + rest - self.asked.budget)

    def _cheapest(self, costs: NDArray[np.int64]) -> int:
        """Return the least cost of as many sites as kept ones, townships and p need."""
        there, total = self.in_kept.copy(), int(costs[self.kept].sum())
        free = np.flatnonzero(self.usable & ~self.kept)
        later = []
        for site in free[np.argsort(costs[free], kind="stable")].tolist():
            if there[self.of[site]] < self.low[self.of[site]]:
                there[self.of[site]] += 1
                total += int(costs[site])
            else:
                later.append(site)
        count = int(there.sum())
        wanted = self._asked_sites if Part("fewest") in self.parts else 0
        for site in later:
            if costs[site] < 0 or count < wanted:
                total, count = total + int(costs[site]), count + 1
        return total
