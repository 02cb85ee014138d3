"""Scenarios among colleagues: with whom one is shared, and what they say about it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.actions.scenarios import colleagues
from api.answers import Answer
from api.auth import guarded_router
from api.deps import Visiting, WithRecords
from api.description import answers, may_refuse
from api.routes.scenarios import MAY_READ, MAY_WRITE
from api.scenario_views import CommentAnswer, ShareAnswer
from layers.records.scenario import ShareLevel

router = guarded_router()


class ShareBody(BaseModel):
    """With whom: somebody by the name that they sign in with, or everybody in a role; and what they may do."""

    model_config = ConfigDict(extra="forbid", strict=True)

    account: Annotated[str, Field(max_length=60)] = ""
    role: Annotated[str, Field(max_length=32)] = ""
    level: ShareLevel
    until: Annotated[AwareDatetime, Field(strict=False)] | None = None


class CommentBody(BaseModel):
    """What somebody says."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Annotated[str, Field(min_length=1, max_length=2000)]


@router.get(
    "/api/scenarios/{name}/shares",
    dependencies=MAY_READ,
    response_model=None,
    responses=may_refuse(404) | answers(list[ShareAnswer]),
)
async def shares(who: Visiting, beside: WithRecords, name: str) -> Answer:
    """Return with whom a scenario is shared now."""
    return Answer(await beside(colleagues.shares_of, who, name))


@router.post(
    "/api/scenarios/{name}/shares",
    status_code=201,
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404) | answers(ShareAnswer, 201),
)
async def share(who: Visiting, beside: WithRecords, name: str, body: ShareBody) -> Answer:
    """Share a scenario of one's own to read, to comment or to edit; what they had of it before ends."""
    return Answer(await beside(colleagues.share, who, name, **dict(body)), status_code=201)


@router.delete(
    "/api/scenarios/{name}/shares/{share}",
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404) | answers(ShareAnswer),
)
async def unshare(who: Visiting, beside: WithRecords, name: str, share: str) -> Answer:
    """Take back a share of a scenario of one's own."""
    return Answer(await beside(colleagues.unshare, who, name, share))


@router.get(
    "/api/scenarios/{name}/comments",
    dependencies=MAY_READ,
    response_model=None,
    responses=may_refuse(404) | answers(list[CommentAnswer]),
)
async def comments(who: Visiting, beside: WithRecords, name: str) -> Answer:
    """Return what was said about a scenario, the first first."""
    return Answer(await beside(colleagues.comments_on, who, name))


@router.post(
    "/api/scenarios/{name}/comments",
    status_code=201,
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404) | answers(CommentAnswer, 201),
)
async def comment(who: Visiting, beside: WithRecords, name: str, body: CommentBody) -> Answer:
    """Say something about a scenario."""
    return Answer(await beside(colleagues.comment, who, name, body.text), status_code=201)


@router.delete(
    "/api/scenarios/{name}/comments/{comment}",
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404) | answers(CommentAnswer),
)
async def erase(who: Visiting, beside: WithRecords, name: str, comment: str) -> Answer:
    """Erase what was said: one's own words, or anybody's on a scenario of one's own; that something was said stays."""
    return Answer(await beside(colleagues.erase_comment, who, name, comment))
