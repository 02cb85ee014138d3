"""What deadlines are counted by now: the office's tables over the announced calendar."""

from __future__ import annotations

from layers.workdays import calendar_of, is_provisional, is_workday
from planning.incidents.deadlines import DUTY_HOURS
from planning.incidents.timetable import Timetable
from planning.tables.in_force import Tables


def timetable_of(tables: Tables) -> Timetable:
    """Return what deadlines are counted by under these tables."""
    return Timetable(DUTY_HOURS, is_workday, calendar_of, is_provisional, tables.categories)
