"""Look for a cover with a given number of sites by exchanges, giving weight to whom they keep leaving out.

Row weighting local search (Gao, Weise & Li 2015): close the site that is missed least, open the best one
for somebody who is left out, and let everybody who still is count 1 more. No chance is involved: of
uncovered demand points the one left out longest is served first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.sites.selection import Quota
from planning.siting.limits import Limits
from planning.siting.rules import Rules

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
WORK_AT_ONCE = 20_000_000


class Pairs(NamedTuple):
    """Of each item the partners ``partner[start[i]:start[i + 1]]``."""

    start: Ints
    partner: Ints


class Bonds(NamedTuple):
    """What ties sites: those kept or barred stay as they are; `apart` pairs and townships' quotas hold."""

    fixed: Bools
    apart: Pairs
    quota: Quota


class Ledger(NamedTuple):
    """Where a search stands.

    Parameters
    ----------
    opened : (m,) bool
    weights : (n,) int64
    times : (n,) int64
        How many opened sites cover the demand point.
    score : (m,) int64
        Weight that an exchange of the site's state would gain.
    since : (m,) int64
        Step of the last change.
    able : (m,) bool
        Whether something nearby changed since the site was closed.
    clashes : (m,) int64
        Opened sites too near.
    there : (g,) int64
        Sites opened in each township with limits.
    left : (n,) int64
        Since which step a demand point is left out; −1 if it is not.
    """

    opened: Bools
    weights: Ints
    times: Ints
    score: Ints
    since: Ints
    able: Bools
    clashes: Ints
    there: Ints
    left: Ints


