"""spopt with HiGHS on the same question, in a process of its own that is ended after a minute of CPU.

Run by the bench; ``python -m tests.benchmarks.siting_peer question.npz`` prints what it found.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from planning.siting import SitingProblem

CPU_LIMIT_S = 60
WALL_LIMIT_S = 240


def ask_peer(problem: SitingProblem, model: str, *, p: int = 0, limit_s: int = 0) -> tuple[float | None, str]:
    """Return the peer's CPU seconds, and a note if it did not end or found something else."""
    if find_spec("spopt") is None:
        return None, ""
    with tempfile.TemporaryDirectory() as folder:
        question = Path(folder) / "question.npz"
        np.savez(question, values=problem.values, weights=problem.weights, model=model, p=p, limit_s=limit_s)
        try:
            done = subprocess.run(
                [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.siting_peer", str(question)],
                capture_output=True,
                text=True,
                timeout=WALL_LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return float(CPU_LIMIT_S), " (no end)"
    if done.returncode:
        return float(CPU_LIMIT_S), " (no end)"
    told = json.loads(done.stdout.splitlines()[-1])
    return told["cpu_s"], "" if told["proven"] else " (not proven)"


def main() -> None:
    """Answer one question."""
    question = np.load(sys.argv[1])
    pulp, locate = import_module("pulp"), import_module("spopt.locate")  # only the bench has them
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
    begun = time.process_time()
    asked = _posed(locate, str(question["model"]), question["values"].astype(float), question)
    asked.solve(pulp.HiGHS(msg=False, threads=1))
    print(
        json.dumps(
            {
                "objective": round(asked.problem.objective.value()),
                "cpu_s": time.process_time() - begun,
                "proven": asked.problem.sol_status == 1,
            }
        )
    )


def _posed(locate: Any, model: str, values: Any, question: Any) -> Any:
    p, limit_s, weights = int(question["p"]), int(question["limit_s"]), question["weights"]
    if model == "p-median":
        return locate.PMedian.from_cost_matrix(values, weights, p_facilities=p)
    if model == "p-center":
        return locate.PCenter.from_cost_matrix(values, p_facilities=p)
    if model == "lscp":
        return locate.LSCP.from_cost_matrix(values, service_radius=limit_s)
    return locate.MCLP.from_cost_matrix(values, weights, service_radius=limit_s, p_facilities=p)


if __name__ == "__main__":
    main()
