"""One p-median of thousands of places in a process of its own, so that its peak memory is its own.

Run by the bench; ``python -m tests.benchmarks.siting_large 5000 5`` prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from typing import Any

from planning.siting import SitingProblem, p_median, verify
from tests.benchmarks.siting_cases import plane

CPU_LIMIT_S = 100.0


def solve_apart(n: int, p: int, seed: int) -> dict[str, Any]:
    """Solve p of n × n in another process and return what it tells."""
    command = [sys.executable, "-m", "tests.benchmarks.siting_large", str(n), str(p), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def main() -> None:
    """Solve, check, print."""
    n, p, seed = (int(word) for word in sys.argv[1:4])
    small, weights = plane(300)
    p_median(SitingProblem.from_arrays(small, weights), p=p)
    problem = SitingProblem.from_arrays(*plane(n, seed=seed))
    before_gb, begun = peak_gb(), time.process_time()
    solution = p_median(problem, p=p, stop=lambda: time.process_time() - begun > CPU_LIMIT_S)
    cpu_s, after_gb = time.process_time() - begun, peak_gb()
    faults = [fault.code for fault in verify(problem, solution)]
    told = {"objective": solution.objective, "bound": solution.bound, "gap": solution.gap, "proof": solution.proof}
    told |= {"status": solution.status, "cpu_s": cpu_s, "before_gb": before_gb, "after_gb": after_gb, "faults": faults}
    print(json.dumps(told))


def peak_gb() -> float:
    """Return the most memory that this process has held, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


if __name__ == "__main__":
    main()
