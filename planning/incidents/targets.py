"""How long each step of a case may take, as an office has decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, get_args

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

_UNITS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}


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
    warn_percent: int = 80
    climb_minutes: Mapping[str, int] = field(default_factory=dict)

    @property
    def counted(self) -> int | timedelta:
        """What ``clocks.due`` takes: whole working days, or a span of counted time."""
        return self.amount if self.unit == "workdays" else self.amount * _UNITS[self.unit]


Targets = Mapping[tuple[str, str, str], StepTarget]
"""(category or ``any``, severity, step) → target."""


def target_of(targets: Targets, *, category: str, severity: str, step: str) -> StepTarget | None:
    """Return how long a step may take, ``None`` where nothing is said: a category's own row before that of all."""
    return targets.get((category, severity, step)) or targets.get((ANY, severity, step))
