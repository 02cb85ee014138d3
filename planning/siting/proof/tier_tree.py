"""Re-prove a tree over rooms and centres, in exact integers and from the costs up.

Shares no code with the search that grows such trees: what a certificate means is said in
:mod:`planning.siting.proof.tier_certificate`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.tier_certificate import ANYTHING, CENTRE, CLOSED, ROOM, TierCertificate
from planning.siting.proof.walk import closes
from planning.siting.rules import Rules

Options = NDArray[np.uint8]
"""(m,) what each site may be: CLOSED, ROOM, CENTRE, or some of them."""
_INSIDE = (ROOM | CENTRE, CENTRE)  # what counts as a site of each tier


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
    c, prices = certificate, 2 + len(room_rules.townships) + len(centre_rules.townships)
    if not c.fits(2 * room_costs.shape[1], demand=len(room_costs), upper=len(centre_costs), prices=prices):
        return False
    branches = c.branch.tolist()
    checker = _Checker(c, ((room_costs, room_rules, c.sites), (centre_costs, centre_rules, c.centres)))

    def divide(row: int, may_be: Options) -> tuple[Options, Options]:
        (site, tier), with_it, without = divmod(branches[row], 2), may_be.copy(), may_be.copy()
        with_it[site] &= _INSIDE[tier]
        without[site] &= ANYTHING - _INSIDE[tier]
        return with_it, without

    return closes(checker.everything(), branches, checker.narrow, divide)


class _Checker:
    """The two tiers, of each its costs, rules and number of sites, and what is claimed about them."""

    def __init__(self, claim: TierCertificate, tiers: tuple[tuple[NDArray[np.int64], Rules, int], ...]) -> None:
        self.claim, self.tiers = claim, tiers

    def everything(self) -> Options:
        """Return what the rules say of single sites; what is both kept and barred counts as kept."""
        may_be = np.full(len(self.tiers[0][1].status), ANYTHING, np.uint8)
        for inside, (_, rules, _) in zip(_INSIDE, self.tiers, strict=True):
            may_be &= np.where(rules.kept, inside, np.where(rules.barred, ANYTHING - inside, ANYTHING)).astype(np.uint8)
        return may_be

    def narrow(self, row: int, may_be: Options) -> Options | None:
        """Return what is left of some plans: what follows from the rules, then what is not too dear."""
        followed = self._follow(may_be)
        return None if followed is None else self._without_dear(followed, row)

    def _follow(self, may_be: Options) -> Options | None:
        """Follow up what is decided, until nothing changes; ``None`` if a rule is broken."""
        while True:
            after = may_be.copy()
            for inside, (_, rules, number) in zip(_INSIDE, self.tiers, strict=True):
                for pair in (rules.apart, rules.apart[:, ::-1]):
                    after[pair[after[pair[:, 0]] & (ANYTHING - inside) == 0, 1]] &= ANYTHING - inside
                sure, maybe = after & (ANYTHING - inside) == 0, after & inside != 0
                certain, possible = np.count_nonzero(sure), np.count_nonzero(maybe)
                if not after.all() or not certain <= number <= possible or _townships_broken(rules, sure, maybe):
                    return None
                if certain == number:
                    after[~sure] &= ANYTHING - inside
                elif possible == number:
                    after[maybe] &= inside
            if not after.all():
                return None
            if (after == may_be).all():
                return after
            may_be = after

    def _without_dear(self, may_be: Options, row: int) -> Options | None:
        """Return what is left once everything that costs `bound` is gone."""
        claim, (*prices_of, own) = self.claim, self._prices(row)
        total, added = 0, np.zeros((3, len(may_be)), object)  # closed, room, centre
        for k, rows in enumerate((claim.room_multipliers, claim.centre_multipliers)):
            (costs, rules, number), price = self.tiers[k], prices_of[k]
            total += number * price + sum(rows[row].tolist())
            for alpha, least, most in zip(own[k], rules.least.tolist(), rules.most.tolist(), strict=True):
                total += alpha * (least if alpha > 0 else most)
            of = np.array([*own[k], 0], object)[rules.township]  # no township is −1: the last
            added[k + 1 :] += _excess(costs, rows[row], claim.scale) - price - of
        may = np.array([may_be & option != 0 for option in (CLOSED, ROOM, CENTRE)])
        cheapest = [min(values[mask]) for values, mask in zip(added.T, may.T, strict=True)]
        spare = (claim.bound - 1) * claim.scale - total - sum(cheapest)
        if spare < 0:
            return None
        left = may & (added - np.array(cheapest, object) <= spare).astype(bool)
        return np.asarray(np.array([CLOSED, ROOM, CENTRE], np.uint8) @ left.astype(np.uint8))

    def _prices(self, row: int) -> tuple[int, int, tuple[list[int], list[int]]]:
        """Return μ, ν, and the prices of the townships of both tiers."""
        room, centre, *own = self.claim.prices[row].tolist()
        towns = len(self.tiers[0][1].townships)
        return room, centre, (own[:towns], own[towns:])


def _townships_broken(rules: Rules, sure: NDArray[np.bool_], maybe: NDArray[np.bool_]) -> bool:
    """Whether a township has too many certain sites, or too few possible ones."""
    of, count = rules.township, len(rules.townships)
    certain, possible = (np.bincount(of[which & (of >= 0)], minlength=count) for which in (sure, maybe))
    return bool((certain > rules.most).any() or (possible < rules.least).any())


def _excess(costs: NDArray[np.int64], u: NDArray[np.int64], scale: int) -> NDArray[np.object_]:
    """Return Σ_i min(0, scale·c_ij − u_i) of every site, in Python integers where 64 bits may not do."""
    exact = np.int64 if int(costs.max(initial=0)) * scale + sum(u.tolist()) < 2**62 else object
    pay = u.astype(exact)[:, None]
    excess = np.minimum(costs.astype(exact) * scale - pay, 0)
    return np.asarray(np.where(costs < 0, 0, excess).sum(axis=0)).astype(object)
