"""The code at hand beside an earlier version of it, question by question, the two taking turns in one run.

``make bench-network BASE=<commit>`` checks the commit out into a temporary folder; two processes answer the same
questions on the same networks from whole seconds, one after the other, ``ROUNDS`` times. The medians of CPU seconds
and their ratio are written to ``network.md``.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

ROUNDS = 5
CUTOFF_S = 900
_LEAST_S = 0.05  # a question is asked as often as it takes to be measured


def questions(case: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """Return what both versions are asked, in words that both understand."""
    from gis.edits import close_roads  # noqa: PLC0415  (of the version that this process runs)
    from gis.network import RoadNetwork  # noqa: PLC0415
    from gis.route import route  # noqa: PLC0415
    from gis.travel_time import nearest, travel_times, within  # noqa: PLC0415

    places, facilities = case["places"], case["facilities"]
    n = RoadNetwork(case["tail"], case["head"], case["seconds"], case["x"], case["y"])
    ends = np.random.default_rng(5).choice(n.x.size, (50, 2))
    arcs, moved = itertools.cycle(range(0, n.tail.size, 97)), itertools.count(1)

    def anew() -> Any:
        x = n.x + next(moved)  # elsewhere: content that nothing is kept of
        return travel_times(RoadNetwork(n.tail, n.head, n.seconds, x, n.y), places, places)

    def covered(network: Any) -> Any:
        travel_times(network, places, places)
        return nearest(network, facilities, origins=places)

    def build() -> Any:
        one, other = places[next(arcs) % len(places)], places[next(arcs) % len(places)]
        return covered(n.edit(added=[(one, other, 30), (other, one, 30)]))

    return {
        "first matrix, nothing kept": anew,
        f"matrix {len(places):,} × {len(places):,}": lambda: travel_times(n, places, places),
        f"matrix {len(places):,} × {len(facilities):,}": lambda: travel_times(n, places, facilities),
        "from one place to every node": lambda: travel_times(n, places[:1], np.arange(n.x.size)),
        "close a road: new matrix and coverage": lambda: covered(close_roads(n, [next(arcs)])),
        "build a road: new matrix and coverage": build,
        "nearest facility of every node": lambda: nearest(n, facilities, k=1),
        "nearest 5 facilities of the places": lambda: nearest(n, facilities, k=5, origins=places),
        f"within {CUTOFF_S} s of 50 places": lambda: [
            within(n, places[i : i + 1], cutoff_s=CUTOFF_S) for i in range(50)
        ],
        "50 routes with their course": lambda: [route(n, pair[:1], pair[1:]) for pair in ends],
    }


def compare(base: str, case: Any) -> list[tuple[str, float, float]]:
    """Return question, median CPU seconds of the base, median CPU seconds of the code at hand."""
    with checked_out(base) as folder, tempfile.NamedTemporaryFile(suffix=".npz") as file:
        n = case.network
        np.savez(
            file,
            tail=n.tail,
            head=n.head,
            seconds=n.seconds,
            x=n.x,
            y=n.y,
            places=case.places,
            facilities=case.facilities,
        )
        file.flush()
        before, now = (_worker(root, file.name) for root in (folder, Path.cwd()))
        rows = []
        for question in _ask(now, "?"):
            if question not in _ask(before, "?"):
                raise SystemExit(f"{base} does not know the question {question!r}")
            taken: tuple[list[float], list[float]] = ([], [])
            for turn in range(ROUNDS):
                for side in (0, 1) if turn % 2 else (1, 0):
                    taken[side].append(_ask((before, now)[side], question))
            rows.append((question, *(statistics.median(times) for times in taken)))
        for worker in (before, now):
            worker.communicate()
    return rows


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """Lay a commit of this repository into a temporary folder, its kernels to be compiled there."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", commit, "gis"], check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        yield Path(folder)


def _worker(root: Path, file: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(Path(__file__).resolve()), file]
    environment = {**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=root
    )


def _ask(worker: subprocess.Popen[str], question: str) -> Any:
    if worker.stdin is None or worker.stdout is None:
        raise RuntimeError("the process has no pipes")
    worker.stdin.write(question + "\n")
    worker.stdin.flush()
    line = worker.stdout.readline()
    if not line:
        raise SystemExit(f"a version failed at {question!r}")
    return json.loads(line)


def answer(file: str) -> None:
    """Answer questions from standard input with the CPU seconds that one answer takes, until there are no more."""
    with np.load(file) as arrays:
        known = questions(dict(arrays))
    for line in sys.stdin:
        question = line.rstrip("\n")
        if question == "?":
            print(json.dumps(list(known)), flush=True)
            continue
        begun, times = time.process_time(), 0
        if question not in known:
            raise SystemExit(f"no such question: {question}")
        known[question]()  # compiled and warm
        begun = time.process_time()
        while time.process_time() - begun < _LEAST_S:
            known[question]()
            times += 1
        print(json.dumps((time.process_time() - begun) / times), flush=True)


if __name__ == "__main__":
    answer(sys.argv[1])
