"""Every plan below a node that may yet be better, by who serves the remotest: compiled, and recorded as a proof.

Branching on the demand point with the fewest sites left makes small parts at once where p is small:
one of these sites serves it. Multipliers are not climbed to again but lowered to what an opened site
asks, and the last site is chosen exactly. Nodes and rows as in
:mod:`planning.siting.proof.shared_certificate`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from planning.siting.engine.sites.selection import Quota, choose_cheapest
from planning.siting.proof.certificate import CLOSED, FREE, LEAF, OPENED
from planning.siting.proof.shared_certificate import PLAIN, UNSERVED

Whole = NDArray[np.int64]
States = NDArray[np.int8]

LAST, COMMON = 0, 1
NOBODY = 2**61
"""What a site asks that may not serve."""


class Case(NamedTuple):
    """A question about some of the sites, in whole units of 1/scale.

    Parameters
    ----------
    names : (f,) int64
        The sites.
    asked : (f, n) int64
        What each asks of each demand point, ``NOBODY`` where not allowed.
    near : (k, 2) int64
        Pairs of sites too near to each other.
    quota
    sites
        How many to open.
    rows : (2, n) int64
        LAST: so high that nobody is left alone in a better plan, exact for the last site; COMMON: those climbed to.
    numbers : (2,) int64
        The names of the rows.
    """

    names: Whole
    asked: Whole
    near: Whole
    quota: Quota
    sites: int
    rows: Whole
    numbers: Whole


class Record(NamedTuple):
    """The tree so far, and the best plan.

    Parameters
    ----------
    row, branch : (k,) int64
        Room for the nodes.
    used : (1,) int64
        How many there are.
    enough : (2,) int64
        Cost (in 1/scale) that a better plan stays within, and the scale.
    plan : (f,) bool
        The plan that set it, if any did.
    """

    row: Whole
    branch: Whole
    used: Whole
    enough: Whole
    plan: NDArray[np.bool_]


@compiled
def explore(case: Case, begin: States, paid: Whole, record: Record) -> bool:
    """Grow the tree below a node, depth first.

    Parameters
    ----------
    case
    begin : (f,) int8
        −1 closed, 0 free, 1 opened.
    paid : (n,) int64
        The least that an opened site asks, ``NOBODY`` where none may serve.
    record
        Written to.

    Returns
    -------
    bool
        Whether the tree fits the record.
    """
    state, rho = begin.copy(), np.empty(len(begin), np.int64)
    while True:
        which = LAST if case.sites - np.count_nonzero(state == OPENED) <= 1 else COMMON
        row = case.numbers[which]
        if _settle(case, which, state, paid, rho, record):
            return _note(record, row, LEAF)
        demand, count = _remotest(case, state, paid)
        for _ in range(count):
            site = _cheapest(case, demand, state, rho)
            if not _note(record, row, case.names[site]):
                return False
            if not explore(case, _opened(case, state, site), np.minimum(paid, case.asked[site]), record):
                return False
            state[site], row = CLOSED, PLAIN
        if demand >= 0:
            return _note(record, row, UNSERVED - demand)


@compiled
def _settle(case: Case, which: int, state: States, paid: Whole, rho: Whole, record: Record) -> bool:
    """Close the sites that are too dear under a row; whether that settles the node, as the LAST row does."""
    pay = np.minimum(case.rows[which], paid)
    least = np.int64(0)
    for i in range(len(pay)):
        least += pay[i]
    for j in range(len(state)):
        rho[j] = 0
        if state[j] == FREE:
            for i in range(len(pay)):
                rho[j] += min(0, case.asked[j, i] - pay[i])
    chosen = np.zeros(len(state), np.bool_)
    if not choose_cheapest(rho, state, case.sites, case.quota, chosen):
        return True
    dearest = np.int64(-NOBODY)
    for j in range(len(state)):
        if chosen[j]:
            least += rho[j]
            if state[j] == FREE:
                dearest = max(dearest, rho[j])
    if which == LAST and least <= record.enough[0]:
        record.plan[:] = chosen
        record.enough[0] = least - record.enough[1]
    if least > record.enough[0]:
        return True
    for j in range(len(state)):
        if state[j] == FREE and not chosen[j] and least + rho[j] - dearest > record.enough[0]:
            state[j] = CLOSED
    return False


@compiled
def _remotest(case: Case, state: States, paid: Whole) -> tuple[int, int]:
    """Return the demand point nobody serves that has the fewest sites left, and their number; −1 and 1 without any."""
    demand, fewest = -1, len(state) + 1
    for i in range(len(paid)):
        if paid[i] == NOBODY:
            count = 0
            for j in range(len(state)):
                if state[j] == FREE and case.asked[j, i] < NOBODY:
                    count += 1
            if count < fewest:
                demand, fewest = i, count
    return demand, fewest if demand >= 0 else 1


@compiled
def _cheapest(case: Case, demand: int, state: States, rho: Whole) -> int:
    """Return the cheapest free site of those that may serve a demand point (−1: of all)."""
    site = -1
    for j in range(len(state)):
        fits = state[j] == FREE and (demand < 0 or case.asked[j, demand] < NOBODY)
        if fits and (site < 0 or rho[j] < rho[site]):
            site = j
    return site


@compiled
def _opened(case: Case, state: States, site: int) -> States:
    """Return the state with a site opened and whatever lies too near to it closed."""
    after = state.copy()
    after[site] = OPENED
    for k in range(len(case.near)):
        for side in range(2):
            if case.near[k, side] == site and after[case.near[k, 1 - side]] == FREE:
                after[case.near[k, 1 - side]] = CLOSED
    return after


@compiled
def _note(record: Record, row: int, branch: int) -> bool:
    """Write a node down; whether there is room."""
    at = record.used[0]
    if at == len(record.row):
        return False
    record.row[at], record.branch[at] = row, branch
    record.used[0] = at + 1
    return True
