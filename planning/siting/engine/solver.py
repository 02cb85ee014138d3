"""The one place that talks to HiGHS (Huangfu & Hall 2018): binary programs, small and cancellable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.limits import Limits

Tell = Callable[[float, float], None]

FEASIBILITY = 1e-9
"""Tolerance on rows, reduced costs and integrality: the finest that HiGHS takes is 1e-10."""


STEPS_AT_ONCE = 200
"""Simplex steps between two looks at the limits."""


@dataclass(frozen=True, eq=False)
class Program:
    """Minimise cost·x with ``least ≤ rows x ≤ most`` and ``lowest ≤ x ≤ 1``, `x` whole where `whole`.

    Parameters
    ----------
    cost : (k,) float64
    rows : (r, k) sparse
    least, most : (r,) float64
        Bounds of each row; ``most`` may be ``inf``.
    whole : (k,) bool
    lowest : (k,) float64
    """

    cost: NDArray[np.float64]
    rows: csr_array
    least: NDArray[np.float64]
    most: NDArray[np.float64]
    whole: NDArray[np.bool_]
    lowest: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Answer:
    """What HiGHS says.

    Parameters
    ----------
    proven
        Whether it claims to have finished: `values` is best, or (``values`` None) nothing fits.
    values : (k,) float64 or None
    bound
        Its lower bound on the cost.
    duals : (r,) float64 or None
        Multipliers of the rows, for a linear program.
    """

    proven: bool
    values: NDArray[np.float64] | None
    bound: float
    duals: NDArray[np.float64] | None


def describe() -> str:
    """Return name, version and tolerance of the solver, as results quote it."""
    version = (highspy.HIGHS_VERSION_MAJOR, highspy.HIGHS_VERSION_MINOR, highspy.HIGHS_VERSION_PATCH)
    return f"HiGHS {'.'.join(map(str, version))}, feasibility {FEASIBILITY:g}"


class _Quiet(highspy.Highs):  # type: ignore[misc]
    """HiGHS that prints nothing: its banner would land on standard output, among our JSON."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the name is highspy's
        """Switch the output off before the first call that could print."""
        self.silent()
        super().enableCallbacks()


def solve(program: Program, *, limits: Limits, gap: float = 0.99, tell: Tell | None = None) -> Answer:
    """Solve a program; a limit returns what is known so far.

    Parameters
    ----------
    gap
        Absolute gap that counts as proven: below 1 where objectives are whole numbers.
    tell
        Told the cost of the best plan and the lower bound, often; either may be infinite.
    """
    model = _load(program, limits, gap)

    def look(event: Any) -> None:
        if tell is not None:
            tell(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)
        if limits.reached():
            event.interrupt()

    def look_up(event: Any) -> None:
        if limits.reached():
            event.interrupt()

    model.cbMipInterrupt += look
    model.cbSimplexInterrupt += look_up
    model.run()
    return _read(model, program)


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
    """A linear program that is solved again and again with other bounds, each time from the last basis.

    Parameters
    ----------
    program
        `whole` is not looked at.
    perturbed
        Whether the simplex method may change costs a little on its way, lest it stand still.
    """

    def __init__(self, program: Program, *, perturbed: bool = True) -> None:
        aside = {"dual_simplex_cost_perturbation_multiplier": float(perturbed)}
        self._model = _set_up({"presolve": "off", "solver": "simplex", **aside})
        self._model.passModel(_program(program))
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

    def probe(self, column: int, bounds: tuple[float, float], *, steps: int) -> tuple[float, float]:
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

    def _run(self, steps: int) -> Any:
        self._model.setOptionValue("simplex_iteration_limit", steps)
        self._model.run()
        return self._model.getModelStatus()


def _set_up(options: Mapping[str, Any]) -> Any:
    model = _Quiet()
    for option, value in {
        "output_flag": False,
        "threads": 1,
        "random_seed": 1,
        "primal_feasibility_tolerance": FEASIBILITY,
        "dual_feasibility_tolerance": FEASIBILITY,
        **options,
    }.items():
        model.setOptionValue(option, value)
    return model


def _load(program: Program, limits: Limits, gap: float) -> Any:
    model = _set_up(
        {
            "mip_rel_gap": 0.0,
            "mip_abs_gap": gap,
            "mip_feasibility_tolerance": FEASIBILITY,
            "time_limit": limits.remaining_s,
        }
    )
    lp = _program(program)
    if program.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(w)] for w in program.whole]
    model.passModel(lp)
    return model


def _program(program: Program) -> Any:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = program.rows.shape
    lp.col_cost_ = program.cost
    lp.col_lower_, lp.col_upper_ = program.lowest, np.ones(lp.num_col_)
    lp.row_lower_, lp.row_upper_ = program.least, program.most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.rows.indptr
    lp.a_matrix_.index_ = program.rows.indices
    lp.a_matrix_.value_ = program.rows.data
    return lp


def _read(model: Any, program: Program) -> Answer:
    status, info = model.getModelStatus(), model.getInfo()
    finished = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
    has_values = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    solution = model.getSolution()
    values = np.array(solution.col_value) if has_values else None
    if program.whole.any():
        return Answer(finished, values, float(info.mip_dual_bound), None)
    duals = np.array(solution.row_dual) if finished and has_values else None
    return Answer(finished, values, float(info.objective_function_value), duals)
