"""Linear relaxations that HiGHS solves again and again."""

from __future__ import annotations

from typing import Any, NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.engine.solver import Program, as_highs, set_up
from planning.siting.limits import Limits

STEPS_AT_ONCE = 200
"""Simplex steps between two looks at the limits."""

TRIAL_STEPS = 15
"""Simplex steps that tell about enough of a choice."""

_ENDLESS = 2**31 - 1  # the most steps that HiGHS can be given: no limit


class Relaxed(NamedTuple):
    """A linear relaxation, solved.

    Parameters
    ----------
    cost
        ``inf`` where nothing fits.
    values : (k,) float64
    duals : (r,) float64
        Multipliers of the rows.
    """

    cost: float
    values: NDArray[np.float64]
    duals: NDArray[np.float64]


class Relaxation:
    """A linear program that is solved again and again with other bounds, each time from the last basis or a given one.

    Parameters
    ----------
    program
        `whole` is not looked at.
    perturbed
        Whether the simplex method may change costs a little on its way, lest it stand still.
    """

    def __init__(self, program: Program, *, perturbed: bool = True) -> None:
        aside = {"dual_simplex_cost_perturbation_multiplier": float(perturbed)}
        self._model = set_up({"presolve": "off", "solver": "simplex", **aside})
        self._model.passModel(as_highs(program))
        self._cost = program.cost

    def solve(self, lowest: NDArray[np.float64], highest: NDArray[np.float64], limits: Limits) -> Relaxed | None:
        """Solve with these bounds on the columns; ``None`` if a limit or HiGHS stops it.

        Parameters
        ----------
        lowest, highest : (k,) float64
            Of the columns at first; those of soft rows are at least 0.
        """
        self._model.changeColsBounds(len(lowest), np.arange(len(lowest), dtype=np.int32), lowest, highest)
        if self._model.getNumRow() == 0:
            return Relaxed(float(lowest @ self._cost), lowest, np.zeros(0))
        status = self._run(STEPS_AT_ONCE)
        while status == highspy.HighsModelStatus.kIterationLimit and not limits.reached():
            status = self._run(STEPS_AT_ONCE)
        solution = self._model.getSolution()
        values, duals = np.array(solution.col_value), np.array(solution.row_dual)
        if status == highspy.HighsModelStatus.kInfeasible:
            return Relaxed(float("inf"), values, duals)
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        return Relaxed(float(self._model.getInfo().objective_function_value), values, duals)

    def begin(self, limits: Limits) -> None:
        """Solve it once with presolve, which helps where there is no basis to go on from."""

        def look_up(event: Any) -> None:
            if limits.reached():
                event.interrupt()

        self._model.cbSimplexInterrupt += look_up
        self._model.setOptionValue("presolve", "on")
        self._run(_ENDLESS)
        self._model.setOptionValue("presolve", "off")
        self._model.cbSimplexInterrupt -= look_up

    def add_soft_rows(
        self, start: NDArray[np.int64], column: NDArray[np.int32], *, above: NDArray[np.bool_], penalties: NDArray[Any]
    ) -> None:
        """Add rows "the sum of these columns is at most 1" (`above`) or at least 1, each broken at its own penalty.

        Parameters
        ----------
        start : (r + 1,) int64
        column : (k,) int32
            Columns of row i at ``start[i]:start[i + 1]``.
        above : (r,) bool
        penalties : (r,) float64
            Cost of a whole unit beyond or below 1; a column of its own for each row, after all others.
        """
        count, first = len(above), self._model.getNumCol()
        none = np.zeros(count, np.int32)
        self._model.addCols(count, penalties, np.zeros(count), np.full(count, np.inf), 0, none, none[:0], penalties[:0])
        place = np.insert(column, start[1:], np.arange(first, first + count)).astype(np.int32)
        value = np.insert(np.ones(len(column)), start[1:], np.where(above, -1.0, 1.0))
        least, most = np.where(above, -np.inf, 1.0), np.where(above, 1.0, np.inf)
        begin = (start[:-1] + np.arange(count)).astype(np.int32)
        self._model.addRows(count, least, most, len(place), begin, place, value)

    def probe(self, column: int, bounds: tuple[float, float], *, steps: int = TRIAL_STEPS) -> tuple[float, float]:
        """Return about what the cost becomes with the column at 0 and at 1, after a few steps each.

        The basis, and the column's `bounds`, are as before afterwards.
        """
        basis = self._model.getBasis()
        costs = []
        for value in (0.0, 1.0):
            self._model.changeColBounds(column, value, value)
            fits = self._run(steps) != highspy.HighsModelStatus.kInfeasible
            costs.append(float(self._model.getInfo().objective_function_value) if fits else float("inf"))
            self._model.changeColBounds(column, *bounds)
            self._model.setBasis(basis)
        return costs[0], costs[1]

    def add_rows(self, rows: csr_array, least: NDArray[np.float64]) -> None:
        """Ask for more: ``least ≤ rows x``, beside all rows so far."""
        most = np.full(len(least), np.inf)
        starts, indices = rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32)
        self._model.addRows(len(least), least, most, rows.nnz, starts, indices, rows.data)

    def drop_rows(self, rows: NDArray[np.int64]) -> None:
        """Ask no longer for these rows, none of them tight; the others keep their order and the last solution stands.

        Parameters
        ----------
        rows : (k,) int64
            Places among the rows.
        """
        basis = self._model.getBasis()
        self._model.deleteRows(len(rows), rows.astype(np.int32))
        basis.row_status = np.delete(np.array(basis.row_status, object), rows).tolist()
        self._model.setBasis(basis)

    def basis(self) -> Any:
        """Return where the last solution stands, for :meth:`go_on_from`."""
        return self._model.getBasis()

    def go_on_from(self, basis: Any) -> None:
        """Start the next solution from this basis."""
        self._model.setBasis(basis)

    def _run(self, steps: int) -> Any:
        self._model.setOptionValue("simplex_iteration_limit", steps)
        self._model.run()
        return self._model.getModelStatus()
