"""How long each step of a case may take, as an office has decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, NamedTuple, get_args

from planning.incidents.clocks import Clock
from planning.incidents.events import Severity

Step = Literal["decide", "accept", "arrive", "handle", "check"]
Unit = Literal["minutes", "hours", "workdays"]

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
STEPS: tuple[Step, ...] = get_args(Step)
ANY = "any"
"""Stands in a table for every category, severity, area or time."""
RESTING = ("village", "township")
"""Levels at which an overdue step that has climbed rests before it climbs on; the first climb is when it is due."""

USUAL_WARN_PERCENT = 75

_UNITS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}


class Target(NamedTuple):
    """How much time is counted until something is due.

    Parameters
    ----------
    amount
        Whole working days, or a span of counted time.
    clock
        ``working`` or ``calendar``.
    warn_percent
        So much of it passes before somebody is reminded (yellow).
    """

    amount: int | timedelta
    clock: Clock
    warn_percent: int = USUAL_WARN_PERCENT


@dataclass(frozen=True)
class StepTarget:
    """How long a step may take.

    Parameters
    ----------
    amount, unit
        0 working days is the day itself.
    clock
    warn_percent
        Share of the target after which somebody is reminded (yellow).
    rest_minutes
        Level to which an overdue step has climbed → minutes, by its own clock, until it climbs on.
    """

    amount: int
    unit: Unit
    clock: Clock
    warn_percent: int = USUAL_WARN_PERCENT
    rest_minutes: Mapping[str, int] = field(default_factory=dict)

    @property
    def target(self) -> Target:
        """What a clock counts."""
        amount = self.amount if self.unit == "workdays" else self.amount * _UNITS[self.unit]
        return Target(amount, self.clock, self.warn_percent)

    def rest(self, level: str) -> Target:
        """Return how long an overdue step that has climbed to a level rests there, by its own clock."""
        return Target(timedelta(minutes=self.rest_minutes.get(level, 0)), self.clock)


Targets = Mapping[tuple[str, str, str], StepTarget]
"""(category or ``any``, severity, step) → target."""


def target_of(targets: Targets, *, category: str, severity: str, step: str) -> StepTarget | None:
    """Return how long a step may take, ``None`` where nothing is said: a category's own row before that of all."""
    return targets.get((category, severity, step)) or targets.get((ANY, severity, step))


def _usual() -> Iterator[tuple[tuple[str, str, str], StepTarget]]:
    for severity, steps in _USUAL_AMOUNTS.items():
        rest = dict(zip(RESTING, _USUAL_RESTS[severity], strict=True))
        for step, (amount, unit) in steps.items():
            clock: Clock = "calendar" if severity == "emergency" and unit != "workdays" else "working"
            yield (ANY, severity, step), StepTarget(amount, unit, clock, rest_minutes=rest)


_USUAL_AMOUNTS: Mapping[Severity, Mapping[Step, tuple[int, Unit]]] = {
    "emergency": {
        "decide": (10, "minutes"),
        "accept": (10, "minutes"),
        "arrive": (30, "minutes"),
        "handle": (24, "hours"),
        "check": (1, "workdays"),
    },
    "urgent": {"decide": (1, "hours"), "accept": (1, "hours"), "handle": (1, "workdays"), "check": (1, "workdays")},
    "normal": {"decide": (2, "hours"), "accept": (4, "hours"), "check": (2, "workdays")},
}
_USUAL_RESTS: Mapping[Severity, tuple[int, int]] = {"emergency": (10, 10), "urgent": (60, 60), "normal": (240, 240)}
"""Minutes with the village and with the township: an example."""

USUAL_TARGETS: Targets = dict(_usual())
"""By severity and step: an example. A normal case is handled within the working days of its category."""
