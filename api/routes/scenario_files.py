"""Scenarios taken along as files, and read from them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Query

from api.actions.scenarios import exchange
from api.answers import Answer
from api.auth import guarded_router
from api.deps import Visiting, WithRecords
from api.description import answers, may_refuse
from api.routes.scenarios import MAY_READ, MAY_WRITE
from api.scenario_views import ScenarioAnswer, ScenarioFile

router = guarded_router()


@router.get(
    "/api/scenarios/{name}/export",
    dependencies=MAY_READ,
    response_model=None,
    responses=may_refuse(404, 409) | answers(ScenarioFile),
)
async def export(
    who: Visiting, beside: WithRecords, name: str, revision: Annotated[int | None, Query(ge=1, lt=2**31)] = None
) -> Answer:
    """Return a scenario as a file that another installation reads, with its county's name, code and versions."""
    told = await beside(exchange.exported, who, name, revision)
    headers = {"Content-Disposition": f'attachment; filename="scenario-{told["content_id"][:12]}.json"'}
    return Answer(told, headers=headers)


@router.post(
    "/api/scenarios/import",
    status_code=201,
    dependencies=MAY_WRITE,
    response_model=None,
    responses=answers(ScenarioAnswer, 201),
)
async def import_file(
    who: Visiting, beside: WithRecords, body: Annotated[dict[str, Any], Body()], *, onto_current: bool = False
) -> Answer:
    """Keep a scenario from such a file; over another county all that is wrong is told, and nothing is kept."""
    made = await beside(exchange.imported, who, body, onto_current=onto_current)
    return Answer(made, status_code=201, headers={"Location": f"/api/scenarios/{made['id']}"})
