"""The forms of answers about staff and leave, for the API's description."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from planning.incidents.gaps import GapKind
from planning.incidents.staff import AreaKind, LeaveReason, LeaveState, Origin, PostKind


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PostAnswer(_Form):
    """A post; ``holds`` on the day of the answer."""

    id: str
    post: PostKind
    area_kind: AreaKind
    area: str
    area_name: str
    from_: str = Field(alias="from")
    until: str | None
    holds: bool


class LeaveAnswer(_Form):
    """Leave; moments are China's."""

    id: str
    person: str
    name: str
    from_: str = Field(alias="from")
    until: str | None
    reason: LeaveReason
    stand_in: str | None
    stand_in_name: str | None
    state: LeaveState
    version: int


class ListedPerson(_Form):
    """Somebody of the staff; ``has_phone`` tells whether a number can be asked for."""

    id: str
    name: str
    origin: Origin
    version: int
    account: str | None
    has_phone: bool
    on_duty: bool
    away_until: str | None
    stand_in: str | None
    stand_in_name: str | None
    townships: list[str]
    posts: list[PostAnswer]


class PersonAnswer(ListedPerson):
    """Somebody with leave that is not over."""

    leave: list[LeaveAnswer]


class StaffAnswer(_Form):
    """A page of people."""

    people: list[ListedPerson]
    count: int
    next: str | None


class GapAnswer(_Form):
    """Something that is missing."""

    kind: GapKind
    township: str | None
    township_name: str
    area: str | None
    area_name: str | None
    person: str | None
    name: str | None
    from_: str | None = Field(alias="from")
    until: str | None


class TakenOver(_Form):
    """When a county's roster was taken over last, and how many people it brought."""

    roster: str
    at: str
    people: int


class GapsAnswer(_Form):
    """What is missing, counted and by name."""

    days: int
    counts: dict[GapKind, int]
    gaps: list[GapAnswer]
    left_out: int
    taken_over: TakenOver | None


class PhoneAnswer(_Form):
    """One telephone number."""

    id: str
    phone: str


class CaseLeft(_Form):
    """An open case of somebody who goes, and whom it would go to then."""

    id: str
    state: str
    category: str
    version: int
    due_at: str | None
    next_assignee: str | None
    next_name: str | None
    next_level: Literal["grid", "village", "township", "county"] | None
    next_reason: str | None


class DecidedAnswer(_Form):
    """Leave after a decision, with the cases that are left behind."""

    leave: LeaveAnswer
    cases: list[CaseLeft]


class ImportedAnswer(_Form):
    """How much a file changed."""

    people: int
    posts: int
    leave: int
