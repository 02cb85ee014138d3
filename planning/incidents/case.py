"""Where a case stands: what all its events lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from planning.incidents.clocks import Clock
from planning.incidents.events import Assignment, Level
from planning.incidents.moves import ENDED, State
from planning.incidents.targets import USUAL_WARN_PERCENT


@dataclass(frozen=True, slots=True)
class StepClock:
    """The clock of the step that a case is in.

    Parameters
    ----------
    step
        ``decide``, ``accept``, ``arrive``, ``handle`` or ``check``.
    since
        Number of the event with which it began; an extension begins it anew.
    kind
        ``working`` or ``calendar``.
    target
        Whole working days, or a span of counted time.
    started_at
        Since when it counts; after a pause the moment at which it went on, with what was left as its target.
    due_at, warn_at
        When it is due, and when somebody is to be reminded before.
    is_fixed
        Whether an extension named the instant: no calendar moves it.
    is_provisional
        Whether a calendar that is not announced yet may move it.
    warn_percent
        So much of the target passes before somebody is reminded.
    """

    step: str
    since: int
    kind: Clock
    target: int | timedelta
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    is_fixed: bool = False
    is_provisional: bool = False
    warn_percent: int = USUAL_WARN_PERCENT

    def as_data(self) -> dict[str, Any]:
        """Return the clock as an event carries it."""
        target = {"workdays": self.target} if isinstance(self.target, int) else {"seconds": self.target.total_seconds()}
        return {
            "step": self.step,
            "since": self.since,
            "kind": self.kind,
            **target,
            **{name: getattr(self, name).astimezone(UTC).isoformat() for name in _INSTANTS},
            "is_fixed": self.is_fixed,
            "is_provisional": self.is_provisional,
            "warn_percent": self.warn_percent,
        }

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> StepClock:
        """Return the clock that an event carries."""
        target = data["workdays"] if "workdays" in data else timedelta(seconds=data["seconds"])
        started_at, due_at, warn_at = (datetime.fromisoformat(data[name]) for name in _INSTANTS)
        flags = data["is_fixed"], data["is_provisional"], data.get("warn_percent", USUAL_WARN_PERCENT)
        return cls(data["step"], data["since"], data["kind"], target, started_at, due_at, warn_at, *flags)


_INSTANTS = ("started_at", "due_at", "warn_at")


@dataclass(frozen=True)
class Case:
    """Where a case stands.

    Parameters
    ----------
    id
    state
    version
        Number of the latest event: what the next one must expect.
    at
        When it happened.
    category, subcategory, severity
        What it is about and how bad.
    lon, lat, cell, township
        Degrees, WGS-84; the cell as it was called then, ``None`` outside every cell.
    county_version
        Version of the layers that cell and assignment were read from.
    reported_at
        UTC.
    flow
        Which table of moves it follows: ``incident`` or ``matter``.
    channel
        By which way it came in.
    level
        Rung that answers for it.
    assignment
        Who deals with it and why; ``None`` until somebody is to.
    route_seconds
        Of the worker's way when it was assigned; ``None`` for a desk or without a way.
    tables
        Versions of the office's tables that decided, by their kinds.
    handler, handlers
        Account that has accepted the case, and all that ever did: none of them may check it.
    clock
        Of the step; ``None`` once it has ended, and in cases from before there were any.
    due_at, workdays, calendar, is_provisional
        When the whole case is due, the working days that were allowed, and the code of the calendar that counted them.
    whole_since, pauses, extended_until
        Since when the whole case counts (the report, or a reopening), when it stood still, and an extension granted.
    warned, climbs, climbs_at
        Whether the step's warning has been given, how often it has climbed, and when it climbs next; ``None`` before
        the first time and at the top.
    asked_until, asker
        An extension that waits for its answer, and who asked.
    paused_since, paused_in
        When and in which state.
    merged_into
        The case that goes on in its place.
    parts
        Cases that were split off.
    stars
        How the applicant rates what was done.
    road
        The road that is closed until somebody opens it again.
    facts
        What belongs to a flow of its own.
    """

    id: str
    state: State
    version: int
    at: datetime
    category: str
    lon: float
    lat: float
    reported_at: datetime
    cell: str | None = None
    county_version: str = "none"
    subcategory: str | None = None
    severity: str = "normal"
    township: str | None = None
    flow: str = "incident"
    channel: str = "office"
    level: Level = "county"
    assignment: Assignment | None = None
    route_seconds: int | None = None
    tables: Mapping[str, int] = field(default_factory=dict)
    handler: str | None = None
    handlers: frozenset[str] = frozenset()
    clock: StepClock | None = None
    due_at: datetime | None = None
    workdays: int | None = None
    calendar: str | None = None
    is_provisional: bool = False
    whole_since: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    extended_until: datetime | None = None
    warned: bool = False
    climbs: int = 0
    climbs_at: datetime | None = None
    asked_until: datetime | None = None
    asker: str | None = None
    paused_since: datetime | None = None
    paused_in: State | None = None
    merged_into: str | None = None
    parts: tuple[str, ...] = ()
    stars: int | None = None
    road: Mapping[str, Any] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def with_changes(self, changes: Mapping[str, Any]) -> Case:
        """Return the case with some fields changed.

        Every event asks for it; ``dataclasses.replace`` would build all forty fields anew and take two thirds of the
        time of a replay.
        """
        after = object.__new__(Case)
        vars(after).update(vars(self), **changes)
        return after

    @property
    def assignee(self) -> str | None:
        """Person of the roster who is to deal with it; ``None`` is the desk on duty, or nobody yet."""
        return self.assignment.assignee_id if self.assignment else None

    @property
    def unit(self) -> str | None:
        """Department or team that is to deal with it, if it is one."""
        found = self.assignment.params.get("unit_id") if self.assignment else None
        return None if found is None else str(found)

    @property
    def has_ended(self) -> bool:
        """Whether nothing is to be done any more."""
        return self.state in ENDED

    @property
    def late_at(self) -> datetime | None:
        """When the step that is waited for is overdue, or the whole case where that is before.

        A step that begins when its case is overdue already has its own time: everybody was told of the case.
        """
        if self.clock is None:
            return None
        own, whole = self.clock.due_at, self.due_at
        return min(own, whole) if whole is not None and whole > self.clock.started_at else own

    @property
    def wakes_at(self) -> datetime | None:
        """When somebody has to be warned or told next; ``None`` if never, or while the clock stands still."""
        late_at = self.late_at
        if self.clock is None or late_at is None or self.has_ended or self.state == "paused":
            return None
        if not self.warned:
            return min(self.clock.warn_at, late_at)
        return late_at if self.climbs == 0 else self.climbs_at
