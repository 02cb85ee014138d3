"""Second sites in rows: demand points that the same sites cover are one group, its weight W_g their people.

min − Σ_g W_g z_g subject to the rows of the sites, a site within the longest time for everyone, and

    first required:   Σ_{j∈N_g} y_j − z_g ≥ 1
    otherwise:        Σ_{j∈N_g} y_j − 2 z_g ≥ 0,  and on request (g, j):  Σ_{k∈N_g, k≠j} y_k − z_g ≥ 0

(one of two sites may always be left out of the count).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from gis.cost_matrix import UNREACHABLE
from planning.siting.engine.linear.question import LinearQuestion, RowList, add_site_rows, site_bounds
from planning.siting.problem import SitingProblem

NO_CUTS = np.empty((0, 2), np.int64)


def backup_groups(problem: SitingProblem, limit_s: int) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return which sites cover each group (g, m), and its people (g,)."""
    near = problem.values[problem.weights > 0] <= min(limit_s, UNREACHABLE - 1)
    covers, group = np.unique(near, axis=0, return_inverse=True)
    people = np.zeros(len(covers), np.int64)
    np.add.at(people, group.ravel(), problem.weights[problem.weights > 0])
    return covers, people


def backup_question(
    problem: SitingProblem, p: int, limit_s: int, *, require_first: bool, cuts: NDArray[np.int64] = NO_CUTS
) -> LinearQuestion:
    """State the question in rows; `cuts` are the requested pairs (group, site)."""
    covers, people = backup_groups(problem, limit_s)
    sites, groups = covers.shape[1], len(covers)
    rows = RowList(sites + groups)
    add_site_rows(rows, problem.rules, p=p)
    if problem.max_time_s is not None:
        reach = problem.values[problem.weights > 0] <= min(problem.max_time_s, UNREACHABLE - 1)
        rows.at_least(np.unique(reach, axis=0).astype(np.int64), 1)
    numbers, second = csr_array(covers.astype(np.int64)), np.arange(groups)
    each = np.full(groups, 1 if require_first else 2, np.int64)
    minus = csr_array((-each, (second, second)), shape=(groups, groups))
    rows.at_least(hstack([numbers, minus]), 1 if require_first else 0)
    if len(cuts):
        rest = covers[cuts[:, 0]]
        rest[np.arange(len(cuts)), cuts[:, 1]] = False
        which = csr_array((np.full(len(cuts), -1), (np.arange(len(cuts)), cuts[:, 0])), shape=(len(cuts), groups))
        rows.at_least(hstack([csr_array(rest.astype(np.int64)), which]), 0)
    matrix, least = rows.gather()
    lowest, highest = site_bounds(problem.rules)
    return LinearQuestion(
        cost=np.concatenate([np.zeros(sites, np.int64), -people]),
        rows=matrix,
        least=least,
        lowest=np.concatenate([lowest, np.zeros(groups, np.int64)]),
        highest=np.concatenate([highest, np.ones(groups, np.int64)]),
    )
