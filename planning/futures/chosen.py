"""A question solved anew in each future: how often every candidate is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault, FaultsError
from gis.snapping import Snapped
from gis.travel_time import travel_times
from planning.futures.draw import Future
from planning.futures.people import Counted
from planning.futures.scheme import scaled
from planning.futures.travel import Travel
from planning.siting.problem import SitingProblem
from planning.siting.solution import Solution, Status

Stop = Callable[[], object]
Tell = Callable[[int], None]


@dataclass(frozen=True, eq=False)
class FutureQuestion:
    """A question that can be solved in any future.

    Parameters
    ----------
    problem
        As asked today.
    solve
        The model.
    options
        What it is asked with.
    counted
    travel
    candidates : Snapped
        All (m,) of them, in the order of the problem.
    """

    problem: SitingProblem
    solve: Callable[..., Solution]
    options: Mapping[str, Any]
    counted: Counted
    travel: Travel
    candidates: Snapped

    def in_future(self, future: Future, closed: Sequence[int] = ()) -> SitingProblem:
        """Return the problem of a future.

        Parameters
        ----------
        future
        closed
            Rows of the road table.
        """
        travel, problem = self.travel, self.problem
        ids = problem.candidate_ids.astype(str).astype(object)
        matrix = travel_times(
            travel.in_future(future, closed),
            travel.origins,
            self.candidates,
            origin_ids=travel.origin_ids,
            destination_ids=ids,
            mode=travel.mode,
        )
        people, capacity = self.counted.in_future(future), problem.capacity
        if capacity is not None:
            capacity = scaled(capacity, problem.weights, people, future.capacity)
        return replace(problem, values=matrix.seconds, weights=people, capacity=capacity)


@dataclass(frozen=True, eq=False)
class Chosen:
    """How often candidates were chosen.

    Parameters
    ----------
    times : (m,) int64
        In how many futures each candidate is opened; together the sites of all plans.
    statuses
        Status of a solution -> how many futures ended so: only ``optimal`` is proven best, and ``infeasible`` opens
        nothing.
    of
        Futures that were solved: all unless the work was stopped.
    """

    times: NDArray[np.int64]
    statuses: Mapping[Status, int]
    of: int


def choose_again(
    question: FutureQuestion,
    futures: Sequence[Future],
    closed: Sequence[int],
    *,
    threads: Executor | None = None,
    stop: Stop = lambda: False,
    tell: Tell = lambda _done: None,
    time_limit_s: float | None = None,
) -> Chosen:
    """Solve a question in each future.

    Parameters
    ----------
    question
    futures
    closed
        Row of the road that is closed in each, −1 for none.
    threads
        Share the work; without a time limit the answer does not depend on how many there are.
    stop
        Asked often; true ends the work with what is solved.
    tell
        Told how many are solved.
    time_limit_s
        For one solve; then its best plan counts, and its status says so.

    Raises
    ------
    FaultsError
        ``model-not-resolved`` for a model with a problem above, whose times would be of today.
    """
    if question.options.get("upper") is not None:
        raise FaultsError([Fault("model-not-resolved", field="model")])
    done: list[int] = []

    def solve(number: int) -> Solution | None:
        if stop():
            return None
        row = closed[number]
        problem = question.in_future(futures[number], () if row < 0 else (row,))
        found = question.solve(problem, **question.options, stop=stop, time_limit_s=time_limit_s)
        done.append(number)
        tell(len(done))
        return None if found.status == "interrupted" else found

    run = map if threads is None else partial(threads.map)
    solved = [found for found in run(solve, range(len(futures))) if found is not None]
    times = np.zeros(question.problem.values.shape[1], np.int64)
    for found in solved:
        times[found.opened] += 1
    return Chosen(times, Counter(found.status for found in solved), len(solved))
