"""Studies of plans: ask for one; it is a run."""

from __future__ import annotations

from fastapi import Depends

from api.answers import Answer
from api.auth import Allow, guarded_router
from api.deps import AtDesk, Build, RunDesk
from api.description import answers, may_refuse
from api.explain import ApiError
from api.routes.runs import OF_ONE, answer_of
from api.runs.asked import Plan, PlanOf, plan_shown, study_asked
from api.runs.asking import ask, build_to_ask
from api.runs.computing import read_plan
from api.runs.study_body import StudyBody
from api.views import RunAnswer

router = guarded_router()


@router.post(
    "/api/studies",
    status_code=202,
    dependencies=[Depends(Allow.to("write", "plan"))],
    response_model=None,
    responses=may_refuse(404, 409, 429) | answers(RunAnswer, 200, 202, leads_to=OF_ONE),
)
async def start(desk: AtDesk, body: StudyBody, build: Build = None) -> Answer:
    """Ask for a study: 200 with it if it is done, else 202 and where to look for it."""

    def begin() -> Answer:
        shown = plan_shown(body, plan_of(desk))
        at_hand = build_to_ask(desk.at_work, build) if shown is None else desk.at_work.county_of(shown.answer)
        asked = study_asked(body, shown, at_hand.tables.services)
        asked.check(at_hand)  # a wrong name is told at once, not by the run
        return answer_of(desk, ask(desk.at_work, at_hand, asked, desk.actor))

    return await desk.beside(begin)


def plan_of(desk: RunDesk) -> PlanOf:
    """Return what gives the plans of the caller's own runs by their ids."""

    def read(run_id: str) -> Plan:
        run = desk.at_work.runs.get(run_id, asked_by=desk.actor.account_id)
        if run is None:
            raise ApiError(404, "unknown-plan", id=run_id)
        return read_plan(desk.at_work.files, run)

    return read
