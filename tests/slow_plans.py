"""Plans that are computed for as long as a test wants, and questions that nobody has asked before."""

from __future__ import annotations

import itertools
import threading
import time
from typing import Any

import pytest

from api.runs import asked

SLOW, STUCK = 2, 3
"""Numbers of sites: plans with so many wait for the gate; a stuck one does not hear when it is told to stop."""
_MINUTES = itertools.count(20_000)


def new_question(p: int = 1, **more: Any) -> dict[str, Any]:
    """Return a question of a number of sites that has no answer yet."""
    return {"service": "elder-centre", "p": p, "limit_minutes": next(_MINUTES) / 100, **more}


class SlowPlans:
    """Takes the place of the solvers; ``gate`` lets all plans come to their end, ``step`` tells of progress."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.gate = threading.Event()
        self.begun: list[int] = []
        self._make = asked.make_plan
        self._reports: list[Any] = []
        monkeypatch.setattr(asked, "make_plan", self.make)

    def make(self, at_hand: Any, request: Any, *, stop: Any, report: Any, show: Any) -> dict[str, Any]:
        if request.p not in (SLOW, STUCK):
            return self._make(at_hand, request, stop=stop, report=report, show=show)
        self.begun.append(request.p)
        if request.p == SLOW:
            self._reports.append(report)
            report({"incumbent": 100, "bound": 0})
        while not self.gate.wait(0.01):
            if request.p == SLOW and stop():
                return self._cut_off(at_hand, request, show)
        return self._make(at_hand, request)

    def _cut_off(self, at_hand: Any, request: Any, show: Any) -> dict[str, Any]:
        cut_off = {"status": "interrupted"}
        return {**self._make(at_hand, request, show=lambda made: show({**made, **cut_off})), **cut_off}

    def step(self, **progress: Any) -> None:
        for report in self._reports:
            report(progress)


def until(holds: Any, *, seconds: float = 60) -> float:
    """Wait until something holds and return the seconds that it took."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds, "it does not come to hold"
        time.sleep(0.01)
    return time.monotonic() - begun
