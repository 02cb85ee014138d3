"""When to stop, and who wants to hear how far we are."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from planning.siting.solution import Reason, relative_gap


@dataclass(frozen=True, slots=True)
class Progress:
    """Best plan and best bound so far.

    Parameters
    ----------
    incumbent, bound
        In the unit of the model; ``None`` before there is one.
    """

    incumbent: int | None = None
    bound: int | None = None

    @property
    def gap(self) -> float | None:
        """Share that a better plan could gain at most, as in ``Solution.gap``."""
        return relative_gap(self.incumbent, self.bound)


Stop = Callable[[], bool | Reason]
"""Asked often; true ends the work, as a cancel or for the reason given."""
Report = Callable[[Progress], None]


def never() -> bool:
    """Never stop."""
    return False


def silent(_progress: Progress) -> None:
    """Tell nobody."""


def report_rest(report: Report, of: int) -> Report:
    """Return how to report a search whose costs are what is missing of a number that should be large."""

    def tell(progress: Progress) -> None:
        report(Progress(*(None if cost is None else of - cost for cost in (progress.incumbent, progress.bound))))

    return tell


def within_memory(stop: Stop, *, most_mb: int, resident_mb: Callable[[], int]) -> Stop:
    """Return `stop` for work that may hold only so much memory.

    Parameters
    ----------
    stop
    most_mb
        Megabytes; beyond, the work ends with its best plan and bound.
    resident_mb
        Tells how many megabytes the process holds: this floor touches no system.
    """

    def look() -> bool | Reason:
        return stop() or (resident_mb() > most_mb and Reason("memory-limit", {"most_mb": most_mb}))

    return look


class Limits:
    """A cancel switch and a stopwatch; looked at between short steps.

    Parameters
    ----------
    stop
        See ``Stop``; :func:`within_memory` makes one that also limits memory.
    report
        Told of every new incumbent or bound.
    time_limit_s
        Seconds from now; ``None`` is unlimited.

    Notes
    -----
    The stopwatch is the one clock of this floor: it decides when to stop, never what is right.
    """

    def __init__(self, stop: Stop = never, report: Report = silent, time_limit_s: float | None = None) -> None:
        self._stop = stop
        self.report = report
        self._deadline = None if time_limit_s is None else time.monotonic() + time_limit_s
        self.reason: Reason | None = None

    def quiet(self) -> Limits:
        """Return the same limits, reporting to nobody: for work whose progress is in other units."""
        return _Quiet(self)

    def spell(self, looks: int) -> Limits:
        """Return the same limits, quiet, that also end after so many looks at them: work without a clock."""
        return _Quiet(self, looks)

    def reached(self) -> bool:
        """Whether to stop now; the first cause is kept in ``reason``."""
        if self.reason is None:
            asked = self._stop()
            if asked:
                self.reason = asked if isinstance(asked, Reason) else Reason("cancelled", {})
            elif self._deadline is not None and time.monotonic() >= self._deadline:
                self.reason = Reason("time-limit", {})
        return self.reason is not None

    def stop(self) -> bool | Reason:
        """Return the cause if it is time to stop: limits for work within this work, which learns the cause."""
        return self.reason if self.reached() and self.reason is not None else False

    @property
    def remaining_s(self) -> float:
        """Seconds left, ``inf`` if unlimited."""
        return float("inf") if self._deadline is None else max(0.0, self._deadline - time.monotonic())


class _Quiet(Limits):
    """The limits of another, which learns of the cause too."""

    def __init__(self, whose: Limits, looks: int | None = None) -> None:
        super().__init__()
        self._whose, self._looks = whose, looks

    def reached(self) -> bool:
        reached = self._whose.reached()
        self.reason = self._whose.reason
        if self._looks is not None:
            self._looks -= 1
            reached = reached or self._looks < 0
        return reached

    def stop(self) -> bool | Reason:
        """Return the cause if it is time to stop: limits for work within this work, which learns the cause."""
        return self.reason if self.reached() and self.reason is not None else False

    @property
    def remaining_s(self) -> float:
        return self._whose.remaining_s
