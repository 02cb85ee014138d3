"""The least yuan that serve all loads as if they stood in one place: no plan costs less.

min Σ_j a_j y_j + Σ_j extension_j e_j   subject to   Σ_j L_j = all loads,
    L_j ≤ capacity_j y_j,   e_j ≥ L_j − included_j y_j,   e_j ≥ 0,   y within the rules

with a_j what opening site j adds. Three variables a site, so HiGHS solves it at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, csr_array, diags_array

from planning.siting.capacity import Capacity
from planning.siting.engine.linear.compact import CompactQuestion
from planning.siting.engine.solver import Program, solve
from planning.siting.limits import Limits
from planning.siting.proof.linear_question import RowList, add_site_rows, site_bounds

SLACK = 1e-7
"""Share by which a bound of HiGHS may be off."""


def pool_loads(asked: CompactQuestion, capacity: Capacity, limits: Limits) -> tuple[int, NDArray[np.int64]] | None:
    """Return what no plan costs less than, in yuan, and sites (k,) that cost so little; ``None`` if there are none.

    Parameters
    ----------
    asked
        Everyone is served.
    capacity
    limits
    """
    yuan, rest = asked.yuan()
    everything = int(capacity.loads[asked.served].sum())
    program = _program(asked, capacity, yuan, everything)
    found = solve(program, limits=limits, gap=0.0)
    if found.values is None or not np.isfinite(found.bound):
        return None
    opened = np.flatnonzero(found.values[: len(yuan)] > 0.5)
    if asked.problem.rules.barred[opened].any():  # the rules ask for more sites than there are
        return None
    unit = max(1, int(np.gcd.reduce(np.append(yuan, capacity.extension_costs))))
    least = int(np.ceil((found.bound - SLACK * abs(found.bound)) / unit)) * unit
    return least + rest, opened


def _program(asked: CompactQuestion, capacity: Capacity, yuan: NDArray[np.int64], everything: int) -> Program:
    """Sites, then the share of all loads that each takes, then the share that it is extended for."""
    count, rules = len(yuan), RowList(len(yuan))
    add_site_rows(rules, asked.problem.rules, p=asked.p)
    of_sites, least = rules.gather()
    lowest, highest = site_bounds(asked.problem.rules)
    one = diags_array(np.ones(count))
    whole = max(1, everything)
    room = np.minimum(capacity.capacities * highest, everything) / whole
    rows = block_array(
        [
            [of_sites.astype(float), csr_array((len(least), count)), csr_array((len(least), count))],
            [None, csr_array(np.ones((1, count))), None],
            [diags_array(room), -one, None],
            [diags_array(capacity.included / whole), -one, one],
        ],
        format="csr",
    )
    # Barred sites have no use: a cost beyond every plan keeps them closed.
    barred = np.abs(yuan).sum() + 1 + capacity.extension_costs.max(initial=0) * whole
    return Program(
        cost=np.concatenate([np.where(highest, yuan, barred), np.zeros(count), capacity.extension_costs * whole]),
        rows=csr_array(rows),
        least=np.concatenate([least, [everything / whole], np.zeros(2 * count)]),
        most=np.full(len(least) + 1 + 2 * count, np.inf),
        whole=np.arange(3 * count) < count,
        lowest=np.concatenate([lowest, np.zeros(2 * count)]),
    )
