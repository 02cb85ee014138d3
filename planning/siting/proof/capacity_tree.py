"""Re-prove a tree of multipliers and tolls over sites of limited capacity, from the costs up.

Shares no code with the search that grows such trees: what a certificate means is said in
:mod:`planning.siting.proof.capacity_certificate`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.selection import Quota, choose, settled
from planning.siting.proof.walk import closes
from planning.siting.rules import Rules

FREE, OPENED, CLOSED = 0, 1, -1


@dataclass(frozen=True, eq=False)
class CapacityQuestion:
    """What the certificate is about.

    Parameters
    ----------
    costs : (n, m) int64
        Cost of serving each demand point from each candidate; negative where not allowed.
    loads : (n,) int64
    room, least : (m,) int64
        Most and least load of an opened site; `room` is never above the load of all.
    rules
        Which sets of sites are allowed.
    """

    costs: NDArray[np.int64]
    loads: NDArray[np.int64]
    room: NDArray[np.int64]
    least: NDArray[np.int64]
    rules: Rules

    @property
    def dearest(self) -> int:
        """The cost that no plan exceeds."""
        return int(self.costs.max(axis=1, initial=0).astype(object).sum())


@dataclass(frozen=True, eq=False)
class _Part:
    """Some of the plans: what became of the sites, and who may go where; none at all if not `alive`."""

    state: NDArray[np.int8]
    pairs: NDArray[np.bool_]
    alive: bool = True


def proves(question: CapacityQuestion, certificate: CapacityCertificate) -> bool:
    """Whether every plan of ``certificate.sites`` sites costs at least ``certificate.bound``.

    Parameters
    ----------
    question
    certificate
        The claim and its tree.
    """
    if not _well_formed(question, certificate):
        return False
    checker = _Checker(question, certificate)
    rows, branches, m = certificate.row.tolist(), certificate.branch.tolist(), question.costs.shape[1]

    def alive(part: _Part) -> _Part | None:
        return part if part.alive else None

    def divide(k: int, part: _Part) -> tuple[_Part | None, _Part | None]:
        pair = branches[k] >= m
        halves = (
            checker.divide_pair(part, *divmod(branches[k] - m, m)) if pair else checker.divide_site(part, branches[k])
        )
        without, inside = map(alive, halves)
        return inside, without

    return closes(alive(checker.everything()), branches, lambda k, part: alive(checker.narrow(part, rows[k])), divide)


def _well_formed(question: CapacityQuestion, certificate: CapacityCertificate) -> bool:
    n, m = question.costs.shape
    nodes, rows, locals_ = len(certificate.branch), len(certificate.multipliers), len(certificate.site_tolls)
    shapes = {
        "multipliers": (rows, n),
        "tolls": (rows, m),
        "site_tolls": (locals_, certificate.sites),
        "row": (nodes,),
        "branch": (nodes,),
    }
    arrays = {name: getattr(certificate, name) for name in shapes}
    if any(arrays[name].shape != shape or arrays[name].dtype.kind != "i" for name, shape in shapes.items()):
        return False
    within = bool(((certificate.row < rows) & (certificate.row >= -locals_)).all())
    known = bool((certificate.branch < (m + n * m if certificate.whole else m)).all())  # only whole loads have pairs
    return certificate.scale >= 1 and certificate.sites >= 1 and within and known


class _Checker:
    """The arithmetic of one certificate."""

    def __init__(self, question: CapacityQuestion, certificate: CapacityCertificate) -> None:
        self._asked, self._told = question, certificate
        self._enough = (certificate.bound - 1) * certificate.scale
        self._total = int(question.loads.sum())
        largest = max(
            int(np.abs(question.costs).astype(object).max(initial=0)) * certificate.scale,
            *(int(np.abs(rows.astype(object)).max(initial=0)) for rows in (certificate.multipliers,)),
            *(
                int(np.abs(rows.astype(object)).max(initial=0)) * max(1, self._total)
                for rows in (certificate.tolls, certificate.site_tolls)
            ),
        )
        self._exact: Any = np.int64 if largest * 4 * (sum(question.costs.shape) + 1) < 2**62 else object
        self._near: dict[int, set[int]] = {}
        for one, other in question.rules.apart.tolist():
            self._near.setdefault(one, set()).add(other)
            self._near.setdefault(other, set()).add(one)

    def everything(self) -> _Part:
        """Return the part with all plans."""
        asked = self._asked
        pairs = asked.costs >= 0
        if self._told.whole:
            pairs = pairs & (asked.loads[:, None] <= asked.room)
        state = np.zeros(len(asked.room), np.int8)
        never_full = (asked.loads @ pairs < asked.least) | (asked.room < asked.least)
        state[asked.rules.barred | never_full] = CLOSED
        alive = not (asked.rules.kept & (state == CLOSED)).any()
        state[asked.rules.kept] = OPENED
        return self._spread(_Part(state, pairs, alive))

    def divide_site(self, part: _Part, site: int) -> tuple[_Part, _Part]:
        """Return the plans without a site, and those with it."""
        without, inside = part.state.copy(), part.state.copy()
        without[site], inside[site] = CLOSED, OPENED
        return (
            replace(part, state=without, alive=part.alive and part.state[site] != OPENED),
            self._spread(replace(part, state=inside, alive=part.alive and part.state[site] != CLOSED)),
        )

    def divide_pair(self, part: _Part, who: int, site: int) -> tuple[_Part, _Part]:
        """Return the plans that do not send `who` to a site, and those that do."""
        without, inside = part.pairs.copy(), part.pairs.copy()
        without[who, site] = False
        inside[who] = False
        inside[who, site] = part.pairs[who, site]
        return replace(part, pairs=without), replace(part, pairs=inside)

    def narrow(self, part: _Part, row: int) -> _Part:
        """Return what is left of a part once the plans that cost more than `enough` are gone."""
        part = self._settle(part, [-int(q) for q in self._asked.room], 0, -self._total)
        part = self._settle(part, [int(q) for q in self._asked.least], 0, self._total)
        if self._told.whole:
            part = self._fit(part)
        if not part.alive or not part.pairs[:, part.state != CLOSED].any(axis=1).all():
            return replace(part, alive=False)
        at = np.flatnonzero(part.state != CLOSED)
        usable = part.pairs[:, at]
        toll = self._tolls(part, row)[at]
        loads = self._asked.loads.astype(self._exact)[:, None]
        paid = self._asked.costs[:, at].astype(self._exact) * self._told.scale + toll * loads
        u = self._multipliers(paid, usable, row)
        held = np.where(toll > 0, self._asked.room[at].astype(self._exact), self._asked.least[at].astype(self._exact))
        rho = [0] * len(part.state)
        prices = np.where(usable, np.minimum(paid - u[:, None], 0), 0).sum(axis=0) - toll * held
        for j, price in zip(at.tolist(), prices, strict=True):
            rho[j] = int(price)
        total = sum(u.tolist())
        part = self._settle(part, rho, total, self._enough)
        opened = np.flatnonzero(part.state == OPENED)
        if not (part.alive and self._told.whole and len(opened) == self._told.sites):
            return part
        left = self._enough - total - sum(rho[j] for j in opened)
        pairs = np.zeros_like(part.pairs)
        pairs[:, at] = usable & np.asarray(paid - u[:, None] <= max(0, left), bool)
        pairs[:, part.state != OPENED] = False
        return self._fit(replace(part, pairs=pairs))

    def _tolls(self, part: _Part, row: int) -> NDArray[Any]:
        """Return λ (m,) of a node."""
        if row >= 0:
            return np.asarray(self._told.tolls[row], self._exact)
        toll: NDArray[Any] = np.zeros(len(part.state), self._exact)
        opened = np.flatnonzero(part.state == OPENED)
        if len(opened) == self._told.sites:
            toll[opened] = self._told.site_tolls[-1 - row]
        return toll

    def _multipliers(self, paid: NDArray[Any], usable: NDArray[np.bool_], row: int) -> NDArray[Any]:
        """Return u (n,) of a node, where i pays `paid` at the sites still open to it."""
        if row >= 0:
            return np.asarray(self._told.multipliers[row], self._exact)
        never = int(np.abs(paid).max(initial=0)) + 1
        return np.asarray(np.where(usable, paid, never).min(axis=1, initial=never))

    def _fit(self, part: _Part) -> _Part:
        """Drop the pairs for which those who have no other choice leave no room, once the sites are decided."""
        opened = np.flatnonzero(part.state == OPENED)
        if not part.alive or len(opened) != self._told.sites:
            return part
        pairs, loads = part.pairs[:, opened], self._asked.loads
        while True:
            choices = pairs.sum(axis=1)
            if (choices == 0).any():
                return replace(part, alive=False)
            settled = pairs & (choices == 1)[:, None]
            left = self._asked.room[opened] - loads @ settled
            if (left < 0).any() or (loads @ pairs < self._asked.least[opened]).any():
                return replace(part, alive=False)
            fitting = pairs & (settled | (loads[:, None] <= left))
            if (fitting == pairs).all():
                break
            pairs = fitting
        kept = np.zeros_like(part.pairs)
        kept[:, opened] = pairs
        return replace(part, pairs=kept)

    def _settle(self, part: _Part, price: list[int], total: int, enough: int) -> _Part:
        """Settle the sites whose other choice makes the prices of the opened ones exceed `enough`."""
        if not part.alive:
            return part
        prices: NDArray[Any] = np.array(price, object)
        free, opened = np.flatnonzero(part.state == FREE), np.flatnonzero(part.state == OPENED)
        free = free[np.argsort(prices[free], kind="stable")]
        quota, wanted = Quota.of_rules(self._asked.rules), self._told.sites - len(opened)
        chosen = choose(free, quota.there(opened), quota, wanted)
        if chosen is None or np.count_nonzero(chosen) < wanted:
            return replace(part, alive=False)
        least = total + int(prices[opened].sum()) + int(prices[free[chosen]].sum())
        if least > enough:
            return replace(part, alive=False)
        there = quota.there(np.append(opened, free[chosen]))
        needed, hopeless = settled(prices[free], quota.of[free], chosen, there, quota, slack=enough - least)
        state = part.state.copy()
        state[free[needed]], state[free[hopeless]] = OPENED, CLOSED
        return self._spread(replace(part, state=state))

    def _spread(self, part: _Part) -> _Part:
        """Close whatever lies too near to an opened site."""
        state = part.state.copy()
        for site in np.flatnonzero(state == OPENED).tolist():
            near = list(self._near.get(site, ()))
            if (state[near] == OPENED).any():
                return replace(part, alive=False)
            state[near] = CLOSED
        return replace(part, state=state)
