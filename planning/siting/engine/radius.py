"""What branch and bound leaves over, as a small binary program in the radius formulation.

min Σ_S w_S z_S   subject to   z_S + Σ_{j ∈ S} y_j ≥ 1,   Σ_j y_j = p,   y binary, z ≥ 0

(Cornuéjols, Nemhauser & Wolsey 1980; Elloumi 2010). S runs through the balls around demand points,
z_S says that nothing in S is opened, and w_S adds up what the next ring costs more, over all demand
points whose ball is S. Settled sites are left out, and so are rings that no better plan can need:
a ball beyond which nobody can afford to go has no z_S.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack, vstack

from planning.siting.engine.branching import Search
from planning.siting.engine.solver import Program, solve
from planning.siting.limits import Limits, Progress
from planning.siting.proof.certificate import CLOSED, OPENED


def finish(search: Search, limits: Limits) -> tuple[bool, int]:
    """Let HiGHS decide the rest of a search and offer its plan.

    Returns
    -------
    (done, bound)
        Whether HiGHS claims to be done, and the bound on its word.
    """
    if search.root is None:
        return False, search.bound
    kept = np.flatnonzero(search.root.state != CLOSED)
    opened = search.root.state[kept] == OPENED
    # In a plan that is better by 1, nobody pays more than u_i + (upper − 1 − bound).
    dearest = search.root.multipliers + (search.upper - search.bound)
    balls, offset = _balls(search.costs[:, kept], dearest, opened)
    unit = max(1.0, sum(weight for weight in balls.values() if weight < np.inf) / 1e6)

    def whole_bound(bound: float) -> int:
        told = int(np.ceil(bound * unit + offset - 1e-3)) if np.isfinite(bound) else search.bound
        return min(max(search.bound, told), search.upper)

    def tell(_cost: float, bound: float) -> None:
        limits.report(Progress(search.upper, whole_bound(bound)))

    answer = solve(_program(balls, opened, search.sites, unit), limits=limits, gap=0.99 / unit, tell=tell)
    bound = whole_bound(answer.bound)
    if answer.values is not None:
        search.offer(kept[np.argsort(-answer.values[: len(kept)], kind="stable")[: search.sites]])
    return answer.proven, min(bound, search.upper)


def _balls(
    costs: NDArray[np.int64], dearest: NDArray[np.float64], opened: NDArray[np.bool_]
) -> tuple[dict[bytes, float], int]:
    """Return the weight of every ball (``inf``: must hold an opened site) and the cost nobody escapes."""
    balls: dict[bytes, float] = {}
    offset = 0
    for row, most in zip(costs, dearest, strict=True):
        rings = np.unique(row[(row >= 0) & (row <= most)])
        offset += int(rings[0]) if len(rings) else 0
        for ball, weight in _rings(row, rings, opened):
            balls[ball] = balls.get(ball, 0.0) + weight
    return balls, offset


def _rings(
    row: NDArray[np.int64], rings: NDArray[np.int64], opened: NDArray[np.bool_]
) -> Iterator[tuple[bytes, float]]:
    for k, radius in enumerate(rings):
        ball = (row >= 0) & (row <= radius)
        if (ball & opened).any():
            return
        last = k + 1 == len(rings)
        if not (last and ball.all()):
            yield ball.tobytes(), np.inf if last else float(rings[k + 1] - radius)


def _program(balls: dict[bytes, float], opened: NDArray[np.bool_], sites: int, unit: float) -> Program:
    weights = np.fromiter(balls.values(), float, len(balls))
    members = np.frombuffer(b"".join(balls), bool).reshape(len(balls), len(opened))
    soft = np.flatnonzero(weights < np.inf)
    escapes = eye_array(len(balls), format="csc")[:, soft]
    total = csr_array(np.append(np.ones(len(opened)), np.zeros(len(soft)))[None, :])
    rows = vstack([hstack([csr_array(members.astype(float)), escapes]), total], format="csr")
    return Program(
        cost=np.append(np.zeros(len(opened)), weights[soft] / unit),
        rows=csr_array(rows),
        least=np.append(np.ones(len(balls)), sites),
        most=np.append(np.full(len(balls), np.inf), sites),
        whole=np.arange(rows.shape[1]) < len(opened),
        lowest=np.append(opened.astype(float), np.zeros(len(soft))),
    )
