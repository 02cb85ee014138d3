"""Programs for HiGHS (Huangfu & Hall 2018), always cancellable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.engine.solver_apart import run_apart
from planning.siting.limits import Limits

Tell = Callable[[float, float], None]

FEASIBILITY = 1e-9
"""Tolerance on rows, reduced costs and integrality: the finest that HiGHS takes is 1e-10."""


LARGE = 300_000
"""A program of more entries is solved in a process of its own."""


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
    if program.rows.nnz > LARGE:
        return _solve_apart(program, limits, gap, tell)
    model = _load(program, limits.remaining_s, gap)

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


def _solve_apart(program: Program, limits: Limits, gap: float, tell: Tell | None) -> Answer:
    """Solve a program that HiGHS may be long silent about."""
    best = Answer(proven=False, values=None, bound=-np.inf, duals=None)

    def on_answer(answer: Answer) -> None:
        nonlocal best
        values = best.values if answer.values is None else answer.values
        best = replace(answer, values=values)
        if tell is not None:
            tell(np.inf if values is None else float(values @ program.cost), answer.bound)

    run_apart(partial(_work_apart, program, limits.remaining_s, gap), limits, on_answer)
    return best


def _work_apart(program: Program, time_limit_s: float, gap: float, send: Callable[[Answer], None]) -> None:
    """Send every better plan and bound, then the answer."""
    model = _load(program, time_limit_s, gap)
    told = -np.inf

    def look(event: Any) -> None:
        nonlocal told
        if event.data_out.mip_dual_bound > told:
            told = event.data_out.mip_dual_bound
            send(Answer(proven=False, values=None, bound=told, duals=None))

    def improve(event: Any) -> None:
        values = np.array(event.data_out.mip_solution)
        send(Answer(proven=False, values=values, bound=event.data_out.mip_dual_bound, duals=None))

    model.cbMipInterrupt += look
    model.cbMipImprovingSolution += improve
    model.run()
    send(_read(model, program))


def set_up(options: Mapping[str, Any]) -> Any:
    """Return HiGHS, silent, on one thread, always with the same answer."""
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


def _load(program: Program, time_limit_s: float, gap: float) -> Any:
    model = set_up(
        {
            "mip_rel_gap": 0.0,
            "mip_abs_gap": gap,
            "mip_feasibility_tolerance": FEASIBILITY,
            "time_limit": time_limit_s,
        }
    )
    lp = as_highs(program)
    if program.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(w)] for w in program.whole]
    model.passModel(lp)
    return model


def as_highs(program: Program) -> Any:
    """Return a program as HiGHS reads it; nothing has to be whole yet."""
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
