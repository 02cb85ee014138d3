"""What is left of a search, as a program in the radius formulation: its relaxation, and HiGHS for the rest.

min Σ_S w_S z_S   subject to   z_S + Σ_{j ∈ S} y_j ≥ 1,   Σ_j y_j = p,   y binary, z ≥ 0

(Cornuéjols, Nemhauser & Wolsey 1980; Elloumi 2010). S runs through the balls around demand points,
z_S says that nothing in S is opened, and w_S adds up what the next ring costs more, over all demand
points whose ball is S. Settled sites are left out, and so are rings that no better plan can need:
leaving the last ball costs more than a better plan could save.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack, vstack

from planning.siting.engine.rule_rows import rule_rows
from planning.siting.engine.sites.lists import Lists
from planning.siting.engine.solver import Program, Relaxation, solve
from planning.siting.limits import Limits
from planning.siting.proof.certificate import CLOSED, OPENED
from planning.siting.rules import Rules


class Rings(NamedTuple):
    """The rings of every demand point, and the balls they belong to.

    Parameters
    ----------
    members : (b, k) bool
        Sites of each ball.
    weight : (b,) float64
        What leaving the ball costs.
    who, ball : (r,) int64
        Demand point and ball of each ring.
    share : (r,) float64
        Share of the ball's multiplier that is this ring's.
    nearest : (n,) float64
        What each demand point pays at least.
    """

    members: NDArray[np.bool_]
    weight: NDArray[np.float64]
    who: NDArray[np.int64]
    ball: NDArray[np.int64]
    share: NDArray[np.float64]
    nearest: NDArray[np.float64]


class Remainder:
    """The sites that a search has not closed, as an integer program and its relaxation.

    Parameters
    ----------
    lists
        Sites that a better plan may serve each demand point from.
    weights : (n,) int64
    alone : (n,) float64
        Ceiling of a demand point that may go no farther than its list.
    state : (m,) int8
    sites, rules
    penalty
        More than a better plan could save: what leaving somebody without a listed site costs.
    """

    def __init__(
        self,
        lists: Lists,
        weights: NDArray[np.int64],
        alone: NDArray[np.float64],
        state: NDArray[np.int8],
        *,
        sites: int,
        rules: Rules,
        penalty: float,
    ) -> None:
        self._kept = np.flatnonzero(state != CLOSED)
        self._count = len(state)
        self._rings = find_rings(lists, weights, alone, state, penalty=penalty)
        usual = self._rings.weight[self._rings.weight < penalty]
        self._unit = max(1.0, float(usual.sum()) / 1e6)
        self._offset = float(self._rings.nearest.sum())
        self._program = _program(self._rings, state[self._kept] == OPENED, sites, self._unit, rules, self._kept)
        self._relaxation: Relaxation | None = None

    def relax(self, state: NDArray[np.int8], limits: Limits) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Return (n,) multipliers, in cost, and (m,) openness; ``None`` if nothing fits or a limit stops it."""
        if self._relaxation is None:
            self._relaxation = Relaxation(self._program)
        lowest, highest = self._program.lowest.copy(), np.ones(len(self._program.lowest))
        of = state[self._kept]
        lowest[: len(of)], highest[: len(of)] = of == OPENED, of != CLOSED
        found = self._relaxation.solve(lowest, highest, limits)
        if found is None or not np.isfinite(found.cost):
            return None
        rings = self._rings
        # Beyond the weight of its ball a multiplier is only undone by z ≤ 1.
        paid = np.clip(found.duals[: len(rings.members)] * self._unit, 0.0, rings.weight)
        multipliers = rings.nearest + np.bincount(
            rings.who, paid[rings.ball] * rings.share, minlength=len(rings.nearest)
        )
        openness = np.zeros(self._count)
        openness[self._kept] = found.values[: len(self._kept)]
        return multipliers, openness

    def probe(self, site: int) -> tuple[float, float]:
        """Return about what the relaxation costs with a free site closed, and opened."""
        if self._relaxation is None:
            return 0.0, 0.0
        column = int(np.searchsorted(self._kept, site))
        return self._relaxation.probe(column, (0.0, 1.0), steps=30)

    def finish(self, limits: Limits, tell: Callable[[float], None]) -> tuple[bool, float, NDArray[np.int64] | None]:
        """Let HiGHS decide the rest.

        Returns
        -------
        (done, bound, plan)
            Whether it claims to be done; its bound on the cost; the positions of its sites.
        """

        def told(_cost: float, bound: float) -> None:
            tell(bound * self._unit + self._offset)

        answer = solve(self._program, limits=limits, gap=0.99 / self._unit, tell=told)
        plan = None
        if answer.values is not None:
            of = answer.values[: len(self._kept)]
            plan = np.sort(self._kept[np.flatnonzero(of > 0.5)])
        return answer.proven, answer.bound * self._unit + self._offset, plan


