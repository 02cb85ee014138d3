"""The service with plans that take their time: those of two sites in a thread, those of three in a process.

So do counter-proposals of what is published.

``python -m tests.slow_service serve``; ``SLOW_S`` says how many seconds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from api.cli.commands import main
from api.runs import asked, counter_asked
from planning.siting.engine.solver_apart import run_apart
from planning.siting.limits import Limits
from tests import slow_service  # by its name, so that another process finds it

SECONDS = float(os.environ.get("SLOW_S", "2"))
_make = asked.make_plan
_make_counter = counter_asked.make_counter_proposals


def work(send: Callable[[Any], None]) -> None:
    """Do nothing for a while, in a process of its own, and tell so."""
    for step in range(round(SECONDS * 20)):
        time.sleep(0.05)
        send(step)


def make_slowly(at_hand: Any, request: Any, *, stop: Any, report: Any, show: Any) -> dict[str, Any]:
    """Make a plan after a while in which the bound rises."""

    def tell(step: int) -> None:
        report({"incumbent": 10_000, "bound": step})

    if request.p == 2:
        for step in range(round(SECONDS * 20)):
            if stop():
                break
            tell(step)
            time.sleep(0.05)
    if request.p == 3:
        run_apart(slow_service.work, Limits(stop=stop), tell)
    made = _make(at_hand, request)
    return {**made, "status": "interrupted"} if stop() else made


def make_counter_slowly(at_hand: Any, plan: Any, *, stop: Any, report: Any) -> dict[str, Any]:
    """Make counter-proposals after a while."""
    for step in range(round(SECONDS * 20)):
        if stop():
            break
        report({"step": "counter-proposals", "done": step, "of": round(SECONDS * 20)})
        time.sleep(0.05)
    return _make_counter(at_hand, plan, stop=stop, report=report)


if __name__ == "__main__":
    asked.make_plan = make_slowly
    counter_asked.make_counter_proposals = make_counter_slowly
    main()
