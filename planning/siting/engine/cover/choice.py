"""What the rules leave of the sites at a node of a covering tree, in exact integers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.domain import begin, crowded, separate
from planning.siting.proof.certificate import CLOSED, FREE, OPENED
from planning.siting.rules import Rules

States = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Question:
    """Whether `sites` sites (exactly, or at most) can cover everyone within the rules."""

    sites: int
    exactly: bool
    rules: Rules

    @property
    def strict(self) -> bool:
        """Whether fewer sites that cover everyone might not be filled up to `sites`."""
        rules = self.rules
        ruled = len(rules.townships) + len(rules.apart) > 0
        return self.exactly and (ruled or self.sites > int((~rules.barred).sum()))

    def begin(self) -> States | None:
        """Return what the rules fix of themselves, ``None`` if they leave nothing."""
        return None if self.rules.barred[self.rules.kept].any() else self.spread(begin(self.rules))

    def spread(self, state: States) -> States | None:
        """Close what is too near to an opened site; ``None`` if two opened ones are."""
        return None if crowded(state, self.rules.apart) else separate(state, self.rules.apart)

    def impossible(self, state: States) -> bool:
        """Whether no choice of sites is left, whatever they cover."""
        free, opened = np.flatnonzero(state == FREE), state == OPENED
        return self._choose(free, opened, self.sites - int(opened.sum())) is None

    def narrow(self, rho: NDArray[np.int64], total: int, state: States) -> States | None:
        """Fix the sites without whose other choice no bound stays at 0; ``None`` if it exceeds 0 anyway.

        Parameters
        ----------
        rho : (m,) int64
            Prices, none above 0.
        total
            Sum of the multipliers.
        state : (m,) int8
        """
        free = np.flatnonzero(state == FREE)
        free = free[np.argsort(rho[free], kind="stable")]
        opened = state == OPENED
        wanted = self.sites - int(opened.sum())
        inside = self._choose(free, opened, wanted)
        if inside is None:
            return None
        chosen, others = free[inside], free[~inside]
        least = total + int(rho[opened].sum()) + int(rho[chosen].sum())
        if least > 0:
            return None
        after = state.copy()
        if wanted == 0:
            after[free] = CLOSED
        elif len(chosen) == wanted and len(others) == 0 and self.strict:
            after[chosen] = OPENED
        elif len(chosen) == wanted and len(others):
            after[others[least - rho[chosen].max() + rho[others] > 0]] = CLOSED
            if self.strict:
                after[chosen[least - rho[chosen] + rho[others].min() > 0]] = OPENED
        return self.spread(after)

    def _choose(self, free: NDArray[np.int64], opened: NDArray[np.bool_], wanted: int) -> NDArray[np.bool_] | None:
        """Mark the first of `free` that fit; ``None`` if none may be added so, or too many are opened."""
        rules = self.rules
        chosen = np.zeros(len(free), bool)
        if len(rules.townships) == 0:
            chosen[: max(wanted, 0)] = True
        else:
            of = rules.township[opened]
            there = np.bincount(of[of >= 0], minlength=len(rules.townships))
            lacking = np.maximum(rules.least - there, 0)
            if (there > rules.most).any() or lacking.sum() > wanted:
                return None
            room = rules.most - there
            towns = rules.township[free]
            for town in range(len(lacking)):
                chosen[np.flatnonzero(towns == town)[: lacking[town]]] = True
            room -= np.bincount(towns[chosen & (towns >= 0)], minlength=len(room))
            if chosen.sum() < lacking.sum():
                return None
            fits = ~chosen & (towns < 0)
            for town in range(len(room)):
                fits[np.flatnonzero(~chosen & (towns == town))[: room[town]]] = True
            chosen[np.flatnonzero(fits)[: wanted - int(chosen.sum())]] = True
        short = self.strict and chosen.sum() < wanted
        return None if wanted < 0 or short else chosen

    def complete(self, opened: NDArray[np.bool_]) -> NDArray[np.int64] | None:
        """Return a plan with these sites, filled up where it must have `sites`; ``None`` if that fails.

        Parameters
        ----------
        opened : (m,) bool
        """
        plan = opened.copy()
        if self.exactly:
            for site in np.flatnonzero(~plan & ~self.rules.barred).tolist():
                if plan.sum() >= self.sites:
                    break
                plan[site] = True
                if self._clashes(plan):
                    plan[site] = False
        found = np.flatnonzero(plan)
        wrong = len(found) > self.sites or (self.exactly and len(found) < self.sites)
        return None if wrong or self.rules.broken_by(found) else found

    def _clashes(self, plan: NDArray[np.bool_]) -> bool:
        of = self.rules.township[plan]
        crowded = np.bincount(of[of >= 0], minlength=len(self.rules.townships)) > self.rules.most
        return bool(crowded.any() or plan[self.rules.apart].all(axis=1).any())
