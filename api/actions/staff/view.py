"""The staff as lists, one person, and what is missing: names, never telephone numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.actions.staff.desk import StaffDesk, areas_of_staff
from api.actions.staff.reading import day_words, moment_words
from layers.records.accounts import AccountStore
from layers.records.leaves import LeaveStore
from layers.records.staff import StaffStore
from layers.records.staff_seed import latest_seeded
from planning.incidents.gaps import GAP_KINDS, Gap, gaps
from planning.incidents.staff import Leave, Person, Post, Staff, china_day
from planning.incidents.staff_rules import Areas

MOST_LISTED = 500
MOST_DAYS = 92


@dataclass(frozen=True)
class StaffFilter:
    """Whom a list holds.

    Parameters
    ----------
    area
        A township, village, cell, centre or unit; "" for all.
    post
        "" for all.
    after
        Id of the last that the caller has seen.
    ended
        Whether those are listed who hold no post now or later.
    """

    area: str = ""
    post: str = ""
    after: str = ""
    ended: bool = False


@dataclass(frozen=True)
class _Words:
    """Names that views show."""

    people: dict[str, str]
    accounts: dict[str, str]
    phones: Collection[str]
    areas: Areas


def list_staff(desk: StaffDesk, wanted: StaffFilter, *, at: datetime, limit: int) -> dict[str, Any]:
    """Return people by their ids, with ``next`` to ask on from; ``None`` at the end.

    Parameters
    ----------
    desk, wanted
    at
        Who is on duty then is said of each.
    limit
    """
    staff = desk.staff
    found = [one for one in sorted(staff.people) if one > wanted.after and _is_wanted(desk, staff, one, wanted, at)]
    shown = found[:limit]
    words = _words(desk, staff, shown, at)
    people = [_person(staff, staff.people[one], words, at) for one in shown]
    return {"people": people, "count": len(found), "next": shown[-1] if len(found) > limit else None}


def view_person(desk: StaffDesk, person_id: str, *, at: datetime) -> dict[str, Any]:
    """Return one person with posts and leave to come.

    Raises
    ------
    ApiError
        404 ``unknown-person``.
    """
    staff = desk.staff
    person = desk.person(staff, person_id)
    words = _words(desk, staff, [person_id], at)
    leave = LeaveStore(desk.at_work.database.get()).listed(since=at, people={person_id})
    return {**_person(staff, person, words, at), "leave": view_leaves(desk, leave)}


def view_leaves(desk: StaffDesk, leaves: Sequence[Leave]) -> list[dict[str, Any]]:
    """Return leave with the names of whom it is about."""
    named = {one.person_id for one in leaves} | {one.stand_in for one in leaves if one.stand_in}
    names = StaffStore(desk.at_work.database.get()).names(named)
    return [
        {
            "id": one.id,
            "person": one.person_id,
            "name": names.get(one.person_id, ""),
            "from": moment_words(one.from_at),
            "until": moment_words(one.until_at) or None,
            "reason": one.reason,
            "stand_in": one.stand_in,
            "stand_in_name": names.get(one.stand_in, "") if one.stand_in else None,
            "state": one.state,
            "version": one.version,
        }
        for one in leaves
    ]


def list_gaps(desk: StaffDesk, *, at: datetime, days: int, kind: str = "", area: str = "") -> dict[str, Any]:
    """Return what is missing within some days, counted by kind, each by name and dates.

    Parameters
    ----------
    desk
    at
    days
    kind, area
        One kind, one township only; "" for all.
    """
    county = desk.county
    rows = desk.at_work.staff.rows(county)
    staff = desk.staff
    cells = {cell: village for cell, (village, _township) in county.cell_facts.items()} if county is not None else {}
    asked = [one for one in rows.leaves if one.state == "asked"]
    mine = [one for one in gaps(staff, cells, at=at, days=days, asked=asked) if _is_mine(desk, one)]
    found = [one for one in mine if kind in ("", one.kind) and area in ("", one.township)]
    names = StaffStore(desk.at_work.database.get()).names({one.person_id for one in found if one.person_id})
    areas = areas_of_staff(county, staff, at=at)
    seeded = latest_seeded(desk.at_work.database.get())
    return {
        "days": days,
        "counts": {one: sum(gap.kind == one for gap in mine) for one in GAP_KINDS},
        "gaps": [_gap(one, names, areas) for one in found[:MOST_LISTED]],
        "left_out": max(0, len(found) - MOST_LISTED),
        "taken_over": None
        if seeded is None
        else {"roster": seeded.version, "at": moment_words(seeded.at), "people": seeded.added},
    }


def _is_mine(desk: StaffDesk, gap: Gap) -> bool:
    return desk.scope is None or gap.township in desk.scope


def _gap(gap: Gap, names: dict[str, str], areas: Areas) -> dict[str, Any]:
    place = areas.get("cell", {}).get(gap.area) or areas.get("village", {}).get(gap.area, "")
    return {
        "kind": gap.kind,
        "township": gap.township,
        "township_name": areas.get("township", {}).get(gap.township or "", ""),
        "area": gap.area or None,
        "area_name": place or None,
        "person": gap.person_id,
        "name": names.get(gap.person_id or "", "") or None,
        "from": moment_words(gap.from_at) or None,
        "until": moment_words(gap.until_at) or None,
    }


def _is_wanted(desk: StaffDesk, staff: Staff, person_id: str, wanted: StaffFilter, at: datetime) -> bool:
    if not desk.sees(staff, person_id):
        return False
    day = china_day(at)
    return any(
        wanted.post in ("", post.post)
        and (not wanted.area or wanted.area == post.area_code or wanted.area in staff.townships_of_post(post))
        for post in staff.posts_of(person_id)
        if wanted.ended or post.until_on is None or post.until_on >= day
    )


def _words(desk: StaffDesk, staff: Staff, people: Iterable[str], at: datetime) -> _Words:
    shown = set(people)
    away = (staff.away(one, at) for one in shown)
    named = shown | {one.stand_in for one in away if one is not None and one.stand_in}
    database = desk.at_work.database.get()
    store = StaffStore(database)
    joined = {one for person in shown if (one := staff.people[person].account_id)}
    accounts = {one.id: one.name for one in AccountStore(database).everyone() if one.id in joined} if joined else {}
    return _Words(store.names(named), accounts, store.with_phone(shown), areas_of_staff(desk.county, staff, at=at))


def _person(staff: Staff, person: Person, words: _Words, at: datetime) -> dict[str, Any]:
    away = staff.away(person.id, at)
    return {
        "id": person.id,
        "name": words.people.get(person.id, ""),
        "origin": person.origin,
        "version": person.version,
        "account": words.accounts.get(person.account_id or "") or None,
        "has_phone": person.id in words.phones,
        "on_duty": staff.on_duty(person.id, at),
        "away_until": None if away is None else moment_words(away.until_at) or "…",
        "stand_in": away.stand_in if away else None,
        "stand_in_name": words.people.get(away.stand_in, "") if away and away.stand_in else None,
        "townships": sorted(staff.townships_of(person.id)),
        "posts": [_post(post, words.areas, at) for post in staff.posts_of(person.id)],
    }


def _post(post: Post, areas: Areas, at: datetime) -> dict[str, Any]:
    return {
        "id": post.id,
        "post": post.post,
        "area_kind": post.area_kind,
        "area": post.area_code,
        "area_name": areas.get(post.area_kind, {}).get(post.area_code, ""),
        "from": day_words(post.from_on),
        "until": day_words(post.until_on) or None,
        "holds": post.holds(china_day(at)),
    }
