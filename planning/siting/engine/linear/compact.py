"""The compact integer program: every combination of number, rules, times, capacities and budget in rows.

y_j opens a site, x_ij sends demand point i to site j (only where a capacity or a minimum load is asked):

    Σ_j y_j = p or ≤ p          least_T ≤ Σ_{j∈T} y_j ≤ most_T         Σ_{j∈C} y_j ≤ 1 for sites too near
    without loads:  Σ_{j: t_ij allowed} y_j ≥ 1 for everyone
    with loads:     Σ_j x_ij = 1 (≤ 1 where not everyone is served),  x_ij ≤ y_j,
                    minimum_j y_j ≤ Σ_i load_i x_ij ≤ capacity_j y_j
    Σ_{j new} open_j y_j + Σ_{j stands} close_j (1 − y_j) ≤ budget

It can also be stated without some of its parts, which is how contradictions are found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.engine.linear.question import LinearQuestion, RowList, add_site_rows, site_bounds
from planning.siting.problem import SitingProblem
from planning.siting.rules import STATUSES, Rules


class Part(NamedTuple):
    """One thing that is asked: its kind, and which site or township it is about.

    Kinds: ``fewest`` and ``most-sites`` (the two sides of p), ``keep`` and ``bar`` a site, ``least``
    and ``most`` of a township, ``apart``, ``everyone`` (is served), ``max-time``, ``limit``,
    ``capacity``, ``minimum`` (loads), ``budget``.
    """

    kind: str
    of: int = -1


Parts = frozenset[Part]


@dataclass(frozen=True, eq=False)
class CompactQuestion:
    """What a plan must be.

    Parameters
    ----------
    problem
    p
        Number of sites, ``None`` for any.
    at_most
        Whether fewer than p will do.
    limit_s
        A site serves only who is within so many seconds; ``None`` is no limit.
    everyone
        Whether all are served. A longest time of the problem asks for that in any case.
    every_place
        Whether places where nobody lives count too.
    budget
        Yuan for opening and closing, ``None`` for no limit.
    divided
        Whether the load of a place may be divided among sites.
    """

    problem: SitingProblem
    p: int | None = None
    at_most: bool = False
    limit_s: int | None = None
    everyone: bool = False
    every_place: bool = False
    budget: int | None = None
    divided: bool = False

    def parts(self) -> Iterator[Part]:
        """Yield everything that is asked."""
        problem, rules = self.problem, self.problem.rules
        if self.p is not None:
            yield Part("most-sites")
            if not self.at_most:
                yield Part("fewest")
        yield from (Part("keep", j) for j in np.flatnonzero(rules.kept).tolist())
        yield from (Part("bar", j) for j in np.flatnonzero(rules.barred).tolist())
        sizes = (rules.township[None, :] == np.arange(len(rules.townships))[:, None]).sum(axis=1)
        yield from (Part("least", t) for t in np.flatnonzero(rules.least > 0).tolist())
        yield from (Part("most", t) for t in np.flatnonzero(rules.most < sizes).tolist())
        if len(rules.apart):
            yield Part("apart")
        if self.everyone:
            yield Part("everyone")
        if problem.max_time_s is not None:
            yield Part("max-time")
        if self.limit_s is not None:
            yield Part("limit")
        if problem.capacity is not None:
            yield Part("capacity")
            if problem.capacity.minimum_loads.any():
                yield Part("minimum")
        if self.budget is not None:
            yield Part("budget")

    @property
    def served(self) -> NDArray[np.bool_]:
        """(n,) who counts as somebody to serve."""
        return np.ones(len(self.problem.weights), bool) if self.every_place else self.problem.inhabited

    def pairs(self, parts: Parts) -> NDArray[np.bool_]:
        """(n, m) which site may serve whom."""
        may = self.problem.reachable
        if Part("max-time") in parts and self.problem.max_time_s is not None:
            may &= self.problem.values <= self.problem.max_time_s
        if Part("limit") in parts and self.limit_s is not None:
            may &= self.problem.values <= self.limit_s
        return may

    def yuan(self) -> tuple[NDArray[np.int64], int]:
        """Return what opening each site adds (m,) and what remains: the sum is what a plan costs."""
        stands = self.problem.rules.stands
        closing = np.where(stands, self.problem.closing_costs, 0)
        return np.where(stands, -closing, self.problem.opening_costs), int(closing.sum())

    def rules(self, parts: Parts) -> Rules:
        """Return the rules without the parts left out."""
        rules = self.problem.rules
        status = np.zeros_like(rules.status)
        for kind, name in (("keep", "required"), ("bar", "excluded")):
            status[[part.of for part in parts if part.kind == kind]] = STATUSES.index(name)
        towns = range(len(rules.townships))
        least = [int(rules.least[t]) if Part("least", t) in parts else 0 for t in towns]
        most = [int(rules.most[t]) if Part("most", t) in parts else len(status) for t in towns]
        apart = rules.apart if Part("apart") in parts else rules.apart[:0]
        return replace(
            rules, status=status, least=np.array(least, np.int64), most=np.array(most, np.int64), apart=apart
        )


@dataclass(frozen=True, eq=False)
class CompactProgram:
    """The rows, and what the variables after the sites mean.

    Parameters
    ----------
    question
        Without costs; the first m variables are the sites.
    points, sites : (k,) int64
        Demand point and site of each pair variable.
    whole
        Which variables are whole.
    """

    question: LinearQuestion
    points: NDArray[np.int64]
    sites: NDArray[np.int64]
    whole: NDArray[np.bool_]

    def costing(self, per_site: NDArray[np.int64] | int, per_pair: NDArray[np.int64] | int = 0) -> LinearQuestion:
        """Return the question with costs (m,) of the sites and (k,) of the pairs."""
        count = len(self.whole) - len(self.points)
        sites = np.broadcast_to(np.asarray(per_site, np.int64), count)
        pairs = np.broadcast_to(np.asarray(per_pair, np.int64), len(self.points))
        return replace(self.question, cost=np.concatenate([sites, pairs]))

    def allocation(self, values: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return the site (n,) of each demand point, −1 where it has none."""
        to = np.full(n, -1, np.int64)
        sent = values[len(values) - len(self.points) :] > 0
        to[self.points[sent]] = self.sites[sent]
        return to


