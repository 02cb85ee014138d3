"""Cases: report one, list them, look at one, move one on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, cast, get_args

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.access.areas import Territory
from api.access.roles import Role
from api.actions.cases.move import Asked, move_case
from api.actions.cases.read import Reader, list_cases, open_case
from api.actions.cases.report import Filed, Report, report_incidents
from api.actions.cases.sight import sight_of
from api.actions.open_county import OpenCounty
from api.actions.workplace import Workplace
from api.answers import Answer
from api.auth import Allow, User, guarded_router
from api.batching import Batching
from api.case_views import CaseAnswer, ListedCaseAnswer, WholeCaseAnswer
from api.deps import Acting, AtWork, WithRecords
from api.description import answers, may_refuse
from api.explain import ApiError
from gis.crs import Datum
from gis.faults import FaultsError
from layers.records.audit import Actor
from layers.records.case_lists import MOST_LISTED, CaseFilter
from layers.records.database_faults import DatabaseDownError
from layers.records.own_persons import persons_of
from planning.incidents.events import Level, Severity
from planning.incidents.moves import ENDED, Post, State

router = guarded_router()
CaseReader = Annotated[User, Depends(Allow.to("read", "incident"))]
Mover = Annotated[User, Depends(Allow.to("write", "case"))]


async def _reporting(request: Request) -> Batching[tuple[Report, Actor], Answer]:
    return cast("Batching[tuple[Report, Actor], Answer]", request.app.state.reporting)


Reporting = Annotated[Batching[tuple[Report, Actor], Answer], Depends(_reporting)]
_POSTS = frozenset({Role.GRID_WORKER, Role.DEPARTMENT, Role.TOWNSHIP_DESK, Role.COUNTY_DESK, Role.CHECKER})
Category = Literal["party", "livelihood", "security", "traffic", "environment", "campus"]


class CaseQuery(BaseModel):
    """Which cases a list holds, and in which order."""

    model_config = ConfigDict(extra="forbid")

    state: list[State | Literal["open"]] = Field(default_factory=list, max_length=20)
    level: list[Level] = Field(default_factory=list, max_length=20)
    category: list[Category] = Field(default_factory=list, max_length=20)
    severity: list[Severity] = Field(default_factory=list, max_length=20)
    area: str | None = Field(default=None, max_length=60)
    assignee: str | None = Field(default=None, max_length=100)
    flow: Literal["incident", "matter"] = "incident"
    overdue: bool = False
    order: Literal["newest", "deadline"] = "newest"
    after: int | None = Field(default=None, ge=0, le=2**62)
    limit: int = Field(default=50, ge=1, le=MOST_LISTED)


class Reporter(BaseModel):
    """Who reports, as far as they want to be called back."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=30, pattern=r"^[0-9+()\- ]*$")


class IncidentReport(BaseModel):
    """What a reporter sends."""

    model_config = ConfigDict(extra="forbid", strict=True)

    category: Category
    subcategory: str | None = Field(default=None, pattern=r"^[0-9a-z_-]{1,40}$")
    severity: Severity | None = None
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    datum: Datum = "WGS84"
    text: str = Field(default="", max_length=4000)
    reporter: Reporter | None = None
    idempotency_key: str = Field(min_length=1, max_length=200)


class MoveBody(BaseModel):
    """What somebody does with a case."""

    model_config = ConfigDict(extra="forbid", strict=True)

    move: str = Field(min_length=1, max_length=40)
    expected_version: int = Field(ge=1, le=1_000_000)
    key: str = Field(min_length=1, max_length=200)
    data: dict[str, Any] = Field(default_factory=dict, max_length=20)


@router.post(
    "/api/incidents",
    status_code=201,
    dependencies=[Depends(Allow.to("write", "incident"))],
    response_model=None,
    responses=may_refuse(409) | answers(CaseAnswer, 200, 201, leads_to=("one_api_incidents__name__get",), id_at="/id"),
)
async def report(reporting: Reporting, actor: Acting, body: IncidentReport) -> Answer:
    """Report an incident: its cell, its worker, the way and the deadline come back."""
    told = body.model_dump(exclude={"reporter"})
    reporter = body.reporter.model_dump() if body.reporter else {}
    said = Report(**told, reporter={name: value for name, value in reporter.items() if value.strip()})
    return await reporting.do((said, actor))


def answers_to_reports(at_work: Workplace, reports: Sequence[tuple[Report, Actor]]) -> Sequence[Answer | BaseException]:
    """Return the answer to each of the reports that came at once, or the error it met.

    If the database turns out damaged, all are filed once more in the new one that then takes its place.
    """
    filed = _filed(at_work, reports)
    if any(isinstance(one, DatabaseDownError) and one.reason == "damaged" for one in filed):
        filed = _filed(at_work, reports)
    return [
        one if isinstance(one, BaseException) else Answer(one[0], status_code=201 if one[1] else 200) for one in filed
    ]


