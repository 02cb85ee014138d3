"""How a deadline is told: the zone, the hours of duty, and the code of its sentence."""

from __future__ import annotations

from datetime import time
from typing import Literal

from planning.incidents.clocks import CHINA_TIME

__all__ = ["CHINA_TIME", "DUTY_HOURS", "deadline_rule"]

DUTY_HOURS = ((time(8, 30), time(12)), (time(14), time(18)))
"""An example, as many county offices have it; what an office edits stands in the table of duty hours."""


def deadline_rule(workdays: int) -> Literal["same-day", "within-workdays"]:
    """Return the code of a deadline's sentence, which mentions the number of working days."""
    return "within-workdays" if workdays else "same-day"