def compile_program(
    asked: CompactQuestion, parts: Parts | None = None, *, loads: bool = False, partly: bool = False
) -> CompactProgram:
    """State a question, or some of its parts, in rows.

    Parameters
    ----------
    parts
        All when left out.
    loads
        Whether to send every demand point somewhere even where no load is asked about.
    partly
        Whether to let people go unserved all the same.
    """
    parts = frozenset(asked.parts()) if parts is None else parts
    capacity = asked.problem.capacity
    must = bool(parts & {Part("everyone"), Part("max-time")}) and not partly
    fills = Part("minimum") in parts or (Part("capacity") in parts and (must or partly))
    sent = loads or (capacity is not None and fills)
    may = asked.pairs(parts)[asked.served]
    m = may.shape[1]
    local, sites = np.nonzero(may) if sent else (np.empty(0, np.int64), np.empty(0, np.int64))
    rows = RowList(m + len(local))
    rules = asked.rules(parts)
    fewest, most = Part("fewest") in parts, Part("most-sites") in parts
    add_site_rows(rows, rules, p=asked.p, fewest=fewest, most=most)
    if sent:
        _add_loads(rows, asked, parts, local, sites, must=must)
    elif must:
        rows.at_least(np.unique(may, axis=0).astype(np.int64), 1)
    if Part("budget") in parts and asked.budget is not None:
        yuan, rest = asked.yuan()
        rows.at_most(yuan[None, :], asked.budget - rest)
    matrix, least = rows.gather()
    lowest, highest = (
        np.pad(bound, (0, len(local)), constant_values=fill) for fill, bound in enumerate(site_bounds(rules))
    )
    question = LinearQuestion(np.zeros(m + len(local), np.int64), matrix, least, lowest, highest)
    whole = (np.arange(m + len(local)) < m) | (not asked.divided)
    return CompactProgram(question, np.flatnonzero(asked.served)[local], sites.astype(np.int64), whole)


def _add_loads(
    rows: RowList,
    asked: CompactQuestion,
    parts: Parts,
    local: NDArray[np.int64],
    sites: NDArray[np.int64],
    *,
    must: bool,
) -> None:
    """Add the rows of who is sent where."""
    capacity, count = asked.problem.capacity, len(local)
    n, m = int(asked.served.sum()), len(asked.problem.candidate_ids)
    pair = m + np.arange(count)
    one = csr_array((np.ones(count, np.int64), (local, pair)), shape=(n, m + count))
    rows.at_most(one, 1)
    if must:
        rows.at_least(one, 1)
    link = (np.repeat([-1, 1], count), (np.tile(np.arange(count), 2), np.concatenate([pair, sites])))
    rows.at_least(csr_array(link, shape=(count, m + count)), 0)
    if capacity is None:
        return
    load = csr_array((capacity.loads[asked.served][local], (sites, pair)), shape=(m, m + count))
    every, total = np.arange(m), int(capacity.loads.sum())
    if Part("capacity") in parts:
        most = np.minimum(capacity.capacities, total)
        rows.at_most(load - csr_array((most, (every, every)), shape=(m, m + count)), 0)
    if Part("minimum") in parts:
        needs = np.minimum(capacity.minimum_loads, total + 1)
        rows.at_least(load - csr_array((needs, (every, every)), shape=(m, m + count)), 0)
