"""Travel times of a service for programs that work out plans themselves, such as the page while a site is dragged."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Path, Request, Response

from api.actions.matrix import matrix_file, matrix_id, matrix_question, question_of_times
from api.auth import Allow, guarded_router
from api.deps import AtDesk, AtWork, Build
from api.runs.asking import build_to_ask
from api.runs.plan_body import PlanBody
from gis.travel_modes import Mode
from planning.groups import Base

router = guarded_router()
_GZIP = "application/gzip"
_ANSWERS: dict[int | str, dict[str, object]] = {
    200: {
        "description": "A gzip file: see `gis/matrix_bytes.py`.",
        "content": {_GZIP: {"schema": {"type": "string", "format": "binary"}}},
    },
    304: {"description": "The browser has it already."},
}


@router.get(
    "/api/matrices/{service}",
    dependencies=[Depends(Allow.to("read", "plan"))],
    response_class=Response,
    response_model=None,
    responses=_ANSWERS,
)
def matrix(
    request: Request,
    at_work: AtWork,
    service: Annotated[str, Path(max_length=40)],
    *,
    mode: Mode | None = None,
    base: Base = "resident",
) -> Response:
    """Return the seconds from every place to every candidate, with people, loads and capacities, as one small file."""
    at_hand = at_work.county
    question = matrix_question(at_hand, service, mode=mode, base=base)
    etag = f'"{matrix_id(at_hand, question)}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(matrix_file(at_hand, question), media_type=_GZIP, headers=headers)


@router.post(
    "/api/matrices",
    dependencies=[Depends(Allow.to("write", "plan"))],
    response_class=Response,
    response_model=None,
    responses={200: _ANSWERS[200]},
)
async def matrix_asked(desk: AtDesk, body: PlanBody, build: Build = None) -> Response:
    """Return the same file under the edits of a question; which sites a plan consists of plays no part."""
    at_hand = await desk.beside(build_to_ask, desk.at_work, build)

    def compute() -> Response:
        question = question_of_times(body.as_question(at_hand.tables.services))
        headers = {"ETag": f'"{matrix_id(at_hand, question)}"', "Cache-Control": "no-cache"}
        return Response(matrix_file(at_hand, question), media_type=_GZIP, headers=headers)

    return await to_thread.run_sync(compute)
