"""HiGHS on the compact program of single-source facility location with capacities, as anybody would state it.

min Σ_j f_j y_j + Σ_ij c_ij x_ij   subject to   Σ_j x_ij = 1,   Σ_i q_i x_ij ≤ Q_j y_j,   x_ij ≤ y_j,   x and y binary
"""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack, kron, vstack

CPU_LIMIT_S = 60


def ask_highs(told: dict[str, NDArray[np.int64]]) -> tuple[float, str]:
    """Return CPU seconds on one thread, building the program included, and a note if it did not end."""
    begun = time.process_time()
    costs, loads, room = told["costs"], told["loads"], told["capacities"]
    model = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("time_limit", CPU_LIMIT_S)):
        model.setOptionValue(option, value)
    model.passModel(_program(costs, loads, room, told["opening_costs"]))
    model.run()
    done = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return time.process_time() - begun, "" if done else " (not proven)"


def _program(costs: NDArray[np.int64], loads: NDArray[np.int64], room: NDArray[np.int64], opening: Any) -> Any:
    """Variables: y (m,), then x (n, m) row by row."""
    n, m = costs.shape
    sites = eye_array(m)
    once = hstack([csr_array((n, m)), kron(eye_array(n), np.ones((1, m)))])
    within = hstack([-sites * room, kron(loads[None, :].astype(float), sites)])
    opened = hstack([-kron(np.ones((n, 1)), sites), eye_array(n * m)])
    rows = csr_array(vstack([once, within, opened]))
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = rows.shape
    lp.col_cost_ = np.concatenate([opening, costs.ravel()]).astype(float)
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
    lp.row_lower_ = np.concatenate([np.ones(n), np.full(m + n * m, -np.inf)])
    lp.row_upper_ = np.concatenate([np.ones(n), np.zeros(m + n * m)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    return lp
