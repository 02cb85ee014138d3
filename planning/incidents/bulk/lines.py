"""A case as one line of JSON: its key, its events, and what was said; out and in again changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, get_args

from gis.faults import Fault, FaultsError
from planning.incidents.case import Case
from planning.incidents.description import clean_text
from planning.incidents.events import IncidentEvent, Kind
from planning.incidents.moves import CLOCK_DATA
from planning.incidents.states import apply
from planning.incidents.timetable import Timetable
from planning.incidents.timing import timed

MOST_EVENTS = 1000
_LONGEST_KEY = 200
_LONGEST_ID = 40
_LONGEST_TEXT = 60
_KINDS = frozenset(get_args(Kind))
_PARTS = frozenset({"key", "events", "texts"})


@dataclass(frozen=True)
class LineCase:
    """A case of a line.

    Parameters
    ----------
    key
    events
        With their clocks: as they were told, or worked out where the line tells none.
    texts
        By field: ``name``, ``phone`` and ``text-<number of the event>``.
    """

    key: str
    events: Sequence[IncidentEvent]
    texts: Mapping[str, str] = field(default_factory=dict)


def written_line(key: str, events: Sequence[IncidentEvent], texts: Mapping[str, str]) -> str:
    """Return a case as a line, without its end."""
    told = [{"kind": one.kind, "at": one.at.isoformat(), "payload": dict(one.payload)} for one in events]
    line = {"key": key, "events": told, **({"texts": dict(texts)} if texts else {})}
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_line(line: str, *, timetable: Timetable, now: datetime, is_checked: bool = False) -> LineCase:
    """Return the case of a line.

    Parameters
    ----------
    line
    timetable
        For lines without clocks.
    now
        Nothing is later.
    is_checked
        Whether the moves have been held against the table before: they are not played through again.

    Raises
    ------
    FaultsError
        With what is wrong; ``field`` says where in the line.
    """
    told = _parsed(line)
    if unknown := sorted(set(told) - _PARTS):
        raise FaultsError([_fault("line-unknown-part", unknown[0], ",".join(unknown)[:80])])
    key, given, texts = told.get("key"), told.get("events"), told.get("texts") or {}
    faults = list(_form_faults(key, given, texts))
    if faults:
        raise FaultsError(faults)
    events = [*_events(given or ())]
    has_clocks = any(CLOCK_DATA & set(event.payload) for event in events)
    if not (is_checked and has_clocks):
        events = _lived(events, timetable, has_clocks=has_clocks)
    if events[-1].at > now:
        raise FaultsError([_fault("batch-in-the-future", f"events.{len(events)}.at", events[-1].at.isoformat())])
    return LineCase(str(key), events, {name: clean_text(text) for name, text in texts.items()})


def _parsed(line: str) -> Mapping[str, Any]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise FaultsError([_fault("line-not-json", "", line[:80])])
    return told


def _form_faults(key: object, given: object, texts: object) -> Iterator[Fault]:
    if not (isinstance(key, str) and 0 < len(key) <= _LONGEST_KEY and key.isprintable()):
        yield Fault("bad-idempotency-key", field="key", params={"limit": _LONGEST_KEY})
    if not isinstance(given, list) or not 0 < len(given) <= MOST_EVENTS:
        yield Fault("line-no-events", field="events", params={"limit": MOST_EVENTS})
    if not isinstance(texts, dict) or not all(_is_text(name, one) for name, one in texts.items()):
        yield _fault("line-bad-texts", "texts", "")


def _is_text(name: str, value: object) -> bool:
    number = name.removeprefix("text-")
    is_field = name in ("name", "phone") or (name != number and number.isascii() and number.isdecimal())
    return is_field and isinstance(value, str) and (name == f"text-{number}" or len(value) <= _LONGEST_TEXT)


def _events(given: Sequence[Any]) -> Iterator[IncidentEvent]:
    for number, one in enumerate(given, start=1):
        where = f"events.{number}"
        is_event = isinstance(one, dict) and set(one) == {"kind", "at", "payload"}
        if not is_event or one["kind"] not in _KINDS or not isinstance(one["payload"], dict):
            raise FaultsError([_fault("line-bad-event", where, str(one)[:80])])
        at = _instant(one["at"])
        if at is None:
            raise FaultsError([_fault("batch-not-an-instant", f"{where}.at", str(one["at"])[:80])])
        yield IncidentEvent(number, one["kind"], at, one["payload"])


def _lived(events: Sequence[IncidentEvent], timetable: Timetable, *, has_clocks: bool) -> list[IncidentEvent]:
    """Return events that are legal moves one after the other, with clocks."""
    case: Case | None = None
    lived: list[IncidentEvent] = []
    for event in events:
        try:
            lived.append(event if has_clocks else timed(case, event, timetable=timetable))
            case = apply(case, lived[-1])
        except FaultsError as error:
            raise FaultsError(_in_event(error.faults, event.seq)) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise FaultsError([_fault("line-bad-event", f"events.{event.seq}", str(error)[:80])]) from error
    if case is not None and not 0 < len(case.id) <= _LONGEST_ID:
        raise FaultsError([_fault("line-bad-event", "events.1.payload.id", case.id[:80])])
    return lived


def _in_event(faults: Sequence[Fault], seq: int) -> list[Fault]:
    return [Fault(one.code, field=f"events.{seq}.{one.field}", value=one.value, params=one.params) for one in faults]


def _instant(told: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _fault(code: str, where: str, value: str) -> Fault:
    return Fault(code, field=where, value=value)
