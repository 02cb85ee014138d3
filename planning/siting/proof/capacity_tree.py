"""Re-prove a tree of multipliers over sites of limited capacity, from the costs up.

Shares no code with the search that grows such trees: what a certificate means is said in
:mod:`planning.siting.proof.capacity_certificate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.capacity_knapsacks import Knapsacks, affordable_pairs
from planning.siting.proof.site_parts import Claim, Part, everything, narrow, spread
from planning.siting.proof.walk import closes
from planning.siting.rules import Rules


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


class _Node(NamedTuple):
    """A part of the plans, and who may go where (n, m)."""

    part: Part
    pairs: NDArray[np.bool_]


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

    def divide(k: int, node: _Node) -> tuple[_Node | None, _Node | None]:
        if branches[k] >= m:
            return _divide_by_pair(node, *divmod(branches[k] - m, m))
        inside, without = node.part.divide(branches[k], checker.claim.near)
        return _with_part(node, inside), _with_part(node, without)

    return closes(checker.everything(), branches, lambda k, node: checker.narrow(node, rows[k]), divide)


def _with_part(node: _Node, part: Part) -> _Node | None:
    return node._replace(part=part) if part.alive else None


def _divide_by_pair(node: _Node, who: int, site: int) -> tuple[_Node, _Node]:
    """Return the plans that send `who` to a site, and those that do not."""
    without, inside = node.pairs.copy(), node.pairs.copy()
    without[who, site] = False
    inside[who] = False
    inside[who, site] = node.pairs[who, site]
    return node._replace(pairs=inside), node._replace(pairs=without)


def _well_formed(question: CapacityQuestion, certificate: CapacityCertificate) -> bool:
    n, m = question.costs.shape
    nodes, rows, locals_ = len(certificate.branch), len(certificate.multipliers), len(certificate.site_tolls)
    knapsacks = len(certificate.knapsacks)
    shapes = {
        "multipliers": (rows, n),
        "tolls": (rows, m),
        "site_tolls": (locals_, certificate.sites),
        "row": (nodes,),
        "branch": (nodes,),
        "knapsacks": (knapsacks, n if knapsacks else certificate.knapsacks.shape[-1]),
    }
    arrays = {name: getattr(certificate, name) for name in shapes}
    if any(arrays[name].shape != shape or arrays[name].dtype.kind != "i" for name, shape in shapes.items()):
        return False
    within = bool(((certificate.row < rows + knapsacks) & (certificate.row >= -locals_)).all())
    known = bool((certificate.branch < (m + n * m if certificate.whole else m)).all())  # only whole loads have pairs
    return certificate.scale >= 1 and certificate.sites >= 1 and within and known


class _Checker:
    """The arithmetic of one certificate."""

    def __init__(self, question: CapacityQuestion, certificate: CapacityCertificate) -> None:
        self._asked, self._told = question, certificate
        self.claim = Claim.of(certificate.sites, (certificate.bound - 1) * certificate.scale, question.rules)
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

    def everything(self) -> _Node | None:
        """Return all plans."""
        asked = self._asked
        pairs = asked.costs >= 0
        if self._told.whole:
            pairs = pairs & (asked.loads[:, None] <= asked.room)
        never_full = (asked.loads @ pairs < asked.least) | (asked.room < asked.least)
        part = everything(self.claim)
        part = part._replace(closed=part.closed.union(np.flatnonzero(never_full).tolist()))
        return _with_part(_Node(part, pairs), spread(part, self.claim.near))

    def narrow(self, node: _Node, row: int) -> _Node | None:
        """Return what is left of a node once the plans that cost more than `enough` are gone."""
        asked, scale, exact = self._asked, self._told.scale, self._exact
        part = self._fix(node.part, [-int(q) for q in asked.room], 0, -self._total)
        part = self._fix(part, [int(q) for q in asked.least], 0, self._total)
        fitted = self._fit(node._replace(part=part))
        at = np.setdiff1d(np.arange(len(asked.room)), list(part.closed))
        if fitted is None or not fitted.pairs[:, at].any(axis=1).all():
            return None
        if row >= len(self._told.multipliers):
            return self._narrow_by_knapsacks(fitted, row - len(self._told.multipliers))
        usable, lam = fitted.pairs[:, at], self._capacity_multipliers(part, row)[at]
        paid = asked.costs[:, at].astype(exact) * scale + lam * asked.loads.astype(exact)[:, None]
        u = self._multipliers(paid, usable, row)
        held = np.where(lam > 0, asked.room[at].astype(exact), asked.least[at].astype(exact))
        rho = [0] * len(asked.room)
        prices = np.where(usable, np.minimum(paid - u[:, None], 0), 0).sum(axis=0) - lam * held
        for j, price in zip(at.tolist(), prices, strict=True):
            rho[j] = int(price)
        total = sum(u.tolist())
        part = self._fix(part, rho, total, self.claim.enough)
        opened = sorted(part.opened)
        if not (part.alive and self._told.whole and len(opened) == self._told.sites):
            return _with_part(fitted, part)
        left = self.claim.enough - total - sum(rho[j] for j in opened)
        pairs = np.zeros_like(fitted.pairs)
        pairs[:, at] = usable & np.asarray(paid - u[:, None] <= max(0, left), bool)
        pairs[:, np.setdiff1d(np.arange(len(rho)), opened)] = False
        return self._fit(_Node(part, pairs))

    def _narrow_by_knapsacks(self, node: _Node, row: int) -> _Node | None:
        """Return what the knapsacks of decided sites leave of a node."""
        at = sorted(node.part.opened)
        if not self._told.whole or len(at) != self._told.sites:
            return node
        costs, room = self._asked.costs[:, at].astype(object) * self._told.scale, self._asked.room[at]
        asked = Knapsacks(costs, node.pairs[:, at], self._asked.loads, self._asked.least[at], room)
        kept = np.zeros_like(node.pairs)
        kept[:, at] = affordable_pairs(asked, self._told.knapsacks[row], self.claim.enough)
        return self._fit(node._replace(pairs=kept))

    def _capacity_multipliers(self, part: Part, row: int) -> NDArray[Any]:
        """Return λ (m,) of a node."""
        if row >= 0:
            return np.asarray(self._told.tolls[row], self._exact)
        lam: NDArray[Any] = np.zeros(len(self._asked.room), self._exact)
        if len(part.opened) == self._told.sites:
            lam[sorted(part.opened)] = self._told.site_tolls[-1 - row]
        return lam

    def _multipliers(self, paid: NDArray[Any], usable: NDArray[np.bool_], row: int) -> NDArray[Any]:
        """Return u (n,) of a node, where i pays `paid` at the sites still open to it."""
        if row >= 0:
            return np.asarray(self._told.multipliers[row], self._exact)
        never = int(np.abs(paid).max(initial=0)) + 1
        return np.asarray(np.where(usable, paid, never).min(axis=1, initial=never))

    def _fit(self, node: _Node) -> _Node | None:
        """Drop the pairs for which those who have no other choice leave no room, once the sites are decided."""
        opened = sorted(node.part.opened)
        if not node.part.alive:
            return None
        if not self._told.whole or len(opened) != self._told.sites:
            return node
        pairs, loads = node.pairs[:, opened], self._asked.loads
        while True:
            choices = pairs.sum(axis=1)
            if (choices == 0).any():
                return None
            sure = pairs & (choices == 1)[:, None]
            left = self._asked.room[opened] - loads @ sure
            if (left < 0).any() or (loads @ pairs < self._asked.least[opened]).any():
                return None
            fitting = pairs & (sure | (loads[:, None] <= left))
            if (fitting == pairs).all():
                break
            pairs = fitting
        kept = np.zeros_like(node.pairs)
        kept[:, opened] = pairs
        return node._replace(pairs=kept)

    def _fix(self, part: Part, prices: list[int], total: int, enough: int) -> Part:
        """Fix the sites whose other choice makes the prices of the opened ones exceed `enough`."""
        return narrow(prices, total, self.claim._replace(enough=enough), part)[0] if part.alive else part
