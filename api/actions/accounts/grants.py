"""Roles as they are typed, checked against the county that is built; every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast

from api.access.roles import WHOLE_COUNTY, Role
from api.actions.accounts.areas import Areas
from gis.faults import Fault, FaultsError
from layers.records.grants import ANY_COUNTY, AREA_KINDS, AreaKind, Grant
from planning.closest import Closest
from planning.incidents.deadlines import CHINA_TIME

GRANTABLE = tuple(role for role in Role if role != Role.PUBLIC)
MOST_GRANTS = 50
_LONGEST_CODE = 60


@dataclass(frozen=True)
class GrantAsked:
    """One role as it was typed.

    Parameters
    ----------
    role
    area_kind
        ``county`` if empty.
    area_code
        A code or a name; of a county the one that is built, or for an administrator every one, if empty.
    from_day, until_day
        Days of China, such as ``2026-12-01``, both of which count; or instants with their offset. Now and for good
        if empty.
    """

    role: str
    area_kind: str = ""
    area_code: str = ""
    from_day: str = ""
    until_day: str = ""


def checked_grants(
    asked: Sequence[GrantAsked], areas: Areas, *, now: datetime, held: Sequence[Grant] = ()
) -> tuple[Grant, ...]:
    """Return the grants that were asked for.

    Parameters
    ----------
    asked
    areas
    now
    held
        Grants of the account; one that is asked for again stays as it is.

    Raises
    ------
    FaultsError
        With everything that is wrong, each with its row from 1.
    """
    faults: list[Fault] = []
    found: list[Grant] = []
    if len(asked) > MOST_GRANTS:
        raise FaultsError([Fault("grants-too-many", layer="accounts", params={"most": MOST_GRANTS})])
    for row, one in enumerate(asked, start=1):
        try:
            found.append(_held_again(_checked(one, areas, row=row, now=now), one, held))
        except FaultsError as error:
            faults += error.faults
    if faults:
        raise FaultsError(faults)
    return tuple(dict.fromkeys(found))


def in_force(grants: Sequence[Grant], now: datetime) -> list[Grant]:
    """Return the grants that hold now or will."""
    return [one for one in grants if one.until_at is None or one.until_at > now]


def first_day(grant: Grant) -> str:
    """Return the first day on which a grant holds."""
    return grant.from_at.astimezone(CHINA_TIME).date().isoformat()


def last_day(grant: Grant) -> str:
    """Return the last day on which a grant holds, empty if there is none."""
    if grant.until_at is None:
        return ""
    return (grant.until_at - timedelta(microseconds=1)).astimezone(CHINA_TIME).date().isoformat()


def _checked(one: GrantAsked, areas: Areas, *, row: int, now: datetime) -> Grant:
    """Return one grant, or raise all its faults."""
    faults = [*_role_faults(one, row), *_kind_faults(one, row)]
    code = "" if faults else _code(one, areas)
    faults += [] if faults else _area_faults(one, code, areas, row)
    from_at, until_at = _instant(one.from_day), _instant(one.until_day, ends=True)
    faults += _date_faults(one, from_at, until_at, row=row, now=now)
    if faults:
        raise FaultsError(faults)
    begun = now if from_at is None or _is_today(from_at, now) else from_at
    kind = cast("AreaKind", one.area_kind or "county")
    return Grant(str(Role(one.role)), kind, str(code), begun, until_at)


def _is_today(from_at: datetime, now: datetime) -> bool:
    """Tell whether a day that was named is today's: then the grant begins now."""
    return from_at <= now and from_at.astimezone(CHINA_TIME).date() == now.astimezone(CHINA_TIME).date()


def _role_faults(one: GrantAsked, row: int) -> Iterator[Fault]:
    if one.role not in GRANTABLE:
        params = {"known": ", ".join(GRANTABLE), "closest": Closest(GRANTABLE).to(one.role) if one.role else ""}
        yield _fault("grant-unknown-role", row, "role", one.role, **params)


def _kind_faults(one: GrantAsked, row: int) -> Iterator[Fault]:
    kind = one.area_kind or "county"
    if kind not in AREA_KINDS:
        params = {"known": ", ".join(AREA_KINDS), "closest": Closest(AREA_KINDS).to(kind)}
        yield _fault("grant-unknown-area-kind", row, "area_kind", kind, **params)
    elif one.role in WHOLE_COUNTY and kind != "county":
        yield _fault("grant-needs-county", row, "area_kind", kind)


def _code(one: GrantAsked, areas: Areas) -> str | None:
    """Return the code of an area, ``None`` where it is not known."""
    kind, word = one.area_kind or "county", one.area_code.strip()
    if kind == "unit":
        return word if 0 < len(word) <= _LONGEST_CODE and word.isprintable() else None
    if kind == "county" and not word:
        return ANY_COUNTY if one.role == Role.ADMINISTRATOR or areas.county is None else areas.county
    return ANY_COUNTY if kind == "county" and word == ANY_COUNTY else areas.code_of(kind, word)


def _area_faults(one: GrantAsked, code: str | None, areas: Areas, row: int) -> Iterator[Fault]:
    kind, word = one.area_kind or "county", one.area_code.strip()
    if code is not None:
        return
    if kind == "unit":
        yield _fault("grant-bad-unit", row, "area_code", word[:80])
    elif areas.county is None:
        yield _fault("grant-no-county", row, "area_code", word[:80])
    else:
        closest = areas.closest_to(kind, word)
        county = {"county": areas.county} if kind == "county" else {}
        yield _fault(f"grant-unknown-{kind}", row, "area_code", word[:80], closest=closest, **county)


def _date_faults(
    one: GrantAsked, from_at: datetime | None, until_at: datetime | None, *, row: int, now: datetime
) -> Iterator[Fault]:
    if one.from_day and from_at is None:
        yield _fault("grant-bad-day", row, "from", one.from_day[:40])
    if one.until_day and until_at is None:
        yield _fault("grant-bad-day", row, "until", one.until_day[:40])
    elif until_at is not None and from_at is not None and until_at <= from_at:
        yield _fault("grant-ends-first", row, "until", one.until_day[:40])
    elif until_at is not None and until_at <= now:
        yield _fault("grant-over", row, "until", one.until_day[:40])


def _instant(word: str, *, ends: bool = False) -> datetime | None:
    """Return the instant at which a day begins, or at which it is over; ``None`` for what names none."""
    word = word.strip()
    try:
        if len(word) <= len("2026-12-01"):
            day = date.fromisoformat(word) + timedelta(days=1 if ends else 0)
            return datetime.combine(day, time(), tzinfo=CHINA_TIME)
        instant = datetime.fromisoformat(word)
    except (ValueError, OverflowError):
        return None
    return instant if instant.tzinfo is not None and 2000 <= instant.year < 9999 else None


def _held_again(asked: Grant, typed: GrantAsked, held: Sequence[Grant]) -> Grant:
    """Return the grant that an account has already if it is the one that was asked for."""
    for one in held:
        is_same = (one.role, one.area_kind, one.area_code) == (asked.role, asked.area_kind, asked.area_code)
        begins = (
            not typed.from_day or first_day(one) == typed.from_day.strip() or _instant(typed.from_day) == one.from_at
        )
        ends = one.until_at == asked.until_at or typed.until_day.strip() == last_day(one)
        if is_same and begins and ends:
            return one
    return asked


def _fault(code: str, row: int, field: str, value: str, **params: str) -> Fault:
    return Fault(code, layer="accounts", row=row, field=field, value=value, params=params)
