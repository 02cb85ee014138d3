"""What the rules leave of the sites at a node of a covering tree, in exact integers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.domain import begin, crowded, separate
from planning.siting.engine.sites.selection import Quota, choose_cheapest, fix_sites
from planning.siting.proof.certificate import CLOSED, OPENED
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
        rules, count = self.rules, self.sites
        if not self.strict:  # as few as there must be
            of = rules.township[state == OPENED]
            there = np.bincount(of[of >= 0], minlength=len(rules.townships))
            count = int((state == OPENED).sum() + np.maximum(rules.least - there, 0).sum())
        nothing = np.zeros(len(state), np.int64)
        chosen = np.zeros(len(state), np.bool_)
        return count > self.sites or not choose_cheapest(nothing, state, count, Quota.of(rules), chosen)

    def narrow(
        self, rho: NDArray[np.int64], total: int, state: States, *, most: int = 0
    ) -> tuple[int | None, States | None]:
        """Return what every choice of sites costs at least, and fix those whose other choice costs over `most`.

        Parameters
        ----------
        rho : (m,) int64
            Prices, none above 0.
        total
            What is added to the prices of the sites.
        state : (m,) int8
        most

        Returns
        -------
        (least, state)
            `least` is ``None`` where no choice is left; the state also where it is above `most`.
        """
        quota = Quota.of(self.rules)
        added, after = fix_sites(rho, state, self.sites, quota, most - total)
        if added is None and not self.strict:  # nothing gives way to a further site, so that prices fix nothing
            added, after = fix_sites(rho, state, -1, quota, most - total)[0], state
        if added is None or total + added > most:
            return (None if added is None else total + added), None
        after = after if self.strict else np.where(after == CLOSED, CLOSED, state)
        return total + added, self.spread(after)

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
