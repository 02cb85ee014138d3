"""Scenarios computed: the plan of one, the present state of a service, and one brought onto a new build."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import Query
from pydantic import BaseModel, ConfigDict

from api.actions.scenarios.asked import scenario_asked
from api.actions.scenarios.rebasing import rebased
from api.actions.scenarios.scheme_zero import today_of
from api.answers import Answer
from api.auth import guarded_router
from api.deps import AtDesk, AtWork, CallerLang, Visiting, WithRecords
from api.description import answers, may_refuse
from api.explain import explain_faults
from api.routes.runs import OF_ONE, answer_of
from api.routes.scenario_history import Number
from api.routes.scenarios import MAY_READ, MAY_WRITE
from api.runs.asked import plan_asked
from api.runs.asking import ask, county_to_ask
from api.runs.plan_body import within
from api.scenario_views import RebaseAnswer, SchemeZeroAnswer
from api.views import RunAnswer
from gis.travel_modes import Mode
from maps.catalogue import text
from planning.groups import Base
from planning.scenario.question import DEFAULTS, FIELDS

router = guarded_router()


class RunBody(BaseModel):
    """Limits of the search, where they are not the scenario's own, and which revision: else the one that counts."""

    model_config = ConfigDict(extra="forbid", strict=True)

    revision: Number | None = None
    time_limit_s: Annotated[float, within(FIELDS["time_limit_s"])] | None = None
    memory_limit_mb: Annotated[int, within(FIELDS["memory_limit_mb"])] | None = None

    def limits(self) -> dict[str, float]:
        """Return the limits that are named."""
        return self.model_dump(exclude={"revision"}, exclude_none=True)


class RebaseBody(BaseModel):
    """The revision that the caller sees, to save what becomes of it; left out, it is only looked at."""

    model_config = ConfigDict(extra="forbid", strict=True)

    expected_revision: Number | None = None


@router.get("/api/scenarios/scheme-0", dependencies=MAY_READ, response_model=None, responses=answers(SchemeZeroAnswer))
async def today(
    at_work: AtWork,
    beside: WithRecords,
    *,
    service: Annotated[str, Query(min_length=1, max_length=40)],
    mode: Mode | None = None,
    base: Base = DEFAULTS["base"],
    limit_minutes: Annotated[float | None, Query(gt=0, le=600, allow_inf_nan=False)] = None,
) -> Answer:
    """Return a service as it stands: its facilities, whom each serves, and what that means for people."""
    asked = {"service": service, "mode": mode, "base": base, "limit_minutes": limit_minutes}
    at_hand = await beside(county_to_ask, at_work)
    return Answer(await to_thread.run_sync(today_of, at_hand, asked))


@router.post(
    "/api/scenarios/{name}/runs",
    status_code=202,
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404, 409, 429) | answers(RunAnswer, 200, 202, leads_to=OF_ONE),
)
async def start(desk: AtDesk, who: Visiting, name: str, body: RunBody | None = None) -> Answer:
    """Ask for the plan of a scenario, on the build that it is pinned to; answers like ``POST /api/plans``."""
    asks = body or RunBody()

    def begin() -> Answer:
        found = scenario_asked(who, name, asks.revision, asks.limits())
        at_hand = county_to_ask(desk.at_work, found.county_version)
        asked = plan_asked(found.body, at_hand.tables.services)
        asked.check(at_hand)  # a wrong name is told at once, not by the run
        return answer_of(desk, ask(desk.at_work, at_hand, asked, desk.actor, revision=found.key))

    return await desk.beside(begin)


@router.post(
    "/api/scenarios/{name}/rebase",
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404, 409) | answers(RebaseAnswer),
)
async def rebase(
    who: Visiting, beside: WithRecords, lang: CallerLang, name: str, body: RebaseBody | None = None
) -> Answer:
    """Return what becomes of every edit on the current build; with the revision expected, save that. Nothing is run."""
    expected = None if body is None else body.expected_revision
    told, faults = await beside(rebased, who, name, expected=expected)
    if expected is None:
        await beside(who.at_work.note, who.act("rebase-tried").about(name))
    edits = [{**one, "reason_words": text(lang, f"scenario.rebase.{one['reason']}")} for one in told["edits"]]
    versions = {"from_version": told.pop("from"), "to_version": told.pop("to")}
    return Answer({**versions, **told, "edits": edits, "faults": explain_faults(faults, lang)})
