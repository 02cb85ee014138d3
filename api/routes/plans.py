"""Plans: ask for one; it is a run."""

from __future__ import annotations

from fastapi import Depends

from api.answers import Answer
from api.auth import PLANNING, Allow, guarded_router
from api.deps import Acting, AtWork, Background, CallerLang, WithRecords
from api.description import answers, may_refuse
from api.routes.runs import OF_ONE, answer_of
from api.runs.asked import plan_asked
from api.runs.asking import ask
from api.runs.plan_body import PlanBody
from api.views import RunAnswer

router = guarded_router()


@router.post(
    "/api/plans",
    status_code=202,
    dependencies=[Depends(Allow(*PLANNING))],
    response_model=None,
    responses=may_refuse(404, 429) | answers(RunAnswer, 200, 202, leads_to=OF_ONE),
)
async def start(
    at_work: AtWork, worker: Background, actor: Acting, beside: WithRecords, lang: CallerLang, body: PlanBody
) -> Answer:
    """Ask for a plan: 200 with it if it has been computed before, else 202 and where to look for it."""

    def begin() -> Answer:
        asked, at_hand = plan_asked(body), at_work.county
        asked.check(at_hand)  # a wrong name is told at once, not by the run
        run = ask(at_work, at_hand, asked, actor)
        worker.look()
        return answer_of(at_work, run, lang)

    return await beside(begin)
