"""What is asked while a thread is at work is done in the next go; each is told its own, whatever the others met."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest
from anyio import CapacityLimiter

from api.batching import Batching


class Worker:
    """Notes what it is given; the first go lasts until it is let go."""

    def __init__(self) -> None:
        self.goes: list[list[int]] = []
        self.may_end, self.is_broken = threading.Event(), False

    def __call__(self, items: Sequence[int]) -> list[int | BaseException]:
        self.goes.append(list(items))
        assert self.may_end.wait(10)
        if self.is_broken:
            raise RuntimeError("of all")
        return [ValueError(f"no {item}") if item < 0 else item * 10 for item in items]


async def gathered(worker: Worker, first: int, rest: Sequence[int], *, gone: int = 0) -> list[int | BaseException]:
    """Ask for one, for the rest while that is done, and let some of the rest go away."""
    batching = Batching(worker, CapacityLimiter(1))
    tasks = [asyncio.create_task(batching.do(first))]
    while not worker.goes:
        await asyncio.sleep(0.001)
    tasks += [asyncio.create_task(batching.do(item)) for item in rest]
    await asyncio.sleep(0.01)
    for task in tasks[1 : 1 + gone]:
        task.cancel()
    await asyncio.sleep(0)
    worker.may_end.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


def test_what_comes_while_a_thread_is_at_work_is_one_go() -> None:
    worker = Worker()
    assert asyncio.run(gathered(worker, 1, range(2, 40))) == [item * 10 for item in range(1, 40)]
    assert worker.goes == [[1], list(range(2, 34)), list(range(34, 40))], "no more than 32 wait for each other"


def test_an_error_is_told_to_whom_it_belongs_and_one_of_all_to_all() -> None:
    outcomes = asyncio.run(gathered(Worker(), 1, [2, -3, 4]))
    assert outcomes[:2] + outcomes[3:] == [10, 20, 40]
    with pytest.raises(ValueError, match="no -3"):
        raise outcomes[2]  # type: ignore[misc]
    broken = Worker()
    broken.is_broken = True
    assert [str(one) for one in asyncio.run(gathered(broken, 1, [2, 3]))] == ["of all"] * 3


def test_whoever_has_gone_takes_nothing_from_the_others_and_its_work_is_done() -> None:
    worker = Worker()
    outcomes = asyncio.run(gathered(worker, 1, [2, 3, 4], gone=2))
    assert [type(one) for one in outcomes[1:3]] == [asyncio.CancelledError] * 2
    assert (outcomes[0], outcomes[3]) == (10, 40)
    assert worker.goes == [[1], [2, 3, 4]], "what was sent may be kept: the same key finds it"
