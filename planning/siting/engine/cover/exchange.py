"""Look for a cover with a given number of sites by exchanges, giving weight to whom they keep leaving out.

Row weighting local search (Gao, Weise & Li 2015): close the site that is missed least, open the best one
for somebody who is left out, and let everybody who still is count 1 more. Who is served next is drawn by
lot, always the same lots: to serve those first who have been left out longest goes round in circles. Their
rule that a closed site waits until something near it changes is left out: with it, the smallest covers of
counties came later, in hard cases ten times.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.cover.reduce import reduce_cover
from planning.siting.engine.sites.selection import Quota
from planning.siting.limits import Limits
from planning.siting.rules import Rules

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
WORK_AT_ONCE, WORK_A_START = 20_000_000, 400_000_000
"""Entries touched in one compiled call, so that a cancel is heard; and until it begins anew elsewhere."""


class Pairs(NamedTuple):
    """Of each item the partners ``partner[start[i]:start[i + 1]]``."""

    start: Ints
    partner: Ints


class Bonds(NamedTuple):
    """What ties sites: `fixed` ones never close, those not `able` never open; `apart` pairs and quotas hold."""

    fixed: Bools
    able: Bools
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
    clashes : (m,) int64
        Opened sites too near.
    there : (g,) int64
        Sites opened in each township with limits.
    left : (n,) int64
        Demand points left out, the first ``counts[0]``.
    place : (n,) int64
        Where a demand point stands among them.
    inside : (s,) int64
        Sites opened.
    counts : (2,) int64
        How many are left out; the last lot.
    """

    opened: Bools
    weights: Ints
    times: Ints
    score: Ints
    since: Ints
    clashes: Ints
    there: Ints
    left: Ints
    place: Ints
    inside: Ints
    counts: Ints


def exchange_sites(
    covers: Bools, opened: Ints, rules: Rules, *, work: int, limits: Limits, before: int = 0
) -> Ints | None:
    """Look for as many sites that cover everyone.

    Parameters
    ----------
    covers : (n, m) bool
    opened : (s,) int64
        Where to start from; obeys the rules.
    work
        How many entries of the ledger to touch, about; whoever has found nothing for long starts again
        with other lots, since the luck of such searches varies widely.
    before
        Starts made before: their lots are not drawn again.

    Returns
    -------
    (s,) int64, or None
    """
    if not rules.plain:
        return _search(covers, opened, rules, work, limits, before)
    everyone, everywhere = (np.arange(size) for size in covers.shape)
    core = reduce_cover(covers, everyone, everywhere, rules)
    start = np.unique(np.searchsorted(core.columns, core.stand_ins(opened)))
    spare = np.setdiff1d(np.arange(len(core.columns)), start)[: len(opened) - len(start)]
    start = np.append(start, spare)
    if len(start) < len(opened):
        return None
    inner = Rules.from_arrays(len(core.columns))
    found = _search(covers[np.ix_(core.rows, core.columns)], start, inner, work, limits, before)
    return None if found is None else core.columns[found]


