"""Everyone in three parts: served, within reach but over capacity, outside."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from planning.measures.flows import flows_of
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution


@dataclass(frozen=True, slots=True)
class Served:
    """Three numbers of people that add up to everyone, in every plan of every model.

    Parameters
    ----------
    served_people
        Sent to an opened site within reach, as far as its capacity goes: of a site whose load exceeds its capacity the
        same share of all its people counts, rounded down.
    over_capacity_people
        All others who have an opened site within reach: sent nowhere, sent beyond reach, or over a site's capacity.
    outside_people
        No opened site is within reach.
    """

    served_people: int
    over_capacity_people: int
    outside_people: int

    def as_dict(self) -> dict[str, int]:
        """Return the figures by name."""
        return asdict(self)


class ServedHere(NamedTuple):
    """The same three parts place by place: at each place its people, all three together.

    Parameters
    ----------
    served, over_capacity, outside : (n,) int64
        People, as for :class:`Served`.
    """

    served: NDArray[np.int64]
    over_capacity: NDArray[np.int64]
    outside: NDArray[np.int64]


def count_served(problem: SitingProblem, solution: Solution, *, limit_s: int | None) -> Served:
    """Count who is served: what :func:`served_by_place` says of all places together.

    Parameters
    ----------
    problem, solution
    limit_s
        Seconds that are within reach, ``None`` for any way at all; a longest time of the problem that is less goes
        before it.
    """
    here = served_by_place(problem, solution, limit_s=limit_s)
    return Served(int(here.served.sum()), int(here.over_capacity.sum()), int(here.outside.sum()))


def served_by_place(problem: SitingProblem, solution: Solution, *, limit_s: int | None) -> ServedHere:
    """Divide the people of every place into served, over capacity and outside.

    Parameters
    ----------
    problem, solution
    limit_s
        As for :func:`count_served`.

    Notes
    -----
    The people and the load of divided places are counted part by part, see :func:`planning.measures.flows.flows_of`.
    Whom an overloaded site serves is a number of all its people; its places share it in proportion to those whom they
    send, and of what rounding leaves over the largest remainders get one each.
    """
    most_s = min(limit for limit in (limit_s, problem.max_time_s, UNREACHABLE - 1) if limit is not None)
    near = (problem.values[:, solution.opened] <= most_s).any(axis=1)
    flows, m = flows_of(problem, solution), problem.values.shape[1]
    counted = np.isin(flows.site, solution.opened) & (problem.values[flows.demand, flows.site] <= most_s)
    load = np.zeros(m, np.int64)
    np.add.at(load, flows.site, flows.load)
    room = load if problem.capacity is None else problem.capacity.capacities
    people = np.where(counted, flows.people, 0)
    for site in np.flatnonzero(load > room):
        rows = np.flatnonzero(counted & (flows.site == site))
        people[rows] = _scaled(flows.people[rows].tolist(), int(room[site]), int(load[site]))
    served = np.zeros(len(problem.weights), np.int64)
    np.add.at(served, flows.demand, people)
    return ServedHere(served, np.where(near, problem.weights - served, 0), np.where(near, 0, problem.weights))


def _scaled(people: list[int], room: int, load: int) -> list[int]:
    """Return the part of each that makes ``sum(people) * room // load`` in all, in whole numbers without floats."""
    everyone = sum(people)
    total = everyone * room // load
    shares = [divmod(one * total, max(1, everyone)) for one in people]
    over = total - sum(share for share, _ in shares)
    first = set(sorted(range(len(people)), key=lambda row: -shares[row][1])[:over])
    return [share + (row in first) for row, (share, _) in enumerate(shares)]
