"""Staff: who works where, in which post, and what is missing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from api.actions.staff.changes import PersonWords, PostWords, add_person, add_post, change_person, change_post
from api.actions.staff.desk import StaffDesk, scope_of
from api.actions.staff.view import MOST_DAYS, MOST_LISTED, StaffFilter, list_gaps, list_staff, view_person
from api.actions.workplace import Workplace
from api.answers import Answer
from api.auth import Allow, User, guarded_router
from api.deps import AtWork, WithRecords
from api.description import answers, may_refuse
from api.explain import ApiError
from api.staff_views import GapsAnswer, PersonAnswer, PhoneAnswer, StaffAnswer
from layers.records.staff import StaffStore
from planning.incidents.gaps import GapKind
from planning.incidents.staff import AreaKind, PostKind

router = guarded_router()
Reader = Annotated[User, Depends(Allow.to("read", "staff"))]
Writer = Annotated[User, Depends(Allow.to("write", "staff"))]
Handler = Annotated[User, Depends(Allow.to("read", "incident"))]
Code = Annotated[str, Field(max_length=100)]
Day = Annotated[str, Field(max_length=30)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PostBody(_Body):
    """A post: what, where, from which day to which, both of which count."""

    post: PostKind
    area_kind: AreaKind
    area: Code = ""
    from_: Annotated[Day, Field(alias="from")]
    until: Day | None = None

    def words(self) -> PostWords:
        """Return it as it is checked."""
        return PostWords(self.post, self.area_kind, self.area, self.from_, self.until or "")


class NewPersonBody(_Body):
    """Somebody new with a first post; without an ``id`` they get one."""

    id: Code = ""
    name: Annotated[str, Field(max_length=60)]
    phone: Annotated[str, Field(max_length=30)] = ""
    account: Annotated[str, Field(max_length=60)] = ""
    post: PostBody


class PersonBody(_Body):
    """What is to be changed of somebody; an empty phone or account takes it away."""

    expected_version: Version
    name: Annotated[str, Field(max_length=60)] | None = None
    phone: Annotated[str, Field(max_length=30)] | None = None
    account: Annotated[str, Field(max_length=60)] | None = None


class PostDaysBody(_Body):
    """Other days of a post; without ``until`` it goes on."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None


class StaffQuery(BaseModel):
    """Whom a list holds: of an area and a post, and who ended only if asked for."""

    model_config = ConfigDict(extra="forbid")

    area: Code = ""
    post: PostKind | Literal[""] = ""
    after: Code = ""
    ended: bool = False
    limit: int = Field(default=100, ge=1, le=MOST_LISTED)


class GapsQuery(BaseModel):
    """What is missing within some days, of one kind and township only if named."""

    model_config = ConfigDict(extra="forbid")

    days: int = Field(default=14, ge=1, le=MOST_DAYS)
    kind: GapKind | Literal[""] = ""
    area: Code = ""


def desk_of(at_work: Workplace, user: User) -> StaffDesk:
    """Return who works with the staff, by the grants that count here."""
    grants = user.grants_here
    parts = any(grant.area_kind == "cell" for grant in grants)
    scope = scope_of(grants, at_work.territory(needs_parts=parts))
    return StaffDesk(at_work, user.actor, scope, frozenset(str(grant.role) for grant in grants))


@router.get("/api/staff", response_model=None, responses=answers(StaffAnswer))
async def listed(at_work: AtWork, beside: WithRecords, user: Reader, asked: Annotated[StaffQuery, Query()]) -> Answer:
    """Return people by their ids with their posts, and whether they are on duty now; never a telephone number."""

    def work() -> Answer:
        wanted = StaffFilter(asked.area, asked.post, asked.after, asked.ended)
        return Answer(list_staff(desk_of(at_work, user), wanted, at=datetime.now(UTC), limit=asked.limit))

    return await beside(work)


@router.get("/api/staff/gaps", response_model=None, responses=answers(GapsAnswer))
async def missing(at_work: AtWork, beside: WithRecords, user: Reader, asked: Annotated[GapsQuery, Query()]) -> Answer:
    """Return what is missing in the days to come: each cell, leave and person by name and dates."""

    def work() -> Answer:
        more = {"kind": asked.kind, "area": asked.area}
        return Answer(list_gaps(desk_of(at_work, user), at=datetime.now(UTC), days=asked.days, **more))

    return await beside(work)