def exchange_sites(covers: Bools, opened: Ints, rules: Rules, *, work: int, limits: Limits) -> Ints | None:
    """Look for as many sites that cover everyone.

    Parameters
    ----------
    covers : (n, m) bool
    opened : (s,) int64
        Where to start from; obeys the rules.
    work
        How many entries of the ledger to touch, about.

    Returns
    -------
    (s,) int64, or None
    """
    m = covers.shape[1]
    by_row, by_site = _pairs(covers), _pairs(covers.T)
    ends = np.concatenate([rules.apart, rules.apart[:, ::-1]])
    ends = ends[np.argsort(ends[:, 0], kind="stable")]
    near = Pairs(np.searchsorted(ends[:, 0], np.arange(m + 1)), np.ascontiguousarray(ends[:, 1]))
    bonds = Bonds(rules.kept | rules.barred, near, Quota.of(rules))
    ledger = Ledger(
        np.zeros(m, np.bool_),
        np.ones(len(covers), np.int64),
        np.zeros(len(covers), np.int64),
        covers.sum(axis=0).astype(np.int64),
        np.zeros(m, np.int64),
        np.ones(m, np.bool_),
        np.zeros(m, np.int64),
        np.zeros(len(rules.townships), np.int64),
        np.zeros(len(covers), np.int64),
    )
    for site in opened.tolist():
        _turn(by_row, by_site, bonds, ledger, site, 0)
    each = 2 * (int(covers.sum()) // max(1, min(covers.shape))) ** 2 + sum(covers.shape)  # entries an exchange
    at_once = max(1, WORK_AT_ONCE // each)
    for begin in range(1, max(1, work // each) + 1, at_once):
        if _walk(by_row, by_site, bonds, ledger, begin, at_once):
            return np.flatnonzero(ledger.opened)
        if limits.reached():
            break
    return None


def shrink_cover(covers: Bools, opened: Ints, rules: Rules, *, work: int, limits: Limits) -> Ints:
    """Return a cover with fewer sites than `opened`, as long as exchanges find one; the same as otherwise.

    Parameters
    ----------
    covers : (n, m) bool
    opened : (s,) int64
        A cover that obeys the rules.
    """
    while not limits.reached():
        there = np.bincount(rules.township[opened] + 1, minlength=len(rules.townships) + 1)
        spare = np.append(np.inf, there[1:] - rules.least)[rules.township[opened] + 1] > 0
        leaving = np.flatnonzero(spare & ~rules.kept[opened])
        if len(leaving) == 0:
            break
        alone = covers[:, opened].sum(axis=1) == 1
        missed = covers[np.ix_(alone, opened[leaving])].sum(axis=0)
        start = np.delete(opened, leaving[np.argmin(missed)])
        fewer = exchange_sites(covers, start, rules, work=work, limits=limits)
        if fewer is None:
            break
        opened = fewer
    return opened


def _pairs(covers: Bools) -> Pairs:
    start = np.append(0, np.cumsum(covers.sum(axis=1)))
    return Pairs(start.astype(np.int64), np.nonzero(covers)[1].astype(np.int64))


@compiled
def _walk(by_row: Pairs, by_site: Pairs, bonds: Bonds, ledger: Ledger, begin: int, steps: int) -> bool:
    """Exchange until everyone is covered; whether that came to be."""
    last = -1
    for step in range(begin, begin + steps):
        if not (ledger.times == 0).any():
            return True
        leaving = _least_missed(bonds, ledger, last)
        if leaving < 0:
            return False
        _turn(by_row, by_site, bonds, ledger, leaving, step)
        ledger.able[leaving] = False
        last = _best_for_somebody(by_row, bonds, ledger)
        if last < 0:
            last = leaving
        _turn(by_row, by_site, bonds, ledger, last, step)
        for i in range(len(ledger.times)):
            if ledger.times[i] == 0:
                ledger.weights[i] += 1
                for k in range(by_row.start[i], by_row.start[i + 1]):
                    ledger.score[by_row.partner[k]] += 1
    return not (ledger.times == 0).any()


@compiled
def _least_missed(bonds: Bonds, ledger: Ledger, last: int) -> int:
    best = -1
    for j in range(len(ledger.opened)):
        if not ledger.opened[j] or bonds.fixed[j] or j == last:
            continue
        town = bonds.quota.township[j]
        if town >= 0 and ledger.there[town] <= bonds.quota.least[town]:
            continue
        if best < 0 or _goes_first(ledger, j, best):
            best = j
    return best


@compiled
def _goes_first(ledger: Ledger, one: int, other: int) -> bool:
    """Whether `one` scores more than `other`, or as much and has waited longer."""
    if ledger.score[one] != ledger.score[other]:
        return bool(ledger.score[one] > ledger.score[other])
    return bool(ledger.since[one] < ledger.since[other])


@compiled
def _best_for_somebody(by_row: Pairs, bonds: Bonds, ledger: Ledger) -> int:
    """Return the best site for whoever has been left out longest and can be helped."""
    who = -1
    for i in range(len(ledger.times)):
        if ledger.times[i] == 0 and (who < 0 or ledger.left[i] < ledger.left[who]):
            who = i
    best = -1
    if who < 0:
        return best
    for k in range(by_row.start[who], by_row.start[who + 1]):
        j = by_row.partner[k]
        if ledger.opened[j] or bonds.fixed[j] or ledger.clashes[j] > 0 or not ledger.able[j]:
            continue
        town = bonds.quota.township[j]
        if town >= 0 and ledger.there[town] >= bonds.quota.most[town]:
            continue
        if best < 0 or _goes_first(ledger, j, best):
            best = j
    if best < 0:
        ledger.left[who] += len(ledger.times)  # nobody can help now: others first
        for k in range(by_row.start[who], by_row.start[who + 1]):
            ledger.able[by_row.partner[k]] = True
    return best


@compiled
def _turn(by_row: Pairs, by_site: Pairs, bonds: Bonds, ledger: Ledger, site: int, step: int) -> None:
    """Open a closed site or close an opened one, and bring the ledger up to date."""
    sign = -1 if ledger.opened[site] else 1
    ledger.opened[site] = sign > 0
    ledger.score[site] = -ledger.score[site]
    ledger.since[site] = step
    for k in range(bonds.apart.start[site], bonds.apart.start[site + 1]):
        ledger.clashes[bonds.apart.partner[k]] += sign
    if bonds.quota.township[site] >= 0:
        ledger.there[bonds.quota.township[site]] += sign
    for k in range(by_site.start[site], by_site.start[site + 1]):
        i = by_site.partner[k]
        weight = ledger.weights[i]
        before = ledger.times[i]
        ledger.times[i] = before + sign
        if before + sign == 0:
            ledger.left[i] = step
        for q in range(by_row.start[i], by_row.start[i + 1]):
            other = by_row.partner[q]
            if other == site:
                continue
            ledger.able[other] = True
            if before == 0:
                ledger.score[other] -= weight
            elif before + sign == 0:
                ledger.score[other] += weight
            elif ledger.opened[other]:
                if before == 1:
                    ledger.score[other] += weight
                elif before == 2 and sign < 0:
                    ledger.score[other] -= weight


def warm_cover_exchange() -> None:
    """Compile or load the kernels of this file."""
    exchange_sites(np.eye(2, dtype=bool), np.array([0]), Rules.from_arrays(2), work=1, limits=Limits())
