"""Re-prove a tree of multipliers over sites of limited capacity, from the costs up.

Shares no code with the search that grows such trees: what a certificate means is said in
:mod:`planning.siting.proof.capacity_certificate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.capacity_knapsacks import Knapsacks, affordable_pairs
from planning.siting.proof.certificate import CLOSED, OPENED
from planning.siting.proof.domain import Domain, Domains, Node
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


_Node = Node[NDArray[np.bool_]]
"""Some plans, and who may go where (n, m)."""


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

    def divide(k: int, node: _Node) -> tuple[_Node, _Node]:
        if branches[k] >= m:
            return _divide_by_pair(node, *divmod(branches[k] - m, m))
        return checker.domains.divide(node, branches[k])

    return checker.domains.leave_nothing(checker.pairs, branches, lambda k, node: checker.narrow(node, rows[k]), divide)


def _divide_by_pair(node: _Node, who: int, site: int) -> tuple[_Node, _Node]:
    """Return the plans that send `who` to a site, and those that do not: the one branch that is not a set of sites."""
    without, inside = node.kept.copy(), node.kept.copy()
    without[who, site] = False
    inside[who] = False
    inside[who, site] = node.kept[who, site]
    return Node(node.domain, inside), Node(node.domain, without)


def _well_formed(question: CapacityQuestion, certificate: CapacityCertificate) -> bool:
    (n, m), told = question.costs.shape, certificate
    rows, decided = len(told.multipliers) + len(told.knapsacks), len(told.site_tolls)
    branches = m + n * m if told.whole else m  # only whole loads have pairs
    if told.sites < 1 or not told.fits(branches, demand=n, sites=m, opened=told.sites):
        return False
    return bool(((told.row < rows) & (told.row >= -decided)).all())


class _Checker:
    """The arithmetic of one certificate."""

    def __init__(self, question: CapacityQuestion, certificate: CapacityCertificate) -> None:
        self._asked, self._told = question, certificate
        self.pairs = question.costs >= 0
        if certificate.whole:
            self.pairs &= question.loads[:, None] <= question.room
        self._never_full = (question.loads @ self.pairs < question.least) | (question.room < question.least)
        self._cutoff = (certificate.bound - 1) * certificate.scale
        self.domains = Domains.of_count(question.rules, certificate.sites)
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

    def narrow(self, node: _Node, row: int) -> _Node:
        """Return what is left of a node once the plans that cost more than `cutoff` are gone."""
        asked, scale, exact = self._asked, self._told.scale, self._exact
        domain = self.domains.propagate(node.domain.fix(self._never_full, CLOSED))
        domain = self._fix(domain, -asked.room, 0, -self._total)
        fitted = self._fit(Node(self._fix(domain, asked.least, 0, self._total), node.kept))
        at = np.flatnonzero(fitted.domain.state != CLOSED)
        if not (fitted.domain.alive and fitted.kept[:, at].any(axis=1).all()):
            return _without_plans(node)
        if row >= len(self._told.multipliers):
            return self._narrow_by_knapsacks(fitted, row - len(self._told.multipliers))
        usable, lam = fitted.kept[:, at], self._capacity_multipliers(fitted.domain, row)[at]
        paid = asked.costs[:, at].astype(exact) * scale + lam * asked.loads.astype(exact)[:, None]
        u = self._multipliers(paid, usable, row)
        held = np.where(lam > 0, asked.room[at].astype(exact), asked.least[at].astype(exact))
        rho = np.zeros(len(asked.room), object)
        rho[at] = np.where(usable, np.minimum(paid - u[:, None], 0), 0).sum(axis=0) - lam * held
        total = sum(u.tolist())
        domain = self._fix(fitted.domain, rho, total, self._cutoff)
        opened = np.flatnonzero(domain.state == OPENED)
        if not self._decided(domain):
            return Node(domain, fitted.kept)
        left = self._cutoff - total - sum(rho[opened].tolist())
        pairs = np.zeros_like(fitted.kept)
        pairs[:, at] = usable & np.asarray(paid - u[:, None] <= max(0, left), bool)
        return self._fit(Node(domain, pairs & (domain.state == OPENED)))

    def _narrow_by_knapsacks(self, node: _Node, row: int) -> _Node:
        """Return what the knapsacks of decided sites leave of a node."""
        if not self._decided(node.domain):
            return node
        at = np.flatnonzero(node.domain.state == OPENED)
        costs, room = self._asked.costs[:, at].astype(object) * self._told.scale, self._asked.room[at]
        asked = Knapsacks(costs, node.kept[:, at], self._asked.loads, self._asked.least[at], room)
        kept = np.zeros_like(node.kept)
        kept[:, at] = affordable_pairs(asked, self._told.knapsacks[row], self._cutoff)
        return self._fit(Node(node.domain, kept))

    def _decided(self, domain: Domain) -> bool:
        """Whether only who goes where is left to decide, and by whole demand points."""
        whole = domain.alive and self._told.whole
        return whole and np.count_nonzero(domain.state == OPENED) == self._told.sites

    def _capacity_multipliers(self, domain: Domain, row: int) -> NDArray[Any]:
        """Return λ (m,) of a node."""
        if row >= 0:
            return np.asarray(self._told.tolls[row], self._exact)
        lam: NDArray[Any] = np.zeros(len(self._asked.room), self._exact)
        opened = np.flatnonzero(domain.state == OPENED)
        if len(opened) == self._told.sites:
            lam[opened] = self._told.site_tolls[-1 - row]
        return lam

    def _multipliers(self, paid: NDArray[Any], usable: NDArray[np.bool_], row: int) -> NDArray[Any]:
        """Return u (n,) of a node, where i pays `paid` at the sites still open to it."""
        if row >= 0:
            return np.asarray(self._told.multipliers[row], self._exact)
        never = int(np.abs(paid).max(initial=0)) + 1
        return np.asarray(np.where(usable, paid, never).min(axis=1, initial=never))

    def _fit(self, node: _Node) -> _Node:
        """Drop the pairs for which those who have no other choice leave no room, once the sites are decided."""
        if not self._decided(node.domain):
            return node
        opened = np.flatnonzero(node.domain.state == OPENED)
        pairs, loads = node.kept[:, opened], self._asked.loads
        while True:
            choices = pairs.sum(axis=1)
            sure = pairs & (choices == 1)[:, None]
            left = self._asked.room[opened] - loads @ sure
            if (choices == 0).any() or (left < 0).any() or (loads @ pairs < self._asked.least[opened]).any():
                return _without_plans(node)
            fitting = pairs & (sure | (loads[:, None] <= left))
            if (fitting == pairs).all():
                break
            pairs = fitting
        kept = np.zeros_like(node.kept)
        kept[:, opened] = pairs
        return Node(node.domain, kept)

    def _fix(self, domain: Domain, prices: NDArray[Any], total: int, cutoff: int) -> Domain:
        """Fix the sites whose other choice makes the prices of the opened ones exceed `cutoff`."""
        return self.domains.narrow(domain, prices, total, cutoff)[0] if domain.alive else domain


def _without_plans(node: _Node) -> _Node:
    return Node(node.domain._replace(alive=False), node.kept)
