"""The two programs of sites that take few: a variable for every column (a site and whom it serves), or every pair."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from planning.siting.engine.capacity.small_sites import SmallSites
from planning.siting.engine.linear.question import RowList, add_site_rows
from planning.siting.engine.solver import Program
from planning.siting.rules import Rules

Ints = NDArray[np.int64]


class Stated(NamedTuple):
    """A program whose first variables open the sites (s,); each of the next stands for its site and whom it serves.

    Parameters
    ----------
    program
    sites : (s,) int64
    of : (k,) int64
        Site of each variable that serves.
    members : (k, n) bool
    """

    program: Program
    sites: Ints
    of: Ints
    members: NDArray[np.bool_]

    def plan(self, values: NDArray[np.float64]) -> tuple[Ints, Ints]:
        """Return the sites (p,) and the site of everyone (n,)."""
        count = len(self.sites)
        picked = np.flatnonzero(values[count : count + len(self.of)].round())
        goes = (self.members[picked] * self.of[picked, None]).sum(axis=0)
        return self.sites[np.flatnonzero(values[:count].round())], goes


def partition_program(asked: SmallSites, rules: Rules, sites: Ints, of: Ints, members: NDArray[np.bool_]) -> Stated:
    """State set partitioning: everyone is in one column, an opened site has one.

    Parameters
    ----------
    rules
        Of the sites (s,).
    of : (k,) int64
        Site of each column.
    members : (k, n) bool
    """
    count, k = len(sites), len(of)
    held = members @ asked.loads
    beyond = asked.extension[of] * (held - asked.included[of]).clip(min=0)
    paid = np.where(members, asked.costs.T[of], 0).sum(axis=1) + beyond
    every = count + np.arange(k)
    one_load = _matrix(
        [np.ones(k), -np.ones(count)],
        [np.searchsorted(sites, of), np.arange(count)],
        [every, np.arange(count)],
        (count, count + k),
    )
    cost = np.concatenate([asked.site_costs[sites], paid])
    whole = np.arange(count + k) >= count
    parts = [(one_load, np.zeros(count), np.zeros(count))]
    return Stated(_program(asked, rules, cost, members, parts, whole), sites, of, members)


def compact_program(asked: SmallSites, rules: Rules, sites: Ints, pairs: NDArray[np.bool_]) -> Stated:
    """State the compact program of the pairs left: who goes where, and what is extended as a share of all that can be.

    Whoever goes to a site needs room there, so that ``x ≤ y`` says nothing new in whole numbers: HiGHS is sooner done
    without (6.6 s → 5.2 s on three questions of Delmaire et al.), and with the row that all room is enough.
    """
    people, at = np.nonzero(pairs[:, sites])
    count, k, n = len(sites), len(people), len(asked.loads)
    span = np.where(asked.extension > 0, (asked.room - asked.included).clip(min=0), 0)[sites]
    every, here = count + np.arange(k), np.arange(count)
    shape = (count, 2 * count + k)
    load = _matrix([asked.loads[people]], [at], [every], shape)
    opened, room = _matrix([np.ones(count)], [here], [here], shape), asked.room[sites]
    extended = _matrix([span], [here], [count + k + here], shape)
    most = np.where(span > 0, asked.included[sites], room)
    nothing, never = np.zeros(count), np.full(count, np.inf)
    parts = [
        (load - opened * room[:, None], -never, nothing),
        (load - opened * most[:, None] - extended, -never, nothing),
        (load - opened * asked.least[sites][:, None], nothing, never),
        (csr_array(room[None, :].astype(np.float64) @ opened), np.array([asked.loads.sum()]), np.array([np.inf])),
    ]
    weightless = (asked.loads[people] == 0).astype(np.int64)
    if weightless.any():  # who brings no load needs an opened site all the same
        follow = _matrix([weightless], [at], [every], shape) - opened * weightless.sum()
        parts.append((follow, -never, nothing))
    members = np.zeros((k, n), np.bool_)
    members[np.arange(k), people] = True
    cost = np.concatenate([asked.site_costs[sites], asked.costs[people, sites[at]], asked.extension[sites] * span])
    whole = np.arange(2 * count + k) < count + k
    return Stated(_program(asked, rules, cost, members, parts, whole), sites, sites[at], members)


Part = tuple[csr_array, NDArray[np.float64], NDArray[np.float64]]


def _matrix(values: list[Any], rows: list[Ints], columns: list[Ints], shape: tuple[int, int]) -> csr_array:
    data = np.concatenate(values).astype(np.float64)
    return csr_array((data, (np.concatenate(rows), np.concatenate(columns))), shape=shape)


def _program(
    asked: SmallSites, rules: Rules, cost: Ints, members: NDArray[np.bool_], parts: list[Part], whole: NDArray[np.bool_]
) -> Program:
    """Add that everyone is served once, and what number and rules ask of the sites."""
    count, columns = len(rules.status), len(cost)
    k, i = np.nonzero(members)
    once = csr_array((np.ones(len(k)), (i, count + k)), shape=(len(asked.loads), columns))
    of_sites = RowList(columns)
    add_site_rows(of_sites, rules, p=None if asked.sites < 0 else asked.sites)
    ruled, least = of_sites.gather()
    served = np.ones(len(asked.loads))
    parts = [
        *parts,
        (once, served, served),
        (ruled.astype(np.float64), least.astype(np.float64), np.full(len(least), np.inf)),
    ]
    kept = np.pad(rules.kept, (0, columns - count)).astype(np.float64)
    matrix = csr_array(vstack([part[0] for part in parts], format="csr"))
    lower, upper = (np.concatenate([part[side] for part in parts]) for side in (1, 2))
    return Program(cost.astype(np.float64), matrix, lower, upper, whole, kept)