@router.post("/api/staff", status_code=201, response_model=None, responses=answers(PersonAnswer, 201))
async def add(at_work: AtWork, beside: WithRecords, user: Writer, body: NewPersonBody) -> Answer:
    """Add somebody with a first post."""

    def work() -> Answer:
        desk, now = desk_of(at_work, user), datetime.now(UTC)
        words = PersonWords(body.name, body.phone, body.account)
        made = add_person(desk, body.id, words, body.post.words(), now=now)
        return Answer(view_person(desk, made, at=now), status_code=201)

    return await beside(work)


@router.get("/api/staff/{name}", response_model=None, responses=may_refuse(404) | answers(PersonAnswer))
async def one(at_work: AtWork, beside: WithRecords, user: Reader, name: str) -> Answer:
    """Return one person with posts and leave to come."""
    return await beside(lambda: Answer(view_person(desk_of(at_work, user), name, at=datetime.now(UTC))))


@router.post("/api/staff/{name}", response_model=None, responses=may_refuse(404, 409) | answers(PersonAnswer))
async def change(at_work: AtWork, beside: WithRecords, user: Writer, name: str, body: PersonBody) -> Answer:
    """Change a name or a telephone number, or join somebody to an account."""

    def work() -> Answer:
        desk, now = desk_of(at_work, user), datetime.now(UTC)
        change_person(desk, name, PersonWords(body.name, body.phone, body.account, body.expected_version), now=now)
        return Answer(view_person(desk, name, at=now))

    return await beside(work)


@router.post(
    "/api/staff/{name}/posts",
    status_code=201,
    response_model=None,
    responses=may_refuse(404) | answers(PersonAnswer, 201),
)
async def give_post(at_work: AtWork, beside: WithRecords, user: Writer, name: str, body: PostBody) -> Answer:
    """Give somebody a further post."""

    def work() -> Answer:
        desk, now = desk_of(at_work, user), datetime.now(UTC)
        add_post(desk, name, body.words(), now=now)
        return Answer(view_person(desk, name, at=now), status_code=201)

    return await beside(work)


@router.post("/api/staff/{name}/posts/{post}", response_model=None, responses=may_refuse(404) | answers(PersonAnswer))
async def change_days(
    at_work: AtWork, beside: WithRecords, user: Writer, name: str, post: str, *, body: PostDaysBody
) -> Answer:
    """Change the days of a post; it ends with its last day."""

    def work() -> Answer:
        desk, now = desk_of(at_work, user), datetime.now(UTC)
        change_post(desk, name, post, from_day=body.from_, until_day=body.until or "", now=now)
        return Answer(view_person(desk, name, at=now))

    return await beside(work)


@router.get("/api/staff/{name}/phone", response_model=None, responses=may_refuse(404) | answers(PhoneAnswer))
async def phone(at_work: AtWork, beside: WithRecords, user: Handler, name: str) -> Answer:
    """Return one telephone number to whoever handles cases with this person; that it was looked at is recorded."""
    return await beside(lambda: Answer({"id": name, "phone": phone_of(at_work, user, name)}))


def phone_of(at_work: Workplace, user: User, name: str) -> str:
    """Return somebody's telephone number and record that it was looked at; refuse that of others' townships.

    Raises
    ------
    ApiError
        404 ``unknown-person``.
    """
    grants = user.grants_here
    parts = any(grant.area_kind == "cell" for grant in grants)
    territory = at_work.territory(needs_parts=parts)
    cells = {(territory.cells or {}).get(grant.area_code, "") for grant in grants if grant.area_kind == "cell"}
    units = {grant.area_code for grant in grants if grant.area_kind == "unit"}
    scope = scope_of(grants, territory)
    desk = StaffDesk(at_work, user.actor, None if scope is None or units else scope | cells)
    staff = desk.staff
    person = desk.person(staff, name)
    found = StaffStore(at_work.database.get()).phone(person.id, act=desk.act("staff.phone-seen", object_id=person.id))
    if not found:
        raise ApiError(404, "no-phone", person=name[:60])
    return found
