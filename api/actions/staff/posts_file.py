"""Posts as an Excel file: out for an office to change, and back in, all of it or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from api.actions.staff.desk import StaffDesk, areas_of_staff
from api.actions.staff.files import SentTable, as_file, read_sent
from api.actions.staff.reading import day_words, read_day
from gis.faults import FaultsError
from layers.records.accounts import Account, AccountStore
from layers.records.staff import PersonChange, PostChange, StaffChange, StaffStore
from maps.catalogue import Lang
from planning.incidents.staff import AreaKind, Post, PostKind, Staff
from planning.incidents.staff_rules import Areas, AskedPost, is_person_id, is_phone, name_fault, post_faults
from planning.tables.definition import Row, RowFault
from planning.tables.staff_posts import TABLE


@dataclass(frozen=True)
class Imported:
    """How much a file changed."""

    people: int = 0
    posts: int = 0


def posts_file(desk: StaffDesk, *, at: datetime, lang: Lang) -> bytes:
    """Return everybody's posts as an Excel file, without telephone numbers: those are seen one by one."""
    staff, database = desk.staff, desk.at_work.database.get()
    store = StaffStore(database)
    version = store.posts_counter()
    people = [
        one for one in staff.people.values() if desk.sees(staff, one.id) and not (one.ended_at and one.ended_at <= at)
    ]
    names = store.names([one.id for one in people])
    accounts = {one.id: one.name for one in AccountStore(database).everyone()}
    areas = areas_of_staff(desk.county, staff, at=at)
    posts = [post for one in people for post in staff.posts_of(one.id)]
    posts.sort(key=lambda post: (min(staff.townships_of_post(post), default=""), post.area_code, post.post, post.id))
    rows = [
        {
            "person": post.person_id,
            "name": names.get(post.person_id, ""),
            "post": post.post,
            "area_kind": post.area_kind,
            "area": post.area_code,
            "area_name": areas.get(post.area_kind, {}).get(post.area_code, ""),
            "from": day_words(post.from_on),
            "until": day_words(post.until_on),
            "phone": "",
            "account": accounts.get(staff.people[post.person_id].account_id or "", ""),
        }
        for post in posts
    ]
    return as_file(TABLE, rows, version, lang=lang)


def import_posts(
    desk: StaffDesk, content: bytes, name: str, *, expected_version: int | None, lang: Lang, now: datetime
) -> Imported:
    """Take over a file of posts: rows that are not in it stay as they are, a post ends with its last day.

    Parameters
    ----------
    desk
    content, name
        Of the file.
    expected_version
        Of the posts, if the file does not say it.
    lang
    now

    Raises
    ------
    FaultsError
        With everything that is wrong, by row and column; then nothing is saved.
    """
    staff, database = desk.staff, desk.at_work.database.get()
    store = StaffStore(database)
    sent = read_sent(TABLE, content, name, lang=lang)
    version = sent.version(store.posts_counter(), expected_version)
    accounts = {one.name: one for one in AccountStore(database).everyone()}
    reading = _Reading(desk, staff, areas_of_staff(desk.county, staff, at=now), accounts, store.names(staff.people))
    sent.tell(reading.read(sent))
    sent.tell(post_faults(reading.asked, staff, areas=reading.areas, scope=desk.scope))
    if sent.faults:
        raise FaultsError(sent.faults)
    change = reading.change(version)
    if change:
        try:
            store.save(change, act=desk.act("staff.imported", "staff"), now=now)
        finally:
            desk.at_work.staff.forget()
    return Imported(len(change.people), len(change.posts))


