"""Plans: ask for one; it is a run."""

from __future__ import annotations

from fastapi import Depends

from api.answers import Answer
from api.auth import Allow, guarded_router
from api.deps import AtDesk, Build
from api.description import answers, may_refuse
from api.routes.runs import OF_ONE, answer_of
from api.runs.asked import plan_asked
from api.runs.asking import ask, build_to_ask
from api.runs.plan_body import PlanBody
from api.views import RunAnswer

router = guarded_router()


@router.post(
    "/api/plans",
    status_code=202,
    dependencies=[Depends(Allow.to("write", "plan"))],
    response_model=None,
    responses=may_refuse(404, 429) | answers(RunAnswer, 200, 202, leads_to=OF_ONE),
)
async def start(desk: AtDesk, body: PlanBody, build: Build = None) -> Answer:
    """Ask for a plan: 200 with it if it has been computed before, else 202 and where to look for it."""

    def begin() -> Answer:
        at_hand = build_to_ask(desk.at_work, build)
        asked = plan_asked(body, at_hand.tables.services)
        asked.check(at_hand)  # a wrong name is told at once, not by the run
        return answer_of(desk, ask(desk.at_work, at_hand, asked, desk.actor))

    return await desk.beside(begin)