def _search(covers: Bools, opened: Ints, rules: Rules, work: int, limits: Limits, before: int) -> Ints | None:
    """Exchange sites of a covering problem as it stands."""
    for lots in range(before + 1, before - (-work // WORK_A_START) + 1):
        found = _start(covers, opened, rules, min(work, WORK_A_START), limits, lots)
        if found is not None or limits.reached():
            return found
    return None


def _start(covers: Bools, opened: Ints, rules: Rules, work: int, limits: Limits, lots: int) -> Ints | None:
    """Exchange from one start; `lots` tells which are drawn."""
    n, m = covers.shape
    by_row, by_site = pair_up(covers), pair_up(covers.T)
    apart = np.zeros((m, m), np.bool_)
    apart[rules.apart[:, 0], rules.apart[:, 1]] = apart[rules.apart[:, 1], rules.apart[:, 0]] = True
    bonds = Bonds(rules.kept, ~rules.barred, pair_up(apart), Quota.of(rules))
    ledger = begin_ledger(opened, np.ones(n, np.int64), covers.sum(axis=0).astype(np.int64), bonds, lots)
    for site in opened.tolist():
        turn_site(by_row, by_site, bonds, ledger, site, 0)
    each = 2 * (int(covers.sum()) // max(1, min(covers.shape))) ** 2 + sum(covers.shape)  # entries an exchange
    at_once = max(1, WORK_AT_ONCE // each)
    for begin in range(1, max(1, work // each) + 1, at_once):
        if _walk(by_row, by_site, bonds, ledger, begin, at_once):
            return np.sort(ledger.inside)
        if limits.reached():
            break
    return None


def begin_ledger(opened: Ints, weights: Ints, score: Ints, bonds: Bonds, lots: int) -> Ledger:
    """Return the ledger of a search that is to open these sites, before it has opened any."""
    n, m = len(weights), len(score)
    none = np.zeros(n, np.int64), np.zeros(m, np.int64), np.zeros(m, np.int64), np.zeros_like(bonds.quota.least)
    times, since, clashes, there = none
    left, place, inside, counts = np.arange(n), np.arange(n), opened.astype(np.int64), np.array([n, lots])
    return Ledger(np.zeros(m, np.bool_), weights, times, score, since, clashes, there, left, place, inside, counts)


def pair_up(covers: Bools) -> Pairs:
    """Return of each row the columns where it is true."""
    start = np.append(0, np.cumsum(covers.sum(axis=1)))
    return Pairs(start.astype(np.int64), np.nonzero(covers)[1].astype(np.int64))


@compiled
def _walk(by_row: Pairs, by_site: Pairs, bonds: Bonds, ledger: Ledger, begin: int, steps: int) -> bool:
    """Exchange until everyone is covered; whether that came to be."""
    last = -1
    for step in range(begin, begin + steps):
        if ledger.counts[0] == 0:
            return True
        place = _least_missed(bonds, ledger, last)
        if place < 0:
            return False
        leaving = ledger.inside[place]
        turn_site(by_row, by_site, bonds, ledger, leaving, step)
        last = _best_for_somebody(by_row, bonds, ledger, leaving)
        if last < 0:
            last = leaving
        turn_site(by_row, by_site, bonds, ledger, last, step)
        ledger.inside[place] = last
        for t in range(ledger.counts[0]):
            i = ledger.left[t]
            ledger.weights[i] += 1
            for k in range(by_row.start[i], by_row.start[i + 1]):
                ledger.score[by_row.partner[k]] += 1
    return bool(ledger.counts[0] == 0)


@compiled
def _least_missed(bonds: Bonds, ledger: Ledger, last: int) -> int:
    """Return the place among the opened sites of the one to close; −1 if none may be."""
    best = -1
    for t in range(len(ledger.inside)):
        j = ledger.inside[t]
        if bonds.fixed[j] or j == last:
            continue
        town = bonds.quota.township[j]
        if town >= 0 and ledger.there[town] <= bonds.quota.least[town]:
            continue
        if best < 0 or _goes_first(ledger, j, ledger.inside[best]):
            best = t
    return best


@compiled
def _goes_first(ledger: Ledger, one: int, other: int) -> bool:
    """Whether `one` scores more than `other`, or as much and has waited longer."""
    if ledger.score[one] != ledger.score[other]:
        return bool(ledger.score[one] > ledger.score[other])
    return bool(ledger.since[one] < ledger.since[other])


@compiled
def _best_for_somebody(by_row: Pairs, bonds: Bonds, ledger: Ledger, left: int) -> int:
    """Return the best site but `left` for one of those left out, drawn by lot; −1 if nothing helps that one."""
    best = -1
    if ledger.counts[0] == 0:
        return best
    ledger.counts[1] = (ledger.counts[1] * 1103515245 + 12345) & 0x7FFFFFFF
    who = ledger.left[(ledger.counts[1] >> 8) % ledger.counts[0]]
    for k in range(by_row.start[who], by_row.start[who + 1]):
        j = by_row.partner[k]
        if ledger.opened[j] or j == left or ledger.clashes[j] > 0 or not bonds.able[j]:
            continue
        town = bonds.quota.township[j]
        if town >= 0 and ledger.there[town] >= bonds.quota.most[town]:
            continue
        if best < 0 or _goes_first(ledger, j, best):
            best = j
    return best


@compiled
def turn_site(by_row: Pairs, by_site: Pairs, bonds: Bonds, ledger: Ledger, site: int, step: int) -> None:
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
        before = ledger.times[i]
        after = before + sign
        ledger.times[i] = after
        if before == 0 or after == 0:
            if after == 0:
                _leave_out(ledger, i)
            else:
                _take_in(ledger, i)
            for q in range(by_row.start[i], by_row.start[i + 1]):
                if by_row.partner[q] != site:
                    ledger.score[by_row.partner[q]] -= sign * ledger.weights[i]
        elif before == 1 or after == 1:
            for q in range(by_row.start[i], by_row.start[i + 1]):
                other = by_row.partner[q]
                if ledger.opened[other] and other != site:  # the only one beside it
                    ledger.score[other] += sign * ledger.weights[i]
                    break


@compiled
def _leave_out(ledger: Ledger, i: int) -> None:
    """Count a demand point among those left out."""
    ledger.left[ledger.counts[0]], ledger.place[i] = i, ledger.counts[0]
    ledger.counts[0] += 1


@compiled
def _take_in(ledger: Ledger, i: int) -> None:
    """Count a demand point no longer among those left out: the last of them takes its place."""
    ledger.counts[0] -= 1
    last, to = ledger.left[ledger.counts[0]], ledger.place[i]
    ledger.left[to], ledger.place[last] = last, to


def warm_cover_exchange() -> None:
    """Compile or load the kernels of this file."""
    exchange_sites(np.eye(2, dtype=bool), np.array([0]), Rules.from_arrays(2), work=1, limits=Limits())
