"""What is missing in the staff, seen in advance: cells without A or B, days on which nobody is there, and more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal

from planning.incidents.clocks import CHINA_TIME
from planning.incidents.staff import Leave, Staff

GapKind = Literal["no-a", "no-b", "nobody-there", "no-stand-in", "no-account"]
GAP_KINDS: tuple[GapKind, ...] = ("nobody-there", "no-a", "no-b", "no-stand-in", "no-account")
"""The gravest first."""
_ROLES: tuple[Literal["A", "B"], ...] = ("A", "B")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing.

    Parameters
    ----------
    kind
    township
        ``None`` for what belongs to the county.
    area
        Cell or village; "" where it is about a person alone.
    person_id
        ``None`` where it is about an area.
    from_at, until_at
        The span within the days that were asked about; ``until_at`` is ``None`` if it goes on after them.
    """

    kind: GapKind
    township: str | None
    area: str = ""
    person_id: str | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None


def gaps(staff: Staff, cells: Mapping[str, str], *, at: datetime, days: int, asked: Iterable[Leave] = ()) -> list[Gap]:
    """Return everything that is missing from now on.

    Parameters
    ----------
    staff
    cells
        Village of every cell.
    at
        From when on, aware.
    days
        How far to look.
    asked
        Leave that nobody has decided on yet: without a stand-in it is told as well.

    Returns
    -------
    list
        By kind, the gravest first, then by township, area and person.
    """
    search = _Gaps(staff, at, at + days * _DAY)
    found = [*search.of_cells(cells), *search.of_leave(asked), *search.of_accounts()]
    return sorted(found, key=_order)


def _order(gap: Gap) -> tuple[int, str, str, str, str]:
    since = gap.from_at.isoformat() if gap.from_at else ""
    return GAP_KINDS.index(gap.kind), gap.township or "", gap.area, gap.person_id or "", since


@dataclass(frozen=True)
class _Gaps:
    staff: Staff
    start: datetime
    end: datetime

    def of_cells(self, cells: Mapping[str, str]) -> Iterator[Gap]:
        """Yield what cells miss; those of a village that share their workers are told as the village, once."""
        areas = {
            (cell, village) if self._has_own(cell) else (village, village): cell for cell, village in cells.items()
        }
        for (area, village), cell in areas.items():
            yield from self._of_area(area, cell, village)

    def of_leave(self, asked: Iterable[Leave]) -> Iterator[Gap]:
        """Yield leave that names no stand-in."""
        approved = (leave for person in self.staff.people for leave in self.staff.leaves_of(person))
        for leave in (*approved, *asked):
            is_near = leave.overlaps(self.start, self.end)
            if is_near and leave.stand_in is None and self.staff.is_employed(leave.person_id, self.start):
                since = max(leave.from_at, self.start)
                yield Gap(
                    "no-stand-in", self._township(leave.person_id), "", leave.person_id, since, self._within(leave)
                )

    def of_accounts(self) -> Iterator[Gap]:
        """Yield people who cannot sign in."""
        for person in self.staff.people.values():
            if person.account_id is None and self.staff.is_employed(person.id, self.start):
                yield Gap("no-account", self._township(person.id), "", person.id)

    def _of_area(self, area: str, cell: str, village: str) -> Iterator[Gap]:
        township = self.staff.townships.get(village) or None
        spans: dict[GapKind, list[tuple[datetime, datetime]]] = {}
        moments = self._moments(cell, village)
        for begin, end in pairwise(moments):
            for kind in self._missing(cell, village, begin):
                known = spans.setdefault(kind, [])
                if known and known[-1][1] == begin:
                    known[-1] = (known[-1][0], end)
                else:
                    known.append((begin, end))
        for kind, found in spans.items():
            for begin, end in found:
                yield Gap(kind, township, area, None, begin, None if end == self.end else end)

    def _missing(self, cell: str, village: str, at: datetime) -> Iterator[GapKind]:
        first, second = (self.staff.workers(role, cell, village, at) for role in _ROLES)
        if not first:
            yield "no-a"
        if not second:
            yield "no-b"
        if (first or second) and not any(self._answers(person, at) for person in (*first, *second)):
            yield "nobody-there"

    def _answers(self, person: str, at: datetime) -> bool:
        """Whether somebody is there, or whoever stands in for them."""
        leave = self.staff.away(person, at)
        return leave is None or bool(leave.stand_in and self.staff.on_duty(leave.stand_in, at))

    def _moments(self, cell: str, village: str) -> list[datetime]:
        """Return the instants at which something may change, the first and the last of the span among them."""
        people = {
            post.person_id
            for role in _ROLES
            for post in (*self.staff.posts_in(role, "cell", cell), *self.staff.posts_in(role, "village", village))
        }
        named = {leave.stand_in for person in people for leave in self.staff.leaves_of(person) if leave.stand_in}
        found = {self.start, self.end}
        for person in people | named:
            for post in self.staff.posts_of(person):
                found.add(_midnight(post.from_on))
                if post.until_on is not None:
                    found.add(_midnight(post.until_on) + _DAY)
            for leave in self.staff.leaves_of(person):
                found.add(leave.from_at)
                if leave.until_at is not None:
                    found.add(leave.until_at)
        return sorted(moment for moment in found if self.start <= moment <= self.end)

    def _has_own(self, cell: str) -> bool:
        return any(self.staff.posts_in(role, "cell", cell) for role in _ROLES)

    def _within(self, leave: Leave) -> datetime | None:
        return None if leave.until_at is None or leave.until_at >= self.end else leave.until_at

    def _township(self, person: str) -> str | None:
        return min(self.staff.townships_of(person, self.start), default=None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA_TIME)
