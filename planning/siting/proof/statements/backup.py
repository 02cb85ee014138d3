"""Backup coverage, said for the checker.

Variables: y_j (site j opens), then z_g (group g has a second site). Places that the same sites cover are
one group, its weight W_g their people. min − Σ_g W_g z_g subject to the rows of the sites and

    first required:   Σ_{j∈N_g} y_j − z_g ≥ 1
    otherwise:        Σ_{j∈N_g} y_j − 2 z_g ≥ 0,  and on request (g, j):  Σ_{k∈N_g, k≠j} y_k − z_g ≥ 0

(one of two sites may always be left out of the count), and a site within the longest time for everyone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE
from gis.faults import Fault
from planning.siting.problem import SitingProblem
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.linear_certificate import LinearCertificate, proven
from planning.siting.proof.linear_question import LinearQuestion, Row, as_matrix, site_box, site_rows
from planning.siting.proof.look.choice import CountsPay, Worth
from planning.siting.proof.look.sought import Sought
from planning.siting.proof.statement import (
    Demands,
    Statement,
    all_people,
    count_faults,
    nearest_faults,
    nearest_seconds,
    unserved_faults,
)
from planning.siting.solution import Solution

if TYPE_CHECKING:
    from planning.siting.proof.look.plans import Look


def _groups(problem: SitingProblem, limit_s: int) -> tuple[list[list[int]], list[int]]:
    """Return the sites that cover each group of demand points, and its people.

    The groups are in the order of their rows of noes and ones, the first site first.
    """
    near = problem.values <= min(limit_s, UNREACHABLE - 1)
    sites: dict[bytes, list[int]] = {}
    people: dict[bytes, int] = {}
    for i in np.flatnonzero(problem.weights > 0).tolist():
        row = np.packbits(near[i]).tobytes()
        if row not in sites:
            sites[row] = np.flatnonzero(near[i]).tolist()
        people[row] = people.get(row, 0) + int(problem.weights[i])
    order = sorted(people)
    return [sites[row] for row in order], [people[row] for row in order]


def _question(problem: SitingProblem, solution: Solution, cuts: list[list[int]]) -> LinearQuestion:
    """State the question in rows; `cuts` are the requested pairs (group, site)."""
    options, sites = solution.options, problem.values.shape[1]
    covered_by, people = _groups(problem, options["limit_s"])
    each = 1 if options["require_first"] else 2

    def rows() -> Iterator[Row]:
        yield from site_rows(problem.rules, options["p"])
        if problem.max_time_s is not None:
            for reach in _groups(problem, problem.max_time_s)[0]:
                yield dict.fromkeys(reach, 1), 1
        for group, covers in enumerate(covered_by):
            yield dict.fromkeys(covers, 1) | {sites + group: -each}, 2 - each
        for group, site in cuts:
            yield {j: 1 for j in covered_by[group] if j != site} | {sites + group: -1}, 0

    matrix, least = as_matrix(rows(), sites + len(people))
    lowest, highest = site_box(problem.rules)
    return LinearQuestion(
        cost=np.array([0] * sites + [-count for count in people], np.int64),
        rows=matrix,
        least=least,
        lowest=np.array(lowest + [0] * len(people), np.int64),
        highest=np.array(highest + [1] * len(people), np.int64),
    )


def _plan_faults(problem: SitingProblem, solution: Solution) -> Iterator[Fault]:
    yield from count_faults(problem, solution)
    yield from nearest_faults(problem, solution)
    seconds = nearest_seconds(problem, solution.opened)
    if problem.max_time_s is not None:
        yield from unserved_faults(problem, solution.opened)
    limit = min(solution.options["limit_s"], UNREACHABLE - 1)
    if solution.options["require_first"] and (seconds[problem.weights > 0] > limit).any():
        yield Fault("somebody-uncovered", field="opened")


def _objective(problem: SitingProblem, solution: Solution) -> int:
    near = problem.values[:, solution.opened] <= min(solution.options["limit_s"], UNREACHABLE - 1)
    return sum(w for w, sites in zip(problem.weights.tolist(), near.sum(axis=1).tolist(), strict=True) if sites >= 2)


def _proven_bound(problem: SitingProblem, solution: Solution, certificate: LinearCertificate) -> int | None:
    if not _sane_cuts(problem, solution, certificate.asked):
        return None
    bound = proven(_question(problem, solution, certificate.asked.tolist()), certificate)
    return None if bound is None else -bound


def _sane_cuts(problem: SitingProblem, solution: Solution, cuts: NDArray[np.int64]) -> bool:
    if cuts.ndim != 2 or cuts.shape[1] != 2:
        return False
    groups = len(_groups(problem, solution.options["limit_s"])[1])
    return bool((cuts >= 0).all() and (cuts < (groups, problem.values.shape[1])).all())


def _demands(_problem: SitingProblem, solution: Solution) -> Demands:
    required = bool(solution.options["require_first"])
    return Demands(everyone=required, limited=required)


def _pay_uncovered_twice(look: Look) -> list[Worth]:
    """Whoever has one site within the limit pays 1; with none, if everyone needs one, more than all others."""
    nobody_left = len(look.people) * (look.people.max(initial=0.0) + 1.0) + 1.0
    return [CountsPay(look.seconds <= look.within, look.people + nobody_left * look.everyone, look.people)]


STATEMENT = Statement(
    "backup",
    "max",
    "people",
    _plan_faults,
    _objective,
    {LinearCertificate: _proven_bound},
    lambda *_: False,
    _demands,
    trivial=all_people,
    of_reasons=(CoverCertificate,),
    sought=Sought(_pay_uncovered_twice),
)
