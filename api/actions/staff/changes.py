"""People and posts changed one by one: checked against all that there is, saved with a trace, in force at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast, get_args

from api.actions.staff.desk import StaffDesk, areas_of_staff
from api.actions.staff.reading import LAYER, read_day, told_plainly
from gis.faults import Fault, FaultsError, Param
from layers.records.accounts import AccountStore
from layers.records.audit import Act
from layers.records.staff import PersonChange, PostChange, StaffChange, StaffStore
from planning.incidents.staff import AreaKind, Post, PostKind, Staff
from planning.incidents.staff_rules import AskedPost, is_person_id, is_phone, name_fault, post_faults


@dataclass(frozen=True)
class PostWords:
    """A post as somebody typed it; an empty `until` is none."""

    post: str
    area_kind: str
    area: str
    from_day: str
    until_day: str = ""


@dataclass(frozen=True)
class PersonWords:
    """Somebody as typed; ``None`` leaves what there is, an empty phone or account takes it away."""

    name: str | None = None
    phone: str | None = None
    account: str | None = None
    expected_version: int | None = None


def add_person(desk: StaffDesk, person_id: str, words: PersonWords, post: PostWords, *, now: datetime) -> str:
    """Add somebody with a first post, and return the id.

    Parameters
    ----------
    desk
    person_id
        "" to get one.
    words, post
    now

    Raises
    ------
    FaultsError
        With everything that is wrong.
    """
    staff = desk.staff
    new = person_id or uuid.uuid4().hex
    faults = [*_id_faults(staff, new), *person_faults(desk, staff, new, words, is_new=True)]
    row, more = _read_post(desk, staff, new, post, now)
    if faults or more or row is None:
        raise FaultsError([*faults, *more])
    person = person_change(desk, new, words, is_new=True)
    _save(desk, StaffChange([person], [row]), desk.act("staff.added", object_id=new), now)
    return new


def change_person(desk: StaffDesk, person_id: str, words: PersonWords, *, now: datetime) -> None:
    """Change a name, a telephone number, or the account that somebody is joined to.

    Raises
    ------
    ApiError
        404 ``unknown-person``.
    FaultsError
        With everything that is wrong; ``staff-moved-on`` if somebody else was first.
    """
    staff = desk.staff
    desk.person(staff, person_id)
    faults = [*_scope_faults(desk, staff, person_id), *person_faults(desk, staff, person_id, words, is_new=False)]
    if faults:
        raise FaultsError(faults)
    person = person_change(desk, person_id, words, is_new=False)
    _save(desk, StaffChange([person]), desk.act("staff.changed", object_id=person_id), now)


def add_post(desk: StaffDesk, person_id: str, post: PostWords, *, now: datetime) -> None:
    """Give somebody a further post; as ``change_person``."""
    staff = desk.staff
    desk.person(staff, person_id)
    row, faults = _read_post(desk, staff, person_id, post, now)
    if faults or row is None:
        raise FaultsError(faults)
    _save(desk, StaffChange(posts=[row]), desk.act("staff.post-added", object_id=person_id), now)


def change_post(
    desk: StaffDesk, person_id: str, post_id: str, *, from_day: str | None, until_day: str, now: datetime
) -> None:
    """Change the days of a post: with a last day it ends, with an empty one it goes on; as ``change_person``."""
    staff = desk.staff
    desk.person(staff, person_id)
    known = next((one for one in staff.posts_of(person_id) if one.id == post_id), None)
    if known is None:
        raise FaultsError([Fault("unknown-post", LAYER, field="post", value=post_id[:40])])
    first = known.from_on.isoformat() if from_day is None else from_day
    words = PostWords(known.post, known.area_kind, known.area_code, first, until_day)
    row, faults = _read_post(desk, staff, person_id, words, now, post_id=post_id)
    if faults or row is None:
        raise FaultsError(faults)
    _save(desk, StaffChange(posts=[row]), desk.act("staff.post-changed", object_id=person_id), now)


def person_faults(
    desk: StaffDesk, staff: Staff, person_id: str, words: PersonWords, *, is_new: bool
) -> Iterator[Fault]:
    """Yield what is wrong with a name, a number and an account."""
    name = "" if words.name is None and is_new else words.name
    if name is not None and (code := name_fault(name.strip())):
        yield Fault(code, LAYER, field="name", value=name[:80])
    if words.phone and not is_phone(words.phone.strip()):
        yield Fault("person-phone-odd", LAYER, field="phone", value="***")  # a number is never written into a log
    if words.account:
        yield from account_faults(desk, staff, person_id, words.account)


def account_faults(desk: StaffDesk, staff: Staff, person_id: str, name: str) -> Iterator[Fault]:
    """Yield why an account may not be joined to somebody."""
    found = AccountStore(desk.at_work.database.get()).by_name(name.strip()) if name.isprintable() else None
    if found is None or found[0].disabled_at is not None:
        yield Fault("person-account-unknown", LAYER, field="account", value=name[:60])
        return
    other = next((one for one in staff.people.values() if one.account_id == found[0].id and one.id != person_id), None)
    if other is not None:
        params: Mapping[str, Param] = {"person": other.id}
        yield Fault("person-account-taken", LAYER, field="account", value=name[:60], params=params)


def person_change(desk: StaffDesk, person_id: str, words: PersonWords, *, is_new: bool) -> PersonChange:
    """Return what is saved of somebody, once it is known to be right."""
    account = words.account
    if account:
        found = AccountStore(desk.at_work.database.get()).by_name(account.strip())
        account = found[0].id if found else None
    name, phone = (None if one is None else one.strip() for one in (words.name, words.phone))
    return PersonChange(person_id, is_new, name, phone, account, words.expected_version)


def _id_faults(staff: Staff, person_id: str) -> Iterator[Fault]:
    if not is_person_id(person_id):
        yield Fault("person-id-odd", LAYER, field="person", value=person_id[:60])
    elif person_id in staff.people:
        yield Fault("person-known-already", LAYER, field="person", value=person_id)


def _scope_faults(desk: StaffDesk, staff: Staff, person_id: str) -> Iterator[Fault]:
    if not desk.sees(staff, person_id):  # one's own record is seen, and changed by a desk
        yield Fault("staff-not-your-area", LAYER, field="person", value=person_id)


def _read_post(
    desk: StaffDesk, staff: Staff, person_id: str, words: PostWords, now: datetime, *, post_id: str = ""
) -> tuple[PostChange | None, list[Fault]]:
    """Return a post as it is saved, or everything that is wrong with it."""
    first, last = read_day(words.from_day), read_day(words.until_day) if words.until_day.strip() else None
    faults = list(_word_faults(words, first, last))
    if faults:
        return None, faults
    kind, area_kind = cast("PostKind", words.post), cast("AreaKind", words.area_kind)
    post = Post(post_id, person_id, kind, area_kind, words.area.strip(), cast("date", first), last)
    areas = areas_of_staff(desk.county, staff, at=now)
    found = post_faults([AskedPost(0, post)], staff, areas=areas, scope=desk.scope)
    values = {"area": words.area, "area_kind": words.area_kind, "from": words.from_day, "until": words.until_day}
    faults = told_plainly(found, {**values, "post": words.post})
    return PostChange(person_id, kind, area_kind, post.area_code, post.from_on, last, post_id or None), faults


def _word_faults(words: PostWords, first: date | None, last: date | None) -> Iterator[Fault]:
    for field, value, known in (
        ("post", words.post, get_args(PostKind)),
        ("area_kind", words.area_kind, get_args(AreaKind)),
    ):
        if value not in known:
            params: Mapping[str, Param] = {"known": "、".join(known)}
            yield Fault("table-unknown-choice", LAYER, field=field, value=value[:40], params=params)
    if first is None:
        yield Fault("post-day-unread", LAYER, field="from", value=words.from_day[:40])
    if last is None and words.until_day.strip():
        yield Fault("post-day-unread", LAYER, field="until", value=words.until_day[:40])


def _save(desk: StaffDesk, change: StaffChange, act: Act, now: datetime) -> None:
    try:
        StaffStore(desk.at_work.database.get()).save(change, act=act, now=now)
    finally:
        desk.at_work.staff.forget()
