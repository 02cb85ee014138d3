"""What the pages ask of one case beside itself: whom it could go to, what may be the same, whose time it took."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Response

from api.access.roles import Role
from api.actions.cases.duplicates import duplicates_of
from api.actions.cases.ledger_chart import ledger_chart
from api.actions.cases.people_near import people_near
from api.actions.cases.read import seen_case
from api.answers import Answer
from api.auth import Allow, User, guarded_router
from api.case_views import DuplicateAnswer, PersonNearAnswer
from api.deps import AtWork, CallerLang, WithRecords
from api.description import answers, may_refuse
from api.routes.incidents import at_hand_of, reader_of

router = guarded_router()
Seeing = Annotated[User, Depends(Allow.to("read", "incident"))]
AtADesk = Annotated[User, Depends(Allow(Role.TOWNSHIP_DESK, Role.COUNTY_DESK))]
_SVG = "image/svg+xml"


@router.get(
    "/api/incidents/{name}/people",
    response_model=None,
    responses=may_refuse(404) | answers(list[PersonNearAnswer]),
)
async def people(at_work: AtWork, beside: WithRecords, user: AtADesk, name: str) -> Answer:
    """Return who could deal with a case: the people of its cell, then those of its township."""

    def work() -> Answer:
        case = seen_case(at_work.incidents, name, reader=reader_of(at_work, user))
        return Answer(people_near(at_hand_of(at_work), case, at=datetime.now(UTC)))

    return await beside(work)


@router.get(
    "/api/incidents/{name}/duplicates",
    response_model=None,
    responses=may_refuse(404) | answers(list[DuplicateAnswer]),
)
async def duplicates(at_work: AtWork, beside: WithRecords, user: Seeing, name: str) -> Answer:
    """Return the open cases that may be the same, by kind, distance and time as the table of small kinds has it."""

    def work() -> Answer:
        reader, store = reader_of(at_work, user), at_work.incidents
        case = seen_case(store, name, reader=reader)
        told = duplicates_of(at_work.case_lists, store, case, sight=reader.sight, tables=at_work.tables.get())
        return Answer(told)

    return await beside(work)


@router.get(
    "/api/incidents/{name}/ledger.svg",
    response_class=Response,
    responses=may_refuse(404) | {200: {"content": {_SVG: {}}}},
)
async def ledger(at_work: AtWork, beside: WithRecords, user: Seeing, lang: CallerLang, name: str) -> Response:
    """Return whose time a case took, as a picture."""

    def work() -> Response:
        store = at_work.incidents
        seen_case(store, name, reader=reader_of(at_work, user))
        drawn = ledger_chart(store.events(name), now=datetime.now(UTC), lang=lang)
        return Response(drawn, media_type=_SVG, headers={"Cache-Control": "no-store"})

    return await beside(work)
