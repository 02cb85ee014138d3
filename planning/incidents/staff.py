"""Who works where, and who is there at an instant: a snapshot of the records, without names and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from planning.incidents.clocks import CHINA_TIME

PostKind = Literal[
    "A",
    "B",
    "grid-chief",
    "coordinator-a",
    "coordinator-b",
    "assistant",
    "social-worker",
    "township-desk",
    "county-desk",
    "checker",
    "department",
    "team",
]
"""What somebody may be: worker A or B of a grid, its chief, one of two coordinators (民生协理员) of a centre village, a
township assistant, a community worker, at a desk, a checker, or of a department or a team."""
AreaKind = Literal["county", "township", "village", "cell", "centre", "unit"]
"""Where: a ``centre`` is a centre village of which only the number is known; a ``unit`` is a department or a team."""
AREAS_OF_POST: Mapping[PostKind, tuple[AreaKind, ...]] = {
    "A": ("village", "cell"),
    "B": ("village", "cell"),
    "grid-chief": ("township",),
    "coordinator-a": ("village", "centre"),
    "coordinator-b": ("village", "centre"),
    "assistant": ("township",),
    "social-worker": ("village", "township"),
    "township-desk": ("township",),
    "county-desk": ("county",),
    "checker": ("county", "township"),
    "department": ("unit",),
    "team": ("unit",),
}
"""In which kinds of area each post may be held."""
Origin = Literal["roster", "reconstructed", "office"]
"""Where a row came from: the county's layer, a reconstruction in which nobody is real, or the office."""
LeaveState = Literal["asked", "approved", "denied", "withdrawn"]
LeaveReason = Literal["personal", "sick", "annual", "training", "other", "roster"]
UnitKind = Literal["department", "township-team", "regional-team"]
"""How enforcement reaches a case: by department (定向式), a township's team (下沉式) or a shared one (区域派驻式)."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the staff; name and telephone are kept elsewhere.

    Parameters
    ----------
    id
    origin
    account_id
        With which they sign in, if they do.
    ended_at
        Since when they hold no post any more.
    version
        Counts every change.
    """

    id: str
    origin: Origin = "office"
    account_id: str | None = None
    ended_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody is, where and from when to when; `until_on` is the last day."""

    id: str
    person_id: str
    post: PostKind
    area_kind: AreaKind
    area_code: str
    from_on: date
    until_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the post is held on a day in China."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class Leave:
    """When somebody is away; without `until_at` until told otherwise, and only what is approved counts."""

    id: str
    person_id: str
    from_at: datetime
    until_at: datetime | None
    reason: LeaveReason = "personal"
    stand_in: str | None = None
    state: LeaveState = "approved"
    version: int = 1

    def covers(self, at: datetime) -> bool:
        """Whether somebody is away at an instant, if it is approved."""
        return self.from_at <= at and (self.until_at is None or at < self.until_at)

    def overlaps(self, from_at: datetime, until_at: datetime | None) -> bool:
        """Whether it has an instant in common with another span."""
        begins_before = until_at is None or self.from_at < until_at
        return begins_before and (self.until_at is None or from_at < self.until_at)


@dataclass(frozen=True, slots=True)
class Unit:
    """A department or a team: where it is at home in degrees, and the townships that it serves."""

    id: str
    kind: UnitKind
    name: str
    lon: float | None = None
    lat: float | None = None
    areas: tuple[str, ...] = ()
    origin: Origin = "office"
    ended_at: datetime | None = None

    def serves(self, township: str, at: datetime) -> bool:
        """Whether a township is theirs at an instant."""
        return township in self.areas and (self.ended_at is None or at < self.ended_at)


class Staff:
    """Everybody with posts and leave, found by area.

    Parameters
    ----------
    people, posts, units
    leaves
        Those that are not approved are left out.
    townships
        Township of each village and cell, empty where it has none.
    """

    def __init__(
        self,
        people: Iterable[Person] = (),
        posts: Iterable[Post] = (),
        leaves: Iterable[Leave] = (),
        units: Iterable[Unit] = (),
        *,
        townships: Mapping[str, str] | None = None,
    ) -> None:
        self.people: Mapping[str, Person] = {one.id: one for one in people}
        self.units: Mapping[str, Unit] = {one.id: one for one in sorted(units, key=lambda unit: unit.id)}
        self.townships: Mapping[str, str] = townships or {}
        self.posts: Sequence[Post] = sorted(posts, key=lambda post: (post.person_id, post.from_on, post.id))
        self._of_person: dict[str, list[Post]] = {}
        self._of_area: dict[tuple[PostKind, AreaKind, str], list[Post]] = {}
        self._of_township: dict[tuple[PostKind, str], list[Post]] = {}
        for post in self.posts:
            self._of_person.setdefault(post.person_id, []).append(post)
            self._of_area.setdefault((post.post, post.area_kind, post.area_code), []).append(post)
            if post.area_kind in ("village", "cell") and (township := self.townships.get(post.area_code)):
                self._of_township.setdefault((post.post, township), []).append(post)
        self._away: dict[str, list[Leave]] = {}
        for leave in leaves:
            if leave.state == "approved":
                self._away.setdefault(leave.person_id, []).append(leave)

    def posts_of(self, person_id: str) -> Sequence[Post]:
        """Return all posts that somebody ever had, in the order of their first days."""
        return self._of_person.get(person_id, ())

    def posts_in(self, post: PostKind, area_kind: AreaKind, area_code: str) -> Sequence[Post]:
        """Return everybody's posts of a kind in an area, whenever they were."""
        return self._of_area.get((post, area_kind, area_code), ())

    def leaves_of(self, person_id: str) -> Sequence[Leave]:
        """Return somebody's approved leave."""
        return self._away.get(person_id, ())

    def away(self, person_id: str, at: datetime) -> Leave | None:
        """Return the leave that somebody is on at an instant."""
        return next((leave for leave in self._away.get(person_id, ()) if leave.covers(at)), None)

    def is_employed(self, person_id: str, at: datetime) -> bool:
        """Whether somebody holds any post at an instant, on leave or not."""
        person = self.people.get(person_id)
        if person is None or (person.ended_at is not None and person.ended_at <= at):
            return False
        day = china_day(at)
        return any(post.holds(day) for post in self._of_person.get(person_id, ()))

    def on_duty(self, person_id: str, at: datetime) -> bool:
        """Whether somebody holds a post at an instant and is not on leave; the hour of the day does not matter."""
        return self.is_employed(person_id, at) and self.away(person_id, at) is None

    def holders(self, post: PostKind, area_kind: AreaKind, area_code: str, at: datetime) -> list[str]:
        """Return who holds a post at an instant, on leave or not, in the order of their ids."""
        return list(self._holding(self._of_area.get((post, area_kind, area_code), ()), at))

    def workers(self, role: Literal["A", "B"], cell: str, village: str, at: datetime) -> list[str]:
        """Return who is A or B of a cell: whoever is so of the cell itself, else whoever is of its village."""
        return self.holders(role, "cell", cell, at) or self.holders(role, "village", village, at)

    def in_township(self, posts: Iterable[PostKind], township: str, at: datetime) -> list[str]:
        """Return who holds one of some posts in the villages and cells of a township, on leave or not, by id."""
        found = (self._holding(self._of_township.get((post, township), ()), at) for post in posts)
        return sorted({person for people in found for person in people})

    def members(self, unit_id: str, at: datetime) -> list[str]:
        """Return who is of a department or a team, on leave or not, by id."""
        return sorted({*self.holders("team", "unit", unit_id, at), *self.holders("department", "unit", unit_id, at)})

    def townships_of(self, person_id: str, at: datetime | None = None) -> frozenset[str]:
        """Return the townships in which somebody's posts lie, those of an instant or all that ever were."""
        day = china_day(at) if at is not None else None
        found: set[str] = set()
        for post in self.posts_of(person_id):
            if day is None or post.holds(day):
                found |= self.townships_of_post(post)
        return frozenset(found)

    def townships_of_post(self, post: Post) -> frozenset[str]:
        """Return the townships that a post lies in: none for one of the county, or of a centre known by number."""
        if post.area_kind == "township":
            return frozenset((post.area_code,))
        if post.area_kind == "unit":
            unit = self.units.get(post.area_code)
            return frozenset(unit.areas) if unit else frozenset()
        return frozenset(filter(None, (self.townships.get(post.area_code),)))

    def _holding(self, posts: Iterable[Post], at: datetime) -> Iterator[str]:
        day = china_day(at)
        seen: set[str] = set()
        for post in posts:
            if post.person_id not in seen and post.holds(day) and self.is_employed(post.person_id, at):
                seen.add(post.person_id)
                yield post.person_id


def china_day(at: datetime) -> date:
    """Return the day that an instant falls on in China."""
    return at.astimezone(CHINA_TIME).date()
