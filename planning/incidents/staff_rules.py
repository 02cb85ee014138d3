"""What may be written about posts and leave: areas that there are, days in order, nobody's place taken twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gis.faults import Param
from planning.incidents.staff import AREAS_OF_POST, AreaKind, Leave, Post, PostKind, Staff, china_day
from planning.tables.definition import RowFault

ONE_HOLDER: tuple[PostKind, ...] = ("A", "B", "coordinator-a", "coordinator-b", "grid-chief")
"""Posts that one person has in an area at a time."""
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)
LONGEST_LEAVE = timedelta(days=400)
MAX_NAME_CHARACTERS = 60
_PHONE = re.compile(r"\+?[0-9](?:[ -]?[0-9]){4,19}")
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,59}")

Areas = Mapping[AreaKind, Mapping[str, str]]
"""Kind of area → code → name, of all that there are; the county itself has no code."""


@dataclass(frozen=True, slots=True)
class AskedPost:
    """A post that somebody wants to write.

    Parameters
    ----------
    row
        Of the request or table, from 0.
    post
        Its id is empty for a new one.
    """

    row: int
    post: Post


def is_phone(text: str) -> bool:
    """Whether a text can be a telephone number."""
    return _PHONE.fullmatch(text) is not None


def is_person_id(text: str) -> bool:
    """Whether a text can be the code of somebody new."""
    return _ID.fullmatch(text) is not None


def name_fault(name: str) -> str | None:
    """Return the code of what is wrong with a name, if anything."""
    if not name:
        return "person-name-missing"
    if len(name) > MAX_NAME_CHARACTERS:
        return "person-name-long"
    return None if name.isprintable() else "control-character"


def post_faults(
    asked: Sequence[AskedPost], staff: Staff, *, areas: Areas, scope: frozenset[str] | None
) -> Iterator[RowFault]:
    """Yield everything that is wrong with posts, in the order of their rows.

    Parameters
    ----------
    asked
        To be written together.
    staff
        As it is.
    areas
    scope
        Townships of the caller; ``None`` for the whole county.
    """
    replaced = {one.post.id for one in asked if one.post.id}
    others = _by_place(post for post in staff.posts if post.id not in replaced)
    together = _by_place(one.post for one in asked)
    for one in asked:
        found = [*_of_itself(one, areas), *_of_scope(one, staff, areas, scope)]
        yield from found or _beside_others(one, (others, together))


def leave_faults(row: int, leave: Leave, staff: Staff, *, now: datetime) -> Iterator[RowFault]:
    """Yield what is wrong with leave by itself; that it overlaps another is found where it is saved.

    Parameters
    ----------
    row
        Of the table, from 0.
    leave
    staff
    now
    """
    if leave.until_at is not None and leave.until_at <= leave.from_at:
        yield RowFault("leave-ends-before", row, "until")
    elif leave.until_at is not None and leave.until_at <= now:
        yield RowFault("leave-over-already", row, "until")
    elif leave.until_at is not None and leave.until_at - leave.from_at > LONGEST_LEAVE:
        yield RowFault("leave-too-long", row, "until", {"days": LONGEST_LEAVE.days})
    if leave.person_id in staff.people and not _works_within(staff, leave.person_id, leave):
        yield RowFault("leave-without-post", row, "person")
    if leave.stand_in:
        yield from _stand_in_faults(row, leave, staff)


def _stand_in_faults(row: int, leave: Leave, staff: Staff) -> Iterator[RowFault]:
    stand_in = leave.stand_in or ""
    if stand_in == leave.person_id:
        yield RowFault("stand-in-oneself", row, "stand_in")
    elif stand_in not in staff.people:
        yield RowFault("stand-in-unknown", row, "stand_in")
    elif not staff.is_employed(stand_in, leave.from_at):
        yield RowFault("stand-in-ended", row, "stand_in")
    elif away := next((one for one in staff.leaves_of(stand_in) if one.overlaps(leave.from_at, leave.until_at)), None):
        params: dict[str, Param] = {"from": china_day(away.from_at).isoformat()}
        yield RowFault("stand-in-away", row, "stand_in", params)


def _works_within(staff: Staff, person: str, leave: Leave) -> bool:
    return any(
        (leave.until_at is None or post.from_on <= china_day(leave.until_at))
        and (post.until_on is None or china_day(leave.from_at) <= post.until_on)
        for post in staff.posts_of(person)
    )


def _of_itself(one: AskedPost, areas: Areas) -> Iterator[RowFault]:
    post = one.post
    if post.area_kind not in AREAS_OF_POST[post.post]:
        yield RowFault("post-area-kind", one.row, "area_kind", {"known": ",".join(AREAS_OF_POST[post.post])})
    elif post.area_code not in areas.get(post.area_kind, {}):
        yield RowFault("post-area-unknown", one.row, "area")
    if not FIRST_DAY <= post.from_on <= LAST_DAY:
        yield RowFault("post-day-odd", one.row, "from")
    if post.until_on is not None and post.until_on < post.from_on:
        yield RowFault("post-ends-before", one.row, "until")
    elif post.until_on is not None and post.until_on > LAST_DAY:
        yield RowFault("post-day-odd", one.row, "until")


def _of_scope(one: AskedPost, staff: Staff, areas: Areas, scope: frozenset[str] | None) -> Iterator[RowFault]:
    """Refuse what lies outside the caller's townships, or reaches beyond them."""
    if scope is None or one.post.area_code not in areas.get(one.post.area_kind, {}):
        return
    townships = staff.townships_of_post(one.post)
    if not townships or not townships <= scope:
        yield RowFault("staff-not-your-area", one.row, "area")


_Places = Mapping[tuple[PostKind, AreaKind, str], Sequence[Post]]


def _by_place(posts: Iterable[Post]) -> _Places:
    found: dict[tuple[PostKind, AreaKind, str], list[Post]] = {}
    for post in posts:
        found.setdefault((post.post, post.area_kind, post.area_code), []).append(post)
    return found


def _beside_others(one: AskedPost, places: Iterable[_Places]) -> Iterator[RowFault]:
    mine = one.post
    for place in places:
        for other in place.get((mine.post, mine.area_kind, mine.area_code), ()):
            if other is mine or not _overlap(mine, other):
                continue
            params: dict[str, Param] = {"person": other.person_id, "from": other.from_on.isoformat()}
            if other.person_id == mine.person_id:
                yield RowFault("post-twice", one.row, "from", params)
            elif mine.post in ONE_HOLDER:
                yield RowFault("post-taken", one.row, "post", params)


def _overlap(one: Post, other: Post) -> bool:
    return (other.until_on is None or one.from_on <= other.until_on) and (
        one.until_on is None or other.from_on <= one.until_on
    )
