"""What deadlines are counted by now: the office's tables over the announced calendar."""

from __future__ import annotations

from layers.workdays import calendar_of, is_provisional, is_workday
from planning.incidents.own_calendar import OwnCalendar
from planning.incidents.timetable import Timetable
from planning.tables.in_force import Tables


def timetable_of(tables: Tables) -> Timetable:
    """Return what deadlines are counted by under these tables."""
    calendar = OwnCalendar(is_workday, calendar_of, is_provisional, tables.own_days)
    return Timetable(
        tables.duty_hours,
        calendar.is_workday,
        calendar.calendar_of,
        calendar.is_provisional,
        tables.categories,
        tables.targets,
    )