@dataclass
class _Reading:
    """A file on its way: what is new or different, row by row."""

    desk: StaffDesk
    staff: Staff
    areas: Areas
    accounts: Mapping[str, Account]
    names: Mapping[str, str]
    people: dict[str, PersonChange] = field(default_factory=dict)
    asked: list[AskedPost] = field(default_factory=list)
    seen: dict[str, tuple[str, str]] = field(default_factory=dict)

    def read(self, sent: SentTable) -> Iterator[RowFault]:
        """Yield what is wrong with persons and days; posts that are new or different are noted."""
        for number, row in sent.rows:
            person = str(row["person"]) or uuid.uuid4().hex
            faults = [*self._person(number, person, row), *self._days(number, row)]
            yield from faults
            if not any(fault.column in ("person", "from", "until") for fault in faults):
                yield from self._post(number, person, row)

    def change(self, version: int) -> StaffChange:
        """Return what is saved."""
        posts = [
            PostChange(
                one.post.person_id,
                one.post.post,
                one.post.area_kind,
                one.post.area_code,
                one.post.from_on,
                one.post.until_on,
                one.post.id or None,
            )
            for one in self.asked
        ]
        return StaffChange(list(self.people.values()), posts, version)

    def _person(self, number: int, person: str, row: Row) -> Iterator[RowFault]:
        name, phone, account = (str(row[column]) for column in ("name", "phone", "account"))
        known = self.staff.people.get(person)
        if known is None and not is_person_id(person):
            yield RowFault("person-id-odd", number, "person")
        elif known is not None and not self.desk.sees(self.staff, person):
            yield RowFault("unknown-person", number, "person")
        if code := name_fault(name):
            yield RowFault(code, number, "name")
        if phone and not is_phone(phone):
            yield RowFault("person-phone-odd", number, "phone")
        before = self.seen.setdefault(person, (name, account))
        if before[0] != name:
            yield RowFault("person-two-names", number, "name", {"other": before[0]})
        if before[1] != account:
            yield RowFault("person-two-accounts", number, "account", {"other": before[1]})
        joined = self.accounts.get(account)
        if account:
            yield from self._account(number, person, joined)
        self._note(person, name, phone, joined)

    def _account(self, number: int, person: str, joined: Account | None) -> Iterator[RowFault]:
        mine = self.staff.people.get(person)
        if joined is None or (joined.disabled_at is not None and (mine is None or mine.account_id != joined.id)):
            yield RowFault("person-account-unknown", number, "account")
            return
        others = (one.id for one in self.staff.people.values() if one.account_id == joined.id)
        together = (one for one, (_name, account) in self.seen.items() if account == joined.name)
        other = next((one for one in (*others, *together) if one != person), None)
        if other is not None:
            yield RowFault("person-account-taken", number, "account", {"person": other})

    def _note(self, person: str, name: str, phone: str, joined: Account | None) -> None:
        """Note what is different of somebody."""
        known = self.staff.people.get(person)
        is_other_account = (joined.id if joined else None) != (known.account_id if known else None)
        if known is not None and name == self.names.get(person) and not phone and not is_other_account:
            return
        before = self.people.get(person)
        self.people[person] = PersonChange(
            person,
            known is None,
            name,
            phone or (before.phone if before else None),
            (joined.id if joined else "") if is_other_account else None,
        )

    def _days(self, number: int, row: Row) -> Iterator[RowFault]:
        for column in ("from", "until"):
            if row[column] and read_day(str(row[column])) is None:
                yield RowFault("post-day-unread", number, column)

    def _post(self, number: int, person: str, row: Row) -> Iterator[RowFault]:
        kind, area_kind = cast("PostKind", row["post"]), cast("AreaKind", row["area_kind"])
        area, named = str(row["area"]), str(row["area_name"])
        known = self.areas.get(area_kind, {})
        if area in known and named and known[area] and named != known[area]:
            yield RowFault("post-area-name", number, "area_name", {"name": known[area]})
        first, last = read_day(str(row["from"])), read_day(str(row["until"])) if row["until"] else None
        post = Post("", person, kind, area_kind, area, cast("date", first), last)
        same = next((one for one in self.staff.posts_of(person) if _is_same(one, post)), None)
        if same is None or same.until_on != last:
            found = Post(same.id if same else "", person, kind, area_kind, area, post.from_on, last)
            self.asked.append(AskedPost(number, found))


def _is_same(one: Post, other: Post) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in ("post", "area_kind", "area_code", "from_on"))
