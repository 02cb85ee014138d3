"""The siting models in CPU seconds, beside one mixed-integer program handed to HiGHS as it stands.

Run by ``make bench``. The peer is the textbook p-median (x_ij ≤ y_j, as spopt writes it) through
``scipy.optimize.milp``, stopped after a minute.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, kron

sys.path.insert(0, str(Path(__file__).parents[1]))

from siting_oracle import random_county

from planning.siting import MODELS, SitingProblem, verify

PEER_LIMIT_S = 60.0


def main() -> None:
    """Print one line for each question."""
    print(f"{'question':<34}{'objective':>16}  {'proof':<12}{'CPU s':>8}{'HiGHS alone':>13}{'ratio':>8}")
    beside = SitingProblem.from_arrays(*random_county(150, 150))
    compare("p-median 150 × 150, p = 5", beside, "p-median", peer=True, p=5)
    small, large = (SitingProblem.from_arrays(*random_county(865, m)) for m in (150, 865))
    compare("p-median 865 × 150, p = 5", small, "p-median", peer=True, p=5)
    for p in (5, 12, 30, 102):
        compare(f"p-median 865 × 865, p = {p}", large, "p-median", p=p)
    for minutes in (6, 15, 30):
        compare(f"LSCP 865 × 865, {minutes} min", large, "lscp", limit_s=minutes * 60)
        compare(f"MCLP 865 × 865, p = 5, {minutes} min", large, "mclp", p=5, limit_s=minutes * 60)


def compare(question: str, problem: SitingProblem, model: str, *, peer: bool = False, **options: int) -> None:
    """Solve, check and print one question; a limit of 60 s gives the best so far."""
    solution, cpu_s = timed(lambda: MODELS[model].solve(problem, **options, time_limit_s=60.0))
    faults = verify(problem, solution)
    if faults:
        raise SystemExit(f"{question}: {faults}")
    told = f"{question:<34}{solution.objective:>16,}  {solution.proof or solution.gap!s:<12}{cpu_s:>8.2f}"
    if peer:
        cost, peer_s = timed(lambda: plain_p_median(problem, options["p"]))
        verdict = "" if cost == solution.objective else f"  (its plan: {cost})"
        told += f"{peer_s:>13.2f}{peer_s / cpu_s:>8.0f}{verdict}"
    print(told, flush=True)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what `work` returns and the CPU seconds of this process."""
    begun = time.process_time()
    return work(), time.process_time() - begun


def plain_p_median(problem: SitingProblem, p: int) -> int | None:
    """Solve the textbook program: x_ij by rows, then y_j."""
    n, m = problem.values.shape
    cost = (problem.values.astype(np.int64) * problem.weights[:, None]).ravel()
    served = hstack([kron(eye_array(n), np.ones((1, m))), csr_array((n, m))], format="csr")
    opened = hstack([eye_array(n * m), kron(np.ones((n, 1)), -eye_array(m))], format="csr")
    count: NDArray[np.float64] = np.append(np.zeros(n * m), np.ones(m))
    found = milp(
        np.append(cost, np.zeros(m)),
        constraints=[
            LinearConstraint(served, 1, 1),
            LinearConstraint(opened, -np.inf, 0),
            LinearConstraint(csr_array(count[None, :]), p, p),
        ],
        integrality=count,
        bounds=Bounds(0, 1),
        options={"time_limit": PEER_LIMIT_S, "mip_rel_gap": 0.0},
    )
    return None if found.fun is None else round(found.fun)


if __name__ == "__main__":
    main()
