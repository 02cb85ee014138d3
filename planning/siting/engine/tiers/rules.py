"""What the rules leave of "closed, room or centre" for every site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.tier_certificate import ANYTHING, CENTRE, CLOSED, ROOM
from planning.siting.rules import Rules

Masks = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class NestedRules:
    """The rules of both tiers.

    Parameters
    ----------
    rooms, centres
        Rules of each.
    p, q
        How many rooms, and centres among them.
    """

    rooms: Rules
    centres: Rules
    p: int
    q: int

    def first_masks(self) -> Masks:
        """(m,) what each site may be before anything is decided."""
        mask = np.full(len(self.rooms.status), ANYTHING, np.uint8)
        mask[self.rooms.kept] &= ROOM | CENTRE
        mask[self.rooms.barred] &= CLOSED
        mask[self.centres.kept] &= CENTRE
        mask[self.centres.barred] &= CLOSED | ROOM
        return mask

    def narrow(self, mask: Masks) -> Masks | None:
        """Return what is left once every decision is followed up, ``None`` if a rule is broken."""
        mask = mask.copy()
        while True:
            before = mask.copy()
            opened, centre = mask & CLOSED == 0, mask == CENTRE
            mask[_near(opened, self.rooms.apart)] &= CLOSED
            mask[_near(centre, self.centres.apart)] &= CLOSED | ROOM
            if not self._counts(mask):
                return None
            if np.array_equal(mask, before):
                return mask

    def _counts(self, mask: Masks) -> bool:
        """Whether the numbers still work out; sites go where a number leaves no choice."""
        if (mask == 0).any():
            return False
        for number, bits, rules in ((self.p, ROOM | CENTRE, self.rooms), (self.q, CENTRE, self.centres)):
            certain, possible = mask & ~np.uint8(bits) == 0, mask & bits > 0
            if not certain.sum() <= number <= possible.sum() or _townships_broken(certain, possible, rules):
                return False
            if certain.sum() == number:
                mask[~certain] &= ~np.uint8(bits)
            elif possible.sum() == number:
                mask[possible] &= bits
        return bool((mask > 0).all())

    def allow(self, opened: NDArray[np.int64], centres: NDArray[np.int64]) -> bool:
        """Whether a plan obeys both sets of rules."""
        sizes = (len(opened), len(centres)) == (self.p, self.q)
        nested = bool(np.isin(centres, opened).all())
        return sizes and nested and not (self.rooms.broken_by(opened) or self.centres.broken_by(centres))


def _near(certain: NDArray[np.bool_], apart: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sites too near to one that is certain."""
    first, second = apart[:, 0], apart[:, 1]
    return np.concatenate([second[certain[first]], first[certain[second]]])


def _townships_broken(certain: NDArray[np.bool_], possible: NDArray[np.bool_], rules: Rules) -> bool:
    groups = len(rules.townships)
    inside = rules.township >= 0
    sure = np.bincount(rules.township[certain & inside], minlength=groups)
    maybe = np.bincount(rules.township[possible & inside], minlength=groups)
    return bool((sure > rules.most).any() or (maybe < rules.least).any())


def open_or_closed(mask: Masks, bits: int) -> Masks:
    """Return what sites may be where a room is all that has one of these bits."""
    return np.asarray((mask & bits > 0) * np.uint8(ROOM) | (mask & ~np.uint8(bits) > 0) * np.uint8(CLOSED))


def township_term(own: NDArray[np.int64], rules: Rules) -> int:
    """Return what prices of townships (g,) add to the bound."""
    return sum(
        price * (least if price > 0 else most)
        for price, least, most in zip(own.tolist(), rules.least.tolist(), rules.most.tolist(), strict=True)
    )
