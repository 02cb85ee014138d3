"""Re-prove a tree over rooms and centres, in exact integers and from the costs up.

Shares no code with the search that grows such trees: what a certificate means is said in
:mod:`planning.siting.proof.tier_certificate`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.tier_certificate import TierCertificate
from planning.siting.proof.walk import closes
from planning.siting.rules import Rules

Sets = list[set[str]]  # what each site may be: of "closed", "room", "centre"


def proves(
    room_costs: NDArray[np.int64],
    centre_costs: NDArray[np.int64],
    certificate: TierCertificate,
    room_rules: Rules,
    centre_rules: Rules,
) -> bool:
    """Whether rooms with centres among them always cost at least ``certificate.bound``.

    Parameters
    ----------
    room_costs, centre_costs : (n, m), (n', m) int64
        Cost of serving each inhabited demand point of a tier from each site; negative where not allowed.
    certificate
    room_rules, centre_rules
    """
    c = certificate
    rows, count, m = len(c.branch), 2 + len(room_rules.townships) + len(centre_rules.townships), room_costs.shape[1]
    shapes = (c.room_multipliers.shape, c.centre_multipliers.shape, c.prices.shape)
    if c.scale < 1 or shapes != ((rows, len(room_costs)), (rows, len(centre_costs)), (rows, count)):
        return False
    if (c.room_multipliers < 0).any() or (c.centre_multipliers < 0).any():
        return False
    branches = [int(code) for code in c.branch]
    if max(branches, default=-1) >= 2 * m or min(branches, default=-1) < -2:
        return False
    checker = _Checker(room_costs, centre_costs, c, room_rules, centre_rules)
    return checker.walk(branches)


class _Checker:
    """The two tiers and what is claimed about them."""

    def __init__(
        self,
        room_costs: NDArray[np.int64],
        centre_costs: NDArray[np.int64],
        claim: TierCertificate,
        room_rules: Rules,
        centre_rules: Rules,
    ) -> None:
        self.claim = claim
        self.tiers = ((room_costs, room_rules), (centre_costs, centre_rules))
        self.enough = (claim.bound - 1) * claim.scale

    def walk(self, branches: list[int]) -> bool:
        """Whether every part of the plans ends at a leaf where nothing cheap is left."""

        def divide(row: int, may_be: Sets) -> tuple[Sets | None, Sets | None]:
            site, inside = branches[row] // 2, _INSIDE[branches[row] % 2]
            return _limited(may_be, site, inside), _limited(may_be, site, _ALL - inside)

        return closes(self._at_first(), branches, self._narrow, divide)

    def _at_first(self) -> Sets:
        (_, rooms), (_, centres) = self.tiers
        may_be = []
        for j in range(len(rooms.status)):
            options = {"room", "centre"} if rooms.kept[j] else {"closed"} if rooms.barred[j] else set(_ALL)
            options &= {"centre"} if centres.kept[j] else {"closed", "room"} if centres.barred[j] else _ALL
            may_be.append(options)
        return may_be

    def _narrow(self, row: int, may_be: Sets) -> Sets | None:
        followed = self._follow(may_be)
        return None if followed is None else self._without_dear(followed, row)

    def _follow(self, may_be: Sets | None) -> Sets | None:
        """Follow up what is decided, until nothing changes; ``None`` if a rule is broken."""
        while may_be is not None:
            before = [set(options) for options in may_be]
            for inside, (_, rules) in zip(_INSIDE, self.tiers, strict=True):
                for pair in rules.apart.tolist():
                    for one, other in (pair, pair[::-1]):
                        if may_be[one] <= inside:
                            may_be[other] -= inside
            if not self._numbers_fit(may_be):
                return None
            if may_be == before:
                return may_be
        return None

    def _numbers_fit(self, may_be: Sets) -> bool:
        """Whether the numbers can still come out; where they leave no choice, sites are decided."""
        numbers = (self.claim.sites, self.claim.centres)
        for inside, number, (_, rules) in zip(_INSIDE, numbers, self.tiers, strict=True):
            if not all(may_be):
                return False
            sure = [j for j, options in enumerate(may_be) if options <= inside]
            maybe = [j for j, options in enumerate(may_be) if options & inside]
            if not len(sure) <= number <= len(maybe):
                return False
            if _townships_broken(rules, sure, maybe):
                return False
            if len(sure) == number:
                for j in set(range(len(may_be))) - set(sure):
                    may_be[j] -= inside
            elif len(maybe) == number:
                for j in maybe:
                    may_be[j] &= inside
        return all(may_be)

    def _without_dear(self, may_be: Sets, row: int) -> Sets | None:
        """Return what is left once everything that costs more than `enough` is gone."""
        claim = self.claim
        prices = [int(price) for price in claim.prices[row]]
        groups = len(self.tiers[0][1].townships)
        total = claim.sites * prices[0] + claim.centres * prices[1]
        site_prices = []
        for k, rows in enumerate((claim.room_multipliers, claim.centre_multipliers)):
            costs, rules = self.tiers[k]
            own = prices[2 : 2 + groups] if k == 0 else prices[2 + groups :]
            total += sum(int(u) for u in rows[row])
            for price, least, most in zip(own, rules.least.tolist(), rules.most.tolist(), strict=True):
                total += price * (least if price > 0 else most)
            of = rules.township.tolist()
            found = _excess(costs, rows[row], claim.scale)
            site_prices.append([rho - prices[k] - (own[of[j]] if of[j] >= 0 else 0) for j, rho in enumerate(found)])
        costs_of = [{"closed": 0, "room": r, "centre": r + s} for r, s in zip(*site_prices, strict=True)]
        cheapest = [min(cost[option] for option in options) for cost, options in zip(costs_of, may_be, strict=True)]
        spare = self.enough - total - sum(cheapest)
        if spare < 0:
            return None
        return [
            {option for option in options if cost[option] - least <= spare}
            for cost, options, least in zip(costs_of, may_be, cheapest, strict=True)
        ]


def _townships_broken(rules: Rules, sure: list[int], maybe: list[int]) -> bool:
    """Whether a township has too many certain sites, or too few possible ones."""
    of = rules.township.tolist()
    for g, (least, most) in enumerate(zip(rules.least.tolist(), rules.most.tolist(), strict=True)):
        if sum(of[j] == g for j in sure) > most or sum(of[j] == g for j in maybe) < least:
            return True
    return False


_ALL = frozenset({"closed", "room", "centre"})
_INSIDE = ({"room", "centre"}, {"centre"})


def _limited(may_be: Sets, site: int, options: frozenset[str] | set[str]) -> Sets | None:
    """Return a copy in which one site may only be one of `options`."""
    after = [set(before) for before in may_be]
    after[site] &= options
    return after if after[site] else None


def _excess(costs: NDArray[np.int64], u: NDArray[np.int64], scale: int) -> list[int]:
    """Return Σ_i min(0, scale·c_ij − u_i) of every site, in Python integers where 64 bits may not do."""
    exact = np.int64 if int(costs.max(initial=0)) * scale + sum(map(int, u)) < 2**62 else object
    pay = u.astype(exact)[:, None]
    excess = np.minimum(costs.astype(exact) * scale - pay, 0)
    return [int(rho) for rho in np.where(costs < 0, 0, excess).sum(axis=0)]
