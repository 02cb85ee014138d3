"""Posts and leave as Excel files: taken along, and sent back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from api.actions.staff.leave_file import import_leave, leave_file
from api.actions.staff.posts_file import import_posts, posts_file
from api.answers import Answer
from api.auth import Allow, User, guarded_router
from api.deps import AtWork, CallerLang, WithRecords
from api.description import answers, may_refuse
from api.routes.staff import desk_of
from api.routes.tables import XLSX, Version
from api.staff_views import ImportedAnswer

router = guarded_router()
Reader = Annotated[User, Depends(Allow.to("read", "staff"))]
Writer = Annotated[User, Depends(Allow.to("write", "staff"))]
FileName = Annotated[str, Query(max_length=200)]
_FILE = {"requestBody": {"required": True, "content": {XLSX: {}, "text/csv": {}}}}
_DONE = may_refuse(409) | answers(ImportedAnswer)
_SENT: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}}}}


def as_download(content: bytes, name: str) -> Response:
    """Return an Excel file as an answer that a browser keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "Cache-Control": "no-store"}
    return Response(content, media_type=XLSX, headers=headers)


@router.get("/api/staff/posts.xlsx", response_class=Response, responses=_SENT)
async def posts(at_work: AtWork, beside: WithRecords, user: Reader, lang: CallerLang) -> Response:
    """Return everybody's posts as an Excel file, without telephone numbers."""
    now = datetime.now(UTC)
    return await beside(lambda: as_download(posts_file(desk_of(at_work, user), at=now, lang=lang), "staff-posts"))


@router.get("/api/staff/leave.xlsx", response_class=Response, responses=_SENT)
async def leave(at_work: AtWork, beside: WithRecords, user: Reader, lang: CallerLang) -> Response:
    """Return leave that is not over as an Excel file."""
    now = datetime.now(UTC)
    return await beside(lambda: as_download(leave_file(desk_of(at_work, user), at=now, lang=lang), "staff-leave"))


@router.post(
    "/api/staff/posts.xlsx",
    openapi_extra=_FILE,
    response_model=None,
    responses=may_refuse(409) | answers(ImportedAnswer),
)
async def posts_sent(
    request: Request,
    at_work: AtWork,
    beside: WithRecords,
    user: Writer,
    lang: CallerLang,
    *,
    expected_version: Version = None,
    file: FileName = "",
) -> Answer:
    """Take over a file of posts, which is the body: all of it, or everything that is wrong by row and column."""
    content, now = await request.body(), datetime.now(UTC)

    def work() -> Answer:
        desk = desk_of(at_work, user)
        done = import_posts(desk, content, file, expected_version=expected_version, lang=lang, now=now)
        return Answer({"people": done.people, "posts": done.posts, "leave": 0})

    return await beside(work)


@router.post(
    "/api/staff/leave.xlsx",
    openapi_extra=_FILE,
    response_model=None,
    responses=may_refuse(409) | answers(ImportedAnswer),
)
async def leave_sent(
    request: Request,
    at_work: AtWork,
    beside: WithRecords,
    user: Writer,
    lang: CallerLang,
    *,
    expected_version: Version = None,
    file: FileName = "",
) -> Answer:
    """Take over a file of leave, which is the body; as the file of posts."""
    content, now = await request.body(), datetime.now(UTC)

    def work() -> Answer:
        desk = desk_of(at_work, user)
        done = import_leave(desk, content, file, expected_version=expected_version, lang=lang, now=now)
        return Answer({"people": 0, "posts": 0, "leave": done})

    return await beside(work)
