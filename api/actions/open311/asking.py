"""What somebody asks of the list of requests, read from the query of an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.actions.open311.written import Refused
from layers.records.bulk.requests import RequestFilter
from planning.incidents.clocks import CHINA_TIME

LONGEST_SPAN = timedelta(days=90)
MOST_LISTED = 100
_MOST_IDS = 100
_MOST_PAGES = 10_000


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    Parameters
    ----------
    filter
    limit, offset
    is_extended
        Whether the state and its mark stand beside the two of the standard.
    """

    filter: RequestFilter
    limit: int
    offset: int
    is_extended: bool


def wanted_of(query: Mapping[str, str], *, now: datetime) -> Wanted:
    """Return what a query asks for: the last ninety days unless it names others.

    Raises
    ------
    Refused
        400 if something of it cannot be read.
    """
    limit = _whole(query, "page_size", usual=MOST_LISTED, most=MOST_LISTED)
    page = _whole(query, "page", usual=1, most=_MOST_PAGES)
    is_extended = query.get("extensions", "").lower() in ("true", "1", "v1")
    ids = _several(query.get("service_request_id", ""))
    if len(ids) > _MOST_IDS:
        raise Refused(400, f"service_request_id: {_MOST_IDS} at most")
    if ids:
        return Wanted(RequestFilter(ids=ids), limit, 0, is_extended)
    since, until = _span(query, now)
    told = set(_several(query.get("status", "")))
    if told - {"open", "closed"}:
        raise Refused(400, "status: open, closed")
    codes = _several(query.get("service_code", ""))
    both = not told
    asked = RequestFilter((), codes, since, until, is_open=both or "open" in told, has_ended=both or "closed" in told)
    return Wanted(asked, limit, (page - 1) * limit, is_extended)


def _span(query: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    since, until = _instant(query, "start_date"), _instant(query, "end_date")
    if since is None and until is None:
        return now - LONGEST_SPAN, now + timedelta(seconds=1)
    try:
        since = since if since is not None else (until or now) - LONGEST_SPAN
        until = until if until is not None else min(since + LONGEST_SPAN, now + timedelta(seconds=1))
    except OverflowError:
        raise Refused(400, "start_date, end_date: out of range") from None
    if until - since > LONGEST_SPAN:
        raise Refused(400, "start_date, end_date: 90 days at most")
    return since, until


def _instant(query: Mapping[str, str], name: str) -> datetime | None:
    told = query.get(name, "").strip().replace(" ", "+")  # a plus that was not escaped
    if not told:
        return None
    try:
        moment = datetime.fromisoformat(told)
        return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA_TIME)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(400, f"{name}: w3 datetime such as 2026-11-01T00:00:00Z") from None


def _whole(query: Mapping[str, str], name: str, *, usual: int, most: int) -> int:
    told = query.get(name, "")
    if not told:
        return usual
    if not (told.isascii() and told.isdecimal() and 1 <= int(told[:9]) <= most and len(told) < 10):
        raise Refused(400, f"{name}: 1 to {most}")
    return int(told)


def _several(told: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in told.split(",") if part.strip() and part.isprintable()))
