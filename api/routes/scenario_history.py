"""What a scenario ever was: its revisions, undo and redo, and copies of any of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.actions.scenarios import history
from api.actions.scenarios.form import Key, Word
from api.answers import Answer
from api.auth import guarded_router
from api.deps import Visiting, WithRecords
from api.description import answers, may_refuse
from api.routes.scenarios import MAY_READ, MAY_WRITE
from api.scenario_views import RevisionAnswer, RevisionShown, SavedScenario, ScenarioAnswer

router = guarded_router()
Number = Annotated[int, Field(ge=1, lt=2**31)]


class StepBody(BaseModel):
    """The revision that the caller sees; whichever counts, if none is named."""

    model_config = ConfigDict(extra="forbid", strict=True)

    expected_revision: Number | None = None


class CloneBody(BaseModel):
    """What the copy is called, and of which revision it is one: the one that counts, if none is named."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Word
    revision: Number | None = None
    key: Key | None = None


@router.get(
    "/api/scenarios/{name}/revisions",
    dependencies=MAY_READ,
    response_model=None,
    responses=may_refuse(404) | answers(list[RevisionAnswer]),
)
async def revisions(
    who: Visiting,
    beside: WithRecords,
    name: str,
    before: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Answer:
    """Return the revisions of a scenario without what they ask, newest first."""
    return Answer(await beside(history.listed, who, name, before=before, limit=limit))


@router.get(
    "/api/scenarios/{name}/revisions/{n}",
    dependencies=MAY_READ,
    response_model=None,
    responses=may_refuse(404, 409) | answers(RevisionShown),
)
async def revision(who: Visiting, beside: WithRecords, name: str, n: int) -> Answer:
    """Return a revision with what it asks, and what was changed in it."""
    return Answer(await beside(history.revision_shown, who, name, n))


@router.post(
    "/api/scenarios/{name}/undo",
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404, 409) | answers(SavedScenario),
)
async def undo(who: Visiting, beside: WithRecords, name: str, body: StepBody | None = None) -> Answer:
    """Let the revision count from which the present one was made."""
    expected = None if body is None else body.expected_revision
    return Answer(await beside(history.step, who, name, back=True, expected=expected))


@router.post(
    "/api/scenarios/{name}/redo",
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404, 409) | answers(SavedScenario),
)
async def redo(who: Visiting, beside: WithRecords, name: str, body: StepBody | None = None) -> Answer:
    """Let the newest revision count that was made from the present one."""
    expected = None if body is None else body.expected_revision
    return Answer(await beside(history.step, who, name, back=False, expected=expected))


@router.post(
    "/api/scenarios/{name}/clone",
    status_code=201,
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404, 409) | answers(ScenarioAnswer, 201),
)
async def clone(who: Visiting, beside: WithRecords, name: str, body: CloneBody) -> Answer:
    """Keep a copy of a scenario as one of the caller's own."""
    made = await beside(history.clone, who, name, name=body.name, n=body.revision, key=body.key)
    return Answer(made, status_code=201, headers={"Location": f"/api/scenarios/{made['id']}"})
