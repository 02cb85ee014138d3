"""Hubs as a covering problem: what a site needs at least is fixed, the rest goes with the people.

With a growth π_i of every village taken out, site j still needs φ_j, however it is used; then

    area ≥ Σ_i π_i + min { Σ_j φ_j y_j : everyone covered, rules obeyed }.

The linear relaxation gives multipliers (of everyone covered, of the number, of the townships), the
binary program a plan; both are HiGHS's word until re-proved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack, vstack

from planning.siting.engine.cover.reduce import essential_rows
from planning.siting.engine.hubs.case import HubCase
from planning.siting.engine.rule_rows import rule_rows
from planning.siting.engine.solver import Answer, Program, Tell, solve
from planning.siting.limits import Limits
from planning.siting.rules import Rules

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

ELASTIC = 1e3
"""What leaving a village out costs, in times of the worst plan: more than any plan, little enough for floats."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The linear relaxation at a part of the plans.

    Parameters
    ----------
    covered : (n,) float64
        Multipliers of "village i is covered", in the claim's unit.
    prices : (1 + g,) float64
        Of the number of hubs, then of the townships.
    primal : (m,) float64
    bound
        Its value, in the claim's unit, without the growth taken out.
    """

    covered: Floats
    prices: Floats
    primal: Floats
    bound: float


@dataclass(frozen=True, eq=False)
class Cover:
    """The covering problem of a case.

    Parameters
    ----------
    case
    needs : (m,) float64
        φ, in the claim's unit.
    rows
        Villages that decide: another one's hubs all serve those left out.
    """

    case: HubCase
    needs: Floats
    rows: NDArray[np.int64]

    def relax(self, state: NDArray[np.int8], least: int, most: int, limits: Limits) -> Relaxed | None:
        """Solve the linear relaxation over the sites not closed (−1); opened ones (1) are open.

        Where that is infeasible, villages may stay uncovered at a price no plan would pay, so that
        there are always multipliers.
        """
        kept = np.flatnonzero(state >= 0)
        kept = kept[self._undominated(kept) | (state[kept] > 0)] if self._plain() else kept
        unit = self._unit()
        missing = ELASTIC * (self.case.worst() + 1.0) / unit
        core = csr_array(self.case.reach[np.ix_(self.rows, kept)].astype(np.float64))
        rows = vstack([core, self._tail(kept)], format="csr")
        answer = self._solve(rows, kept, state, (least, most), None, unit, limits, whole=False)
        if answer.duals is None and not limits.reached():
            rows = vstack([hstack([core, eye_array(len(self.rows))]), self._tail(kept, len(self.rows))], format="csr")
            answer = self._solve(rows, kept, state, (least, most), missing, unit, limits, whole=False)
        if answer.duals is None or answer.values is None:
            return None
        covered = np.zeros(len(self.case.reach))
        count = len(self.rows)
        covered[self.rows] = np.maximum(answer.duals[:count], 0.0) * unit
        primal = np.zeros(len(state))
        primal[kept] = answer.values[: len(kept)]
        return Relaxed(covered, answer.duals[count:] * unit, primal, answer.bound * unit)

    def fewest(
        self, state: NDArray[np.int8], limits: Limits, *, tell: Callable[[float], None]
    ) -> tuple[int, Whole | None]:
        """Return the fewest hubs that cover everyone, on the solver's word, and such hubs.

        Townships, distances between hubs and capacities do not count here: they can only add hubs,
        and without them most sites are dominated.
        """
        m = len(state)
        loose = replace(self.case, rules=Rules.from_arrays(m), least=1, most=m, capacity=None)
        alike = replace(self, case=loose, needs=np.ones(m))
        answer, opened = alike.solve(state, (1, m), limits, spare=0.99, tell=tell)
        return (int(np.ceil(answer.bound - 1e-6)) if np.isfinite(answer.bound) else 1), opened

    def solve(
        self,
        state: NDArray[np.int8],
        count: tuple[int, int],
        limits: Limits,
        *,
        spare: float,
        tell: Callable[[float], None],
    ) -> tuple[Answer, Whole | None]:
        """Solve the binary program; return the answer, its bound in the claim's unit, and the sites opened.

        Parameters
        ----------
        state, count
            As in :meth:`relax`.
        spare
            Gap, in the claim's unit, that counts as none.
        tell
            Told the bound, often.
        """
        kept, unit = np.flatnonzero(state >= 0), self._unit()
        small, kept = self._reduced(kept, state) if self._plain() else (self, kept)
        core = csr_array(self.case.reach[np.ix_(small.rows, kept)].astype(np.float64))
        rows = vstack([core, self._tail(kept, apart=True)], format="csr")

        def tell_scaled(_cost: float, bound: float) -> None:
            tell(bound * unit)

        answer = small._solve(rows, kept, state, count, None, unit, limits, whole=True, spare=spare, tell=tell_scaled)
        opened = None if answer.values is None else kept[answer.values > 0.5]
        return replace(answer, bound=answer.bound * unit), opened

    def _solve(
        self,
        rows: csr_array,
        kept: Whole,
        state: NDArray[np.int8],
        count: tuple[int, int],
        missing: float | None,
        unit: float,
        limits: Limits,
        *,
        whole: bool,
        spare: float = 0.0,
        tell: Tell | None = None,
    ) -> Answer:
        rules, size, extra = self.case.rules, len(kept), rows.shape[1] - len(kept)
        apart = rows.shape[0] - len(self.rows) - 1 - len(rules.townships)
        # A row that says nothing keeps HiGHS from seeing that the objective is a whole number.
        fewest = count[0] if count[0] > 1 else -np.inf
        most = count[1] if count[1] < len(state) else np.inf
        program = Program(
            cost=np.append(self.needs[kept] / unit, np.full(extra, missing or 0.0)),
            rows=csr_array(rows),
            least=np.concatenate([np.ones(len(self.rows)), [fewest], rules.least, np.zeros(apart)]),
            most=np.concatenate([np.full(len(self.rows), np.inf), [most], rules.most, np.ones(apart)]),
            whole=np.append(np.full(size, whole), np.zeros(extra, bool)),
            lowest=np.append((state[kept] > 0).astype(float), np.zeros(extra)),
        )
        return solve(program, limits=limits, gap=max(1e-9, spare / unit), tell=tell)

    def _unit(self) -> float:
        return max(1.0, float(np.abs(self.needs).max(initial=1.0)))

    def _plain(self) -> bool:
        """Whether one site may always stand for another that reaches no more."""
        case = self.case
        if len(case.rules.townships) or len(case.rules.apart) or case.capacity is not None:
            return False
        return case.least <= 1 and case.most >= case.reach.shape[1]

    def _tail(self, kept: Whole, extra: int = 0, *, apart: bool = False) -> csr_array:
        """Rows for the number of hubs, the townships and, if asked for, the pairs too near; `extra` columns of 0."""
        ruled = rule_rows(self.case.rules, kept).matrix
        ruled = ruled if apart else ruled[: len(self.case.rules.townships)]
        rows = vstack([csr_array(np.ones((1, len(kept)))), ruled])
        return csr_array(hstack([rows, csr_array((rows.shape[0], extra))]))

    def _reduced(self, kept: Whole, state: NDArray[np.int8]) -> tuple[Cover, Whole]:
        """Drop dominated sites, then villages that no longer decide, and so on while there are any."""
        small = self
        while True:
            kept = kept[small._undominated(kept) | (state[kept] > 0)]
            rows = small.rows[essential_rows(self.case.reach[np.ix_(small.rows, kept)])]
            if len(rows) == len(small.rows):
                return small, kept
            small = replace(self, rows=rows)

    def _undominated(self, kept: Whole) -> NDArray[np.bool_]:
        """Return which sites no other one replaces at no more cost; of equals the first stays."""
        core = self.case.reach[np.ix_(self.rows, kept)].astype(np.float32)
        shared, needs = core.T @ core, self.needs[kept]
        within = (shared == core.sum(axis=0)[:, None]) & (needs[:, None] >= np.maximum(needs[None, :], 0.0))
        equal = within & within.T
        earlier = np.tri(len(kept), k=-1, dtype=bool)
        return np.asarray(~((within & ~equal).any(axis=1) | (equal & earlier).any(axis=1)))


def cover_greedily(case: HubCase, wish: Floats) -> Whole | None:
    """Open what the rules demand, then sites that cover most (weighted by `wish`), and drop the needless."""
    kept = np.flatnonzero(case.rules.kept).tolist()
    left = ~case.reach[:, kept].any(axis=1)
    free = ~case.rules.barred
    free[kept] = False
    opened = list(kept)
    while left.any():
        gain = case.reach[left].sum(axis=0) * wish * free
        site = int(np.argmax(gain))
        if gain[site] <= 0:
            return None
        opened.append(site)
        free[site] = False
        left &= ~case.reach[:, site]
    times = case.reach[:, opened].sum(axis=1)
    for site in opened[: len(kept) - 1 if kept else None : -1]:
        if len(opened) > case.least and (times[case.reach[:, site]] > 1).all():
            opened.remove(site)
            times -= case.reach[:, site]
    return fill_up(case, np.array(opened, np.int64))


def fill_up(case: HubCase, opened: Whole) -> Whole:
    """Add sites until there are enough."""
    free = ~case.rules.barred
    free[opened] = False
    spare = np.flatnonzero(free)[: max(0, case.least - len(opened))]
    return np.sort(np.append(opened, spare))
