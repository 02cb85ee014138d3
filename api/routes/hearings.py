"""What was heard, for staff: the queue, answers one by one and by Excel, remarks that staff enter, the tally."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.actions.publications import queue
from api.actions.publications.answers_sheet import answers_in, answers_out
from api.actions.publications.queue import queue_told
from api.actions.publications.remarks import SaidRemark, receive_entered
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.deps import CallerLang, Visiting, WithRecords
from api.description import answers, may_refuse
from api.explain import ApiError
from api.hearing_forms import Wanted
from api.publication_views import AnsweredAnswer, QueueAnswer, ReceivedAnswer, RemarkAnswer, RemarkPerson
from api.routes.published import Reading, RemarkBody, name_of, received_told
from api.routes.tables import XLSX
from layers.records.remark import MAX_ANSWER_CHARACTERS, Channel, Decision, RemarkState

router = guarded_router()
_READ = [Depends(Allow.to("read", "hearing"))]
_WRITE = [Depends(Allow.to("write", "hearing"))]
_FILE: dict[str, Any] = {"requestBody": {"required": True, "content": {XLSX: {}}}}


class EnteredBody(RemarkBody):
    """What staff were told at a meeting, on the telephone, on paper or at a visit."""

    channel: Channel


class DecisionBody(BaseModel):
    """What the office makes of a remark; ``version`` is that of the remark that was looked at."""

    model_config = ConfigDict(extra="forbid", strict=True)

    state: RemarkState
    answer: Annotated[str, Field(max_length=MAX_ANSWER_CHARACTERS)] = ""
    version: Annotated[int, Field(ge=1, lt=2**31)] | None = None


Asked = Annotated[Wanted, Query()]


@router.get(
    "/api/publications/{name}/comments",
    dependencies=_READ,
    response_model=None,
    responses=may_refuse(404) | answers(QueueAnswer),
)
async def listed(who: Visiting, beside: WithRecords, found: Reading, lang: CallerLang, asked: Asked) -> Answer:
    """Return fifty remarks of those asked for, the latest first, and the tally of all."""
    return Answer(await beside(queue_told, who, found, asked.filter(), page=asked.page, lang=lang))


@router.get(
    "/api/publications/{name}/comments.xlsx",
    dependencies=_READ,
    response_class=Response,
    responses=may_refuse(404) | {200: {"content": {XLSX: {}}}},
)
async def workbook(who: Visiting, beside: WithRecords, found: Reading, lang: CallerLang, asked: Asked) -> Response:
    """Return remarks as an Excel file in which state and answer are filled in; nobody's name or number is in it."""
    content = await beside(answers_out, who, found, asked.filter(), lang=lang)
    headers = {"Content-Disposition": f'attachment; filename="answers-{name_of(found)}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


@router.post(
    "/api/publications/{name}/comments.xlsx",
    dependencies=_WRITE,
    response_model=None,
    openapi_extra=_FILE,
    responses=may_refuse(404) | answers(AnsweredAnswer),
)
async def import_file(
    request: Request,
    who: Visiting,
    beside: WithRecords,
    found: Reading,
    lang: CallerLang,
    *,
    file: Annotated[str, Query(max_length=200)] = "",
) -> Answer:
    """Take in states and answers from such a file, which is the body: all of it, or nothing and every fault."""
    content = await request.body()
    done = await beside(answers_in, who, found, content, file, lang=lang)
    return Answer({"rows": done.rows, "changed": done.changed})


@router.post(
    "/api/publications/{name}/remarks",
    status_code=201,
    dependencies=_WRITE,
    response_model=None,
    responses=may_refuse(404) | answers(ReceivedAnswer, 201),
)
async def enter(who: Visiting, beside: WithRecords, found: Reading, body: EnteredBody) -> Answer:
    """Enter what somebody said elsewhere; the receipt is for them."""
    if body.channel == "web":
        raise ApiError(422, "remark-entered-as-web")
    said, database = SaidRemark(**dict(body)), who.at_work.database.get()
    kept = await beside(receive_entered, database, found, said, actor=who.actor)
    who.at_work.published.forget(name_of(found))
    return Answer(received_told(kept), status_code=201 if kept.is_new else 200)


@router.get(
    "/api/publications/{name}/comments/{comment}",
    dependencies=_READ,
    response_model=None,
    responses=may_refuse(404) | answers(RemarkPerson),
)
async def one(who: Visiting, beside: WithRecords, found: Reading, lang: CallerLang, comment: str) -> Answer:
    """Return a remark with who said it; that it was opened is recorded."""
    return Answer(await beside(queue.remark_with_person, who, found, comment, lang=lang))


@router.put(
    "/api/publications/{name}/comments/{comment}",
    dependencies=_WRITE,
    response_model=None,
    responses=may_refuse(404, 409) | answers(RemarkAnswer),
)
async def change(
    who: Visiting, beside: WithRecords, found: Reading, *, lang: CallerLang, comment: str, body: DecisionBody
) -> Answer:
    """Show, hide or answer a remark."""
    decision = Decision(comment, body.state, body.answer, body.version)
    return Answer(await beside(queue.decide_one, who, found, decision, lang=lang))


@router.delete(
    "/api/publications/{name}/comments/{comment}",
    dependencies=_WRITE,
    response_model=None,
    responses=may_refuse(404) | answers(RemarkAnswer),
)
async def erase(who: Visiting, beside: WithRecords, found: Reading, lang: CallerLang, comment: str) -> Answer:
    """Erase what was said and who said it; that something was said, and its answer, stay."""
    return Answer(await beside(queue.erase, who, found, comment, lang=lang))
