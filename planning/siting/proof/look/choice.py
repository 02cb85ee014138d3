"""A quick choice of sites: greedily, then by exchanges of one site, within rules and money. It proves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.rules_kept import breaks
from planning.siting.rules import Rules

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ROUNDS = 8
"""Times that every opened site is offered an exchange: none helps after six, in 48 of seeded counties."""
LITTLE = 1e-3
"""How much the groups count that do not pay most: of two plans with the same worst one the better for all."""
TURNS = 400
"""Exchanges at most until everybody is near; the weights that steer them repeat long before."""
OFFERS = 4
"""So many sites are tried in the place of one, the best first: rules and money may refuse the first ones."""


class Worth(Protocol):
    """What sets of sites cost, small is good."""

    def with_one_more(self, opened: Ints) -> tuple[float, Floats]:
        """Return what these sites (k,) cost, and with each further one (m,)."""


class NearestPays(Worth):
    """Everybody pays his cheapest opened site.

    Parameters
    ----------
    pay : (n, m) float64
        ``inf`` where a site may not serve.
    """

    def __init__(self, pay: Floats) -> None:
        finite = pay[np.isfinite(pay)]
        # Nobody unserved is worth any saving of the others.
        self._unserved = (pay.shape[0] + 1.0) * (finite.max(initial=0.0) + 1.0)
        self._pay = np.where(np.isfinite(pay), pay, self._unserved)

    def with_one_more(self, opened: Ints) -> tuple[float, Floats]:
        """Return what these sites (k,) cost, and with each further one (m,)."""
        now, more = self.by_place(opened)
        return float(now.sum()), more.sum(axis=0)

    def by_place(self, opened: Ints) -> tuple[Floats, Floats]:
        """Return what each place pays (n,), and with each further site (n, m)."""
        now = self._pay[:, opened].min(axis=1, initial=self._unserved)
        return now, np.minimum(now[:, None], self._pay)


class SitesPay(Worth):
    """What opening sites costs is added.

    Parameters
    ----------
    worth
        What else sets of sites cost.
    yuan : (m,) int64
        What opening each site adds.
    """

    def __init__(self, worth: Worth, yuan: Ints) -> None:
        self._worth, self._yuan = worth, yuan

    def with_one_more(self, opened: Ints) -> tuple[float, Floats]:
        """Return what these sites (k,) cost, and with each further one (m,)."""
        now, more = self._worth.with_one_more(opened)
        spent = float(self._yuan[opened].sum())
        return now + spent, more + spent + self._yuan


class WorstGroupPays(Worth):
    """The group that pays most counts, then all of them a little.

    Parameters
    ----------
    pay : (n, m) float64
        ``inf`` where a site may not serve.
    groups : (n,) int64
        Every number up to the largest is some place's.
    """

    def __init__(self, pay: Floats, groups: Ints) -> None:
        order = np.argsort(groups, kind="stable")
        self._begin = np.searchsorted(groups[order], np.arange(int(groups.max(initial=-1)) + 1))
        self._each = NearestPays(pay[order])

    def with_one_more(self, opened: Ints) -> tuple[float, Floats]:
        """Return what these sites (k,) cost, and with each further one (m,)."""
        now, more = self._each.by_place(opened)
        if not len(now):
            return 0.0, np.zeros(more.shape[1])
        groups, further = (np.add.reduceat(paid, self._begin, axis=0) for paid in (now, more))
        return float(groups.max() + LITTLE * groups.sum()), further.max(axis=0) + LITTLE * further.sum(axis=0)


class CountsPay(Worth):
    """What a place pays depends on how many opened sites are near it.

    Parameters
    ----------
    near : (n, m) bool
    none, one : (n,) float64
        What a place pays with no site near, and with one; with more it pays nothing.
    """

    def __init__(self, near: Bools, none: Floats, one: Floats) -> None:
        self.near, self._columns = near, near.astype(np.float64)
        self._pays = np.column_stack([none, one, np.zeros((len(near), 2))])

    def with_one_more(self, opened: Ints) -> tuple[float, Floats]:
        """Return what these sites (k,) cost, and with each further one (m,)."""
        count, every = self.near[:, opened].sum(axis=1).clip(max=2), np.arange(len(self.near))
        now = self._pays[every, count]
        return float(now.sum()), now.sum() + (self._pays[every, count + 1] - now) @ self._columns


@dataclass(frozen=True, eq=False)
class Bounds:
    """Which sets of sites may be chosen.

    Parameters
    ----------
    rules
    count
        Exactly so many sites, ``None`` for any number.
    yuan : (m,) int64
        What opening each site adds.
    money
        Most that all may cost together, ``None`` for no limit.
    work
        Cells of the costs that may be looked at, until it is enough.
    """

    rules: Rules
    count: int | None
    yuan: Ints
    money: int | None
    work: int

    def allows(self, opened: Ints) -> bool:
        """Whether a set of sites keeps to all of them."""
        spent = self.money is None or sum(self.yuan[opened].tolist()) <= self.money
        return spent and self.count in (None, len(opened)) and not breaks(self.rules, opened)


def choose(worth: Worth, bounds: Bounds, size: int) -> Ints | None:
    """Return a good set of sites, ``None`` where none is found within the bounds.

    Parameters
    ----------
    worth
    bounds
    size
        Cells of the costs that each question to `worth` looks at.
    """
    opened = _grow(worth, bounds)
    return exchange(worth, bounds, opened, size) if bounds.allows(opened) else None


def exchange(worth: Worth, bounds: Bounds, opened: Ints, size: int) -> Ints:
    """Return a set of sites after the exchanges that helped."""
    asked, kept = 0, set(np.flatnonzero(bounds.rules.kept).tolist())
    for _ in range(ROUNDS):
        begin = opened
        for out in opened.tolist():
            asked += size
            if out in kept or asked > bounds.work:
                continue
            opened = _instead(worth, bounds, opened, out)
        if np.array_equal(begin, opened) or asked > bounds.work:
            break
    return opened


def cover_all(near: Bools, bounds: Bounds, opened: Ints) -> Ints:
    """Return a set of sites after exchanges that bring whoever is left out longest within reach, till nobody is.

    Whoever is left out weighs more from turn to turn (row weighting: Gao et al. 2015).

    Parameters
    ----------
    near : (n, m) bool
    bounds
    opened : (k,) int64
    """
    weights, columns, kept = np.ones(len(near)), near.astype(np.float64), bounds.rules.kept
    for _ in range(min(TURNS, bounds.work // max(1, 3 * near.size))):
        count = near[:, opened].sum(axis=1)
        left = count == 0
        if not left.any():
            break
        weights[left] += 1.0
        who = int(np.argmax(np.where(left, weights, 0.0)))
        gain = np.where(near[who], (weights * left) @ columns, -1.0)
        gain[bounds.rules.barred] = -1.0
        into = int(np.argmax(gain))
        after = count + near[:, into]
        loss = (weights * (after == 1)) @ columns[:, opened]
        loss[kept[opened] | (opened == into)] = np.inf
        for place in np.argsort(loss, kind="stable")[:OFFERS].tolist():
            changed = np.sort(np.append(np.delete(opened, place), into))
            if np.isfinite(loss[place]) and gain[into] > 0 and bounds.allows(changed):
                opened = changed
                break
    return opened


def _instead(worth: Worth, bounds: Bounds, opened: Ints, out: int) -> Ints:
    """Return the sites with the best one in the place of `out`."""
    rest = opened[opened != out]
    totals = worth.with_one_more(rest)[1]
    now = totals[out]
    totals[rest] = np.inf
    for site in np.argsort(totals, kind="stable")[:OFFERS].tolist():
        if totals[site] >= now:
            break
        changed = np.sort(np.append(rest, site))
        if bounds.allows(changed):
            return changed
    return opened


def _grow(worth: Worth, bounds: Bounds) -> Ints:
    """Open site after site: the kept ones, what townships lack, then whatever is worth most."""
    rules, money = bounds.rules, bounds.money
    opened = np.flatnonzero(rules.kept | ((bounds.yuan < 0) & ~rules.barred & (bounds.count is None)))
    while bounds.count is None or len(opened) < bounds.count:
        free, lacking = _free(rules, opened)
        if money is not None:
            left = money - sum(bounds.yuan[opened].tolist())
            more = 0 if bounds.count is None else bounds.count - len(opened) - 1
            cheapest = np.sort(bounds.yuan[free])[:more].sum() if more else 0
            free &= bounds.yuan <= left - cheapest
        if not free.any():
            break
        now, totals = worth.with_one_more(opened)
        gain = now - totals
        if bounds.count is None and money is not None:
            gain = gain / np.maximum(bounds.yuan, 1)
        site = int(np.argmax(np.where(free, gain, -np.inf)))
        if bounds.count is None and not lacking and gain[site] <= 0 and len(opened):
            break
        opened = np.sort(np.append(opened, site))
    return opened


def _free(rules: Rules, opened: Ints) -> tuple[Bools, bool]:
    """(m,) the sites that may be opened beside these; only those that a township lacks, if one lacks any."""
    free = ~rules.barred
    free[opened] = False
    beside = np.isin(rules.apart, opened)
    free[rules.apart[beside.any(axis=1)]] = False
    of = rules.township
    there = np.bincount(of[opened][of[opened] >= 0], minlength=len(rules.townships))
    full, short = np.append(there >= rules.most, False), np.append(there < rules.least, False)
    free &= ~full[of]
    if not short.any():
        return free, False
    return free & short[of], True
