"""For each demand point the candidates from near to far: what every kernel of the p-sites engine walks."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

MOST_ENTRIES = 25_000_000
"""Pairs on the lists, beyond what four times the sites of an average catchment need: 300 MB."""
MARGIN = 1.25
"""Lists are turned round to a little beyond the prices, which then may rise for some steps."""
_SITE_BITS = 20  # a million sites; the other 42 bits hold any distance in seconds or person-seconds of one place
_PACKED = 2 ** (62 - _SITE_BITS)


class Lists(NamedTuple):
    """Candidates of every demand point, near to far, those of demand point i at ``start[i]:start[i + 1]``.

    Parameters
    ----------
    start : (n + 1,) int64
    site : (k,) int32
    distance : (k,) float64
        Whole numbers.
    multiplier_limit : (n,) float64
        No multiplier need or may exceed it: as near as anything left out, or as far as anything goes.
    """

    start: NDArray[np.int64]
    site: NDArray[np.int32]
    distance: NDArray[np.float64]
    multiplier_limit: NDArray[np.float64]


class Crowds(NamedTuple):
    """Who may use each site: those of site j at ``start[j]:start[j + 1]``; every array is changed in place.

    Parameters
    ----------
    until : (n,) int64
        Up to where each list has been read.
    start : (m + 1,) int64
    who : (k,) int32
        Room for all of the lists; what is not read of them takes no memory.
    distance : (k,) float64
    """

    until: NDArray[np.int64]
    start: NDArray[np.int64]
    who: NDArray[np.int32]
    distance: NDArray[np.float64]


def list_sites(distances: NDArray[Any], sites: int, unserved_cost: NDArray[np.float64]) -> Lists:
    """Sort the candidates of every demand point; equal ones by position.

    Parameters
    ----------
    distances : (n, m) int
        Negative where not allowed.
    sites
        How many are to be opened: the fewer, the longer the lists must be.
    unserved_cost : (n,) float64
        Whole numbers: what to pay at most where some candidates are not allowed.
    """
    n, m = distances.shape
    longest = min(m, 8 * -(-m // sites) + 64, max(4 * -(-m // sites) + 64, MOST_ENTRIES // max(1, n)))
    allowed = np.concatenate([(distances[b : b + 256] >= 0).sum(axis=1) for b in range(0, max(1, n), 256)])
    counts, multiplier_limit = np.minimum(allowed, longest), np.maximum(unserved_cost, 0.0)
    start = np.append(0, np.cumsum(counts))
    site, distance = np.empty(start[-1], np.int32), np.empty(start[-1])
    for begin in range(0, n, 256):
        block = distances[begin : begin + 256]
        rows = slice(begin, begin + len(block))
        order, near = _nearest(block, min(longest + 1, m))
        everywhere = allowed[rows] == m
        multiplier_limit[rows][everywhere] = block[everywhere].max(axis=1, initial=0)
        cut = allowed[rows] > longest
        if cut.any():
            multiplier_limit[rows][cut] = near[cut, longest]
        listed = np.arange(order.shape[1])[None, :] < counts[rows, None]
        entries = slice(start[begin], start[begin + len(block)])
        site[entries], distance[entries] = order[listed], near[listed]
    return Lists(start, site, distance, multiplier_limit)


def _nearest(block: NDArray[Any], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return positions and distances of the `count` nearest, those not allowed last."""
    far = np.where(block < 0, np.iinfo(np.int64).max >> _SITE_BITS, block).astype(np.int64)
    if block.max(initial=0) < _PACKED and block.shape[1] < 2**_SITE_BITS:
        far[block < 0] = _PACKED  # distance and position in one number sort faster than by two keys
        packed = (far << _SITE_BITS) | np.arange(block.shape[1])
        if count < block.shape[1]:
            packed = np.partition(packed, count - 1, axis=1)[:, :count]
        packed.sort(axis=1)
        return packed & (2**_SITE_BITS - 1), packed >> _SITE_BITS
    far[block < 0] = np.iinfo(np.int64).max
    order = np.argsort(far, axis=1, kind="stable")[:, :count]
    return order, np.take_along_axis(far, order, axis=1)


@compiled
def shorten(
    lists: Lists, state: NDArray[np.int8], most: NDArray[np.float64], unserved_cost: NDArray[np.float64]
) -> Lists:
    """Leave out closed candidates (−1) and whatever nobody needs or may use.

    Parameters
    ----------
    lists
    state : (m,) int8
        Nobody goes farther than to an opened candidate (1).
    most : (n,) float64
        Nor farther than this: then a multiplier may rise to `unserved_cost`.
    unserved_cost : (n,) float64
    """
    n = len(lists.multiplier_limit)
    start = np.zeros(n + 1, np.int64)
    multiplier_limit = lists.multiplier_limit.copy()
    for i in range(n):
        kept = 0
        for k in range(lists.start[i], lists.start[i + 1]):
            if lists.distance[k] > most[i]:
                multiplier_limit[i] = unserved_cost[i]
                break
            of = state[lists.site[k]]
            if of != -1:
                kept += 1
            if of == 1:
                multiplier_limit[i] = lists.distance[k]
                break
        start[i + 1] = start[i] + kept
    site = np.empty(start[n], np.int32)
    distance = np.empty(start[n], np.float64)
    for i in range(n):
        at = start[i]
        for k in range(lists.start[i], lists.start[i + 1]):
            if at == start[i + 1]:
                break
            if state[lists.site[k]] != -1:
                site[at] = lists.site[k]
                distance[at] = lists.distance[k]
                at += 1
    return Lists(start, site, distance, multiplier_limit)


@compiled
def price_exactly(lists: Lists, weights: NDArray[np.int64], whole: NDArray[np.int64], scale: int, count: int) -> Any:
    """Return (m,) ρ_j = Σ_i min(0, scale·w_i·d_ij − u_i) in int64, for listed pairs.

    Right for the others as well, since no u_i exceeds scale·w_i·ceiling_i.
    """
    rho = np.zeros(count, np.int64)
    for i in range(len(weights)):
        step = scale * weights[i]
        for k in range(lists.start[i], lists.start[i + 1]):
            excess = step * np.int64(lists.distance[k]) - whole[i]
            if excess >= 0:
                break
            rho[lists.site[k]] += excess
    return rho


@compiled
def no_crowds(points: int, sites: int, entries: int) -> Crowds:
    """Return room for the crowds of so many demand points and sites, nothing read yet."""
    start = np.zeros(sites + 1, np.int64)
    return Crowds(np.zeros(points, np.int64), start, np.empty(entries, np.int32), np.empty(entries))


@compiled
def turn_round(lists: Lists, prices: NDArray[np.float64], crowds: Crowds) -> None:
    """Turn the lists round: who is so near to each site that its price could come to that."""
    until, start = crowds.until, crowds.start
    until[:] = lists.start[1:]
    start[:] = 0
    for i in range(len(prices)):
        for k in range(lists.start[i], lists.start[i + 1]):
            if lists.distance[k] > MARGIN * prices[i]:
                until[i] = k
                break
            start[lists.site[k] + 1] += 1
    start[:] = np.cumsum(start)
    at = start.copy()
    for i in range(len(prices)):
        for k in range(lists.start[i], until[i]):
            to = at[lists.site[k]]
            crowds.who[to], crowds.distance[to] = i, lists.distance[k]
            at[lists.site[k]] += 1
