"""Leave: ask for it, decide on it, withdraw it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from api.actions.staff.leave import Decision, LeaveWords, ask_leave, decide_leave, list_leave
from api.answers import Answer
from api.auth import Allow, User, guarded_router
from api.deps import AtWork, WithRecords
from api.description import answers, may_refuse
from api.routes.staff import Code, Day, Version, desk_of
from api.staff_views import DecidedAnswer, LeaveAnswer
from planning.incidents.staff import LeaveReason, LeaveState

router = guarded_router()
Reader = Annotated[User, Depends(Allow.to("read", "leave"))]
Writer = Annotated[User, Depends(Allow.to("write", "leave"))]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class LeaveBody(_Body):
    """Leave that is asked for: one's own unless a desk names somebody; a day as an end counts whole."""

    from_: Annotated[Day, Field(alias="from")]
    until: Day | None = None
    reason: LeaveReason = "personal"
    person: Code = ""
    stand_in: Code = ""


class DecisionBody(_Body):
    """What becomes of leave."""

    decision: Decision
    expected_version: Version


class LeaveQuery(BaseModel):
    """Which leave a list holds."""

    model_config = ConfigDict(extra="forbid")

    area: Code = ""
    state: list[LeaveState] = Field(default_factory=list, max_length=4)
    own: bool = False


@router.get("/api/leave", response_model=None, responses=answers(list[LeaveAnswer]))
async def listed(at_work: AtWork, beside: WithRecords, user: Reader, asked: Annotated[LeaveQuery, Query()]) -> Answer:
    """Return leave that is not over: one's own, and for a desk that of its townships."""

    def work() -> Answer:
        more = {"area": asked.area, "states": tuple(asked.state), "own": asked.own}
        return Answer(list_leave(desk_of(at_work, user), since=datetime.now(UTC), **more))  # type: ignore[arg-type]

    return await beside(work)


@router.post("/api/leave", status_code=201, response_model=None, responses=may_refuse(404) | answers(LeaveAnswer, 201))
async def ask(at_work: AtWork, beside: WithRecords, user: Writer, body: LeaveBody) -> Answer:
    """Ask for leave; it counts once somebody else has approved it."""
    words = LeaveWords(body.from_, body.until or "", body.reason, body.person, body.stand_in)
    now = datetime.now(UTC)
    return Answer(await beside(lambda: ask_leave(desk_of(at_work, user), words, now=now)), status_code=201)


@router.post("/api/leave/{name}/decision", response_model=None, responses=may_refuse(404, 409) | answers(DecidedAnswer))
async def decide(at_work: AtWork, beside: WithRecords, user: Writer, name: str, body: DecisionBody) -> Answer:
    """Approve, deny or withdraw leave; what is approved answers with the open cases that are left behind."""

    def work() -> Answer:
        desk, version = desk_of(at_work, user), body.expected_version
        return Answer(decide_leave(desk, name, body.decision, expected_version=version, now=datetime.now(UTC)))

    return await beside(work)
