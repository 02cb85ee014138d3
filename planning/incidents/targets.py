"""How long each step of a case may take, as an office has decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, NamedTuple, get_args

from planning.incidents.clocks import Clock

Severity = Literal["emergency", "urgent", "normal"]
Step = Literal["decide", "accept", "arrive", "handle", "check"]
Unit = Literal["minutes", "hours", "workdays"]

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
STEPS: tuple[Step, ...] = get_args(Step)
ANY = "any"
"""Stands in a table for every category, severity, area or time."""
CLIMBING = ("grid", "village", "township")
"""Levels from which an overdue step climbs to the next; above is the county."""

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
    climb_minutes
        Level at which an overdue step stands → minutes by the working clock until it climbs from there.
    """

    amount: int
    unit: Unit
    clock: Clock
    warn_percent: int = USUAL_WARN_PERCENT
    climb_minutes: Mapping[str, int] = field(default_factory=dict)

    @property
    def target(self) -> Target:
        """What a clock counts."""
        amount = self.amount if self.unit == "workdays" else self.amount * _UNITS[self.unit]
        return Target(amount, self.clock, self.warn_percent)

    def climbs_after(self, level: str) -> timedelta:
        """Return how long an overdue step stays at a level, by the working clock."""
        return timedelta(minutes=self.climb_minutes.get(level, 0))


Targets = Mapping[tuple[str, str, str], StepTarget]
"""(category or ``any``, severity, step) → target."""


def target_of(targets: Targets, *, category: str, severity: str, step: str) -> StepTarget | None:
    """Return how long a step may take, ``None`` where nothing is said: a category's own row before that of all."""
    return targets.get((category, severity, step)) or targets.get((ANY, severity, step))


def _usual() -> Iterator[tuple[tuple[str, str, str], StepTarget]]:
    for severity, steps in _USUAL_AMOUNTS.items():
        climb = dict(zip(CLIMBING, _USUAL_CLIMB[severity], strict=True))
        for step, (amount, unit) in steps.items():
            clock: Clock = "calendar" if severity == "emergency" and unit != "workdays" else "working"
            yield (ANY, severity, step), StepTarget(amount, unit, clock, climb_minutes=climb)


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
_USUAL_CLIMB: Mapping[Severity, tuple[int, int, int]] = {
    "emergency": (0, 30, 60),
    "urgent": (0, 120, 240),
    "normal": (0, 240, 480),
}
"""Minutes that an overdue step stays with the grid, the village and the township."""

USUAL_TARGETS: Targets = dict(_usual())
"""By severity and step: an example. A normal case is handled within the working days of its category."""