def count_rings(lists: Lists) -> int:
    """Return the number of rings around all demand points: about the size of the program."""
    first = np.zeros(len(lists.distance), bool)
    first[lists.start[:-1][lists.start[:-1] < len(first)]] = True
    return int(np.count_nonzero(first | (np.diff(lists.distance, prepend=-1.0) != 0)))


def find_rings(
    lists: Lists,
    weights: NDArray[np.int64],
    alone: NDArray[np.float64],
    state: NDArray[np.int8],
    *,
    penalty: float,
) -> Rings:
    """Draw the rings that a better plan may need around every demand point.

    Parameters
    ----------
    lists
        Without closed sites, and ending with the first that is open in any case.
    weights : (n,) int64
    alone : (n,) float64
    state : (m,) int8
    penalty
        What going beyond one's list costs where no better plan can.
    """
    kept = np.flatnonzero(state != CLOSED)
    place = np.full(len(state), -1)
    place[kept] = np.arange(len(kept))
    balls: dict[bytes, int] = {}
    weight: list[float] = []
    who, of, gap = [], [], []
    nearest = np.zeros(len(weights))
    for i, people in enumerate(weights.tolist()):
        mine = slice(lists.start[i], lists.start[i + 1])
        sites, costs = lists.site[mine], lists.distance[mine] * people
        ends = np.flatnonzero(np.diff(costs, append=np.inf) > 0)
        nearest[i] = costs[0] if len(costs) else 0.0
        ball = np.zeros(len(kept), bool)
        begin = 0
        for end in ends.tolist():
            ball[place[sites[begin : end + 1]]] = True
            last = end + 1 == len(costs)
            if (state[sites[begin : end + 1]] == OPENED).any() or (last and ball.all()):
                break
            beyond = costs[end] + penalty if lists.ceiling[i] >= alone[i] else lists.ceiling[i] * people
            step = float((beyond if last else costs[end + 1]) - costs[end])
            if step == 0.0:  # what is not listed is as near
                break
            number = balls.setdefault(ball.tobytes(), len(balls))
            if number == len(weight):
                weight.append(0.0)
            weight[number] += step
            who.append(i)
            of.append(number)
            gap.append(step)
            begin = end + 1
    members = np.frombuffer(b"".join(balls), bool).reshape(len(balls), len(kept))
    number_of, steps, total = np.array(of, np.int64), np.array(gap), np.array(weight)
    share = steps / total[number_of]
    return Rings(members, total, np.array(who, np.int64), number_of, share, nearest)


def _program(
    rings: Rings, opened: NDArray[np.bool_], sites: int, unit: float, rules: Rules, kept: NDArray[np.int64]
) -> Program:
    count = len(rings.weight)
    ruled = rule_rows(rules, kept)
    escapes = eye_array(count, format="csr")
    total = csr_array(np.append(np.ones(len(opened)), np.zeros(count))[None, :])
    beside = hstack([ruled.matrix, csr_array((ruled.matrix.shape[0], count))])
    rows = vstack([hstack([csr_array(rings.members.astype(float)), escapes]), total, beside], format="csr")
    return Program(
        cost=np.append(np.zeros(len(opened)), rings.weight / unit),
        rows=csr_array(rows),
        least=np.concatenate([np.ones(count), [sites], ruled.least]),
        most=np.concatenate([np.full(count, np.inf), [sites], ruled.most]),
        whole=np.arange(rows.shape[1]) < len(opened),
        lowest=np.append(opened.astype(float), np.zeros(count)),
    )