def _filed(at_work: Workplace, reports: Sequence[tuple[Report, Actor]]) -> list[Filed | BaseException]:
    try:
        store, tables, now = at_work.incidents, at_work.tables.get(), datetime.now(UTC)
    except DatabaseDownError as error:
        return [error] * len(reports)
    return report_incidents(at_hand_of(at_work), store, reports, now=now, tables=tables)


@router.get("/api/incidents", response_model=None, responses=answers(list[ListedCaseAnswer]))
async def recent(
    at_work: AtWork,
    beside: WithRecords,
    user: CaseReader,
    asked: Annotated[CaseQuery, Query()],
) -> Answer:
    """Return cases without what was said of them: the newest first, what is due first, or what has changed since.

    ``state=open`` is every state but the ended ones; ``area`` is a township or a cell; ``assignee=me`` the caller's
    own; ``after`` a position of the feed (``pos`` of the last that the caller has seen).
    """

    def work() -> Answer:
        reader = reader_of(at_work, user)
        wanted = CaseFilter(
            flow=asked.flow,
            states=_states(asked.state),
            levels=asked.level,
            categories=asked.category,
            severities=asked.severity,
            area=asked.area,
            within=reader.sight.within,
            assignees=_assignees(asked.assignee, reader),
            handler=reader.sight.account_id if asked.assignee == "me" else None,
            overdue_at=datetime.now(UTC) if asked.overdue else None,
        )
        order: dict[str, Any] = {"after": asked.after, "by_deadline": asked.order == "deadline"}
        return Answer(list_cases(at_hand_of(at_work), at_work.case_lists, wanted, **order, limit=asked.limit))

    return await beside(_even_if_damaged, work)


@router.get("/api/incidents/{name}", response_model=None, responses=may_refuse(404) | answers(WholeCaseAnswer))
async def one(at_work: AtWork, beside: WithRecords, user: CaseReader, name: str) -> Answer:
    """Return a case with its history, the way of its worker and what may be done next; that it was opened is noted."""

    def work() -> Answer:
        reader, store = reader_of(at_work, user), at_work.incidents
        known = name.isprintable()
        view = open_case(at_hand_of(at_work), store, name, reader=reader, now=datetime.now(UTC)) if known else None
        if view is None:
            raise ApiError(404, "unknown-incident", id=name)
        return Answer(view)

    return await beside(_even_if_damaged, work)


@router.post(
    "/api/incidents/{name}/events", response_model=None, responses=may_refuse(404, 409) | answers(WholeCaseAnswer)
)
async def move(at_work: AtWork, beside: WithRecords, user: Mover, name: str, body: MoveBody) -> Answer:
    """Move a case on: what may be done, by whom and with which data is one table; a stale version answers 409."""

    def work() -> Answer:
        reader, store = reader_of(at_work, user), at_work.incidents
        asked = Asked(body.move, body.expected_version, body.key, body.data)
        options: dict[str, Any] = {"reader": reader, "tables": at_work.tables.get(), "now": datetime.now(UTC)}
        view = move_case(at_hand_of(at_work), store, name, asked, **options) if name.isprintable() else None
        if view is None:
            raise ApiError(404, "unknown-incident", id=name)
        at_work.closed_roads.forget()
        return Answer(view)

    return await beside(_even_if_damaged, work)


def reader_of(at_work: Workplace, user: User) -> Reader:
    """Return who reads cases, and what of them is their business."""
    grants = user.grants_here
    parts = any(grant.area_kind in ("township", "cell") for grant in grants)
    territory = _territory(at_work, needs_parts=parts)
    persons = persons_of(at_work.database.get(), user.account_id)
    sight = sight_of(grants, territory, account_id=user.account_id, persons=persons)
    posts = {cast("Post", str(grant.role)) for grant in grants if grant.role in _POSTS}
    return Reader(user.actor, sight, frozenset(posts))


def _territory(at_work: Workplace, *, needs_parts: bool) -> Territory:
    return at_work.territory(needs_parts=needs_parts)


def _states(asked: Sequence[State | Literal["open"]]) -> tuple[str, ...]:
    """Return the states that are asked for; ``open`` is all that have not ended."""
    if "open" not in asked:
        return tuple(asked)
    return tuple(state for state in get_args(State) if state in asked or state not in ENDED)


def _assignees(asked: str | None, reader: Reader) -> frozenset[str] | None:
    """Return the persons who are asked for; in solo mode everybody's cases are one's own."""
    if asked is None or (asked == "me" and reader.sight.account_id is None):
        return None
    return reader.sight.persons if asked == "me" else frozenset({asked})


def at_hand_of(at_work: Workplace) -> OpenCounty | None:
    """Return the county, ``None`` while none can be read: reports are taken all the same."""
    try:
        return at_work.county
    except (ApiError, FaultsError):
        return None


def _even_if_damaged(work: Callable[[], Answer]) -> Answer:
    """Do the work; if the database turns out damaged, once more with the new one that then takes its place."""
    try:
        return work()
    except DatabaseDownError as error:
        if error.reason != "damaged":
            raise
        return work()
