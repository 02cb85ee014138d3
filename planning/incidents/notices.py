"""Who hears what: the messages that an event of a case causes, without a name, a number or anybody's words in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent, Level

TOO_OLD = timedelta(days=1)
"""What is entered later than this after it happened is history: nobody is woken for it."""
APPLICANT = "applicant"
"""Reference of who reported: told of the number of the case and nothing else."""
_BY_THE_SERVICE = frozenset({"warned", "escalated", "recomputed"})


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that somebody is to get.

    Parameters
    ----------
    to_ref
        ``person:ID`` of the roster, ``account:ID``, ``desk:LEVEL:AREA``, or ``applicant``.
    template
        Code of the text.
    data
        What the text mentions.
    """

    to_ref: str
    template: str
    data: Mapping[str, Any]


def notices(before: Case | None, event: IncidentEvent, after: Case, *, now: datetime) -> tuple[Notice, ...]:
    """Return who is to hear of an event, and what.

    Parameters
    ----------
    before
        ``None`` for a report.
    event
    after
    now
        When the event is stored.
    """
    is_history = after.channel == "history" or now - event.at > TOO_OLD
    if is_history and event.kind not in _BY_THE_SERVICE:
        return ()
    data = _about(after)
    told = (*_by_kind(before, event, after), *_to_applicant(before, after))
    return tuple(Notice(to_ref, template, data | further) for to_ref, template, further in told)


def desk_of(case: Case, level: Level) -> str:
    """Return the reference of the desk that answers for a case on a rung."""
    area = {"county": "", "township": case.township}.get(level, case.cell)
    return f"desk:{level}:{area or ''}"


_Told = Iterator[tuple[str, str, dict[str, Any]]]


def _about(case: Case) -> dict[str, Any]:
    """Return what every text may mention of a case."""
    due_at = case.clock.due_at if case.clock else case.due_at
    return {
        "case": case.id,
        "category": case.category,
        "severity": case.severity,
        "township": case.township,
        "cell": case.cell,
        "step": case.clock.step if case.clock else None,
        "due_at": due_at.isoformat() if due_at else None,
    }


def _by_kind(before: Case | None, event: IncidentEvent, after: Case) -> _Told:
    teller = _TELLERS.get(event.kind)
    if teller is not None and before is not None:
        yield from teller(before, event, after)


def _responsible(case: Case) -> str:
    """Return who deals with a case: a person, or the desk of its rung."""
    return f"person:{case.assignee}" if case.assignee else desk_of(case, case.level)


def _assigned(before: Case, _event: IncidentEvent, after: Case) -> _Told:
    yield _responsible(after), "assigned", {}
    if before.assignee is not None and before.assignee != after.assignee:
        yield f"person:{before.assignee}", "taken-over", {}


def _warned(_before: Case, event: IncidentEvent, after: Case) -> _Told:
    if after.late_at is None or event.at >= after.late_at:
        return  # too late for a warning: what comes next is told
    told = {"step": event.payload["step"]}
    yield from ((to_ref, "due-soon", told) for to_ref in _once(_responsible(after), desk_of(after, after.level)))


def _escalated(before: Case, event: IncidentEvent, after: Case) -> _Told:
    told = {name: event.payload[name] for name in ("step", "from_level", "to_level")}
    sides = (_responsible(before), desk_of(before, before.level), desk_of(after, after.level))
    yield from ((to_ref, "overdue", told) for to_ref in _once(*sides))


def _answered(before: Case, event: IncidentEvent, _after: Case) -> _Told:
    if before.asker is not None:
        yield f"account:{before.asker}", event.kind.replace("_", "-"), {}


def _recomputed(before: Case, _event: IncidentEvent, after: Case) -> _Told:
    old = before.clock.due_at if before.clock else before.due_at
    told = {"old_due_at": old.isoformat() if old else None}
    yield from ((to_ref, "recomputed", told) for to_ref in _once(_responsible(after), desk_of(after, after.level)))


def _to_applicant(before: Case | None, after: Case) -> _Told:
    """Tell the applicant that a case was taken on, which being assigned at once is too, and that it is closed."""
    if before is not None and before.state in ("reported", "verified") and after.state in ("opened", "assigned"):
        yield APPLICANT, "applicant-opened", {}
    if before is not None and before.state != "closed" and after.state == "closed":
        yield APPLICANT, "applicant-closed", {}


def _once(*refs: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(refs))


_TELLERS: Mapping[str, Callable[[Case, IncidentEvent, Case], _Told]] = {
    "assigned": _assigned,
    "reassigned": _assigned,
    "warned": _warned,
    "escalated": _escalated,
    "extension_granted": _answered,
    "extension_denied": _answered,
    "recomputed": _recomputed,
}
