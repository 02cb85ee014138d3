"""Files of a case: send one, look at one, erase one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from api.access.roles import Role
from api.actions.cases.attachments import Sent, attach, erase, shown_file
from api.actions.cases.read import seen_case
from api.answers import Answer
from api.attachment_views import AddedAnswer
from api.auth import Allow, User, guarded_router
from api.deps import AtWork, WithRecords
from api.description import answers, may_refuse
from api.routes.incidents import at_hand_of, reader_of
from layers.attached.kinds import KINDS

router = guarded_router()
Seeing = Annotated[User, Depends(Allow.to("read", "incident"))]
Adding = Annotated[User, Depends(Allow.to("write", "case"))]
AtADesk = Annotated[User, Depends(Allow(Role.TOWNSHIP_DESK, Role.COUNTY_DESK))]
_ANY = {"schema": {"type": "string", "format": "binary"}}
_FORM = {"type": "object", "properties": {"file": _ANY["schema"], "key": {"type": "string"}}, "required": ["file"]}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {**{kind.media_type: _ANY for kind in KINDS}, "multipart/form-data": {"schema": _FORM}},
    }
}
_SHOWN: dict[int | str, dict[str, Any]] = {
    200: {"content": dict.fromkeys(("image/jpeg", "audio/mp4", "application/pdf"), _ANY)}
}


async def _sent(request: Request, key: Annotated[str, Query(max_length=200)] = "") -> Sent:
    return Sent(request.headers.get("content-type", ""), await request.body(), key)


@router.post(
    "/api/incidents/{name}/attachments",
    status_code=201,
    response_model=None,
    responses=may_refuse(404, 409) | answers(AddedAnswer, 200, 201),
    openapi_extra=_BODY,
)
async def send(
    at_work: AtWork, beside: WithRecords, user: Adding, name: str, sent: Annotated[Sent, Depends(_sent)]
) -> Answer:
    """Keep a photo, a recording or a PDF of a case: the body, or ``file`` of a form; ``key`` is for repeats."""

    def work() -> Answer:
        reader = reader_of(at_work, user)
        seen_case(at_work.incidents, name, reader=reader)
        told, is_new = attach(at_work, at_hand_of(at_work), name, sent, reader=reader)
        return Answer(told, status_code=201 if is_new else 200)

    return await beside(work)


@router.get(
    "/api/incidents/{name}/attachments/{attachment}",
    response_class=Response,
    responses=may_refuse(404) | _SHOWN,
)
async def look(at_work: AtWork, beside: WithRecords, user: Seeing, name: str, attachment: str) -> Response:
    """Return a file of a case as others see it; that it was looked at is recorded."""

    def work() -> Response:
        seen_case(at_work.incidents, name, reader=reader_of(at_work, user))
        content, headers = shown_file(at_work, name, attachment, actor=user.actor)
        return Response(content, headers=headers)

    return await beside(work)


@router.delete(
    "/api/incidents/{name}/attachments/{attachment}",
    status_code=204,
    response_class=Response,
    responses=may_refuse(404),
)
async def remove(at_work: AtWork, beside: WithRecords, user: AtADesk, name: str, attachment: str) -> Response:
    """Erase a file of a case for good; that there was one stays."""

    def work() -> Response:
        seen_case(at_work.incidents, name, reader=reader_of(at_work, user))
        erase(at_work, name, attachment, actor=user.actor)
        return Response(status_code=204)

    return await beside(work)
