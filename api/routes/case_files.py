"""Cases as files: a hotline's batch sent, the empty form of one, all cases taken along."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from api.actions.case_files.batch_in import Office, take_in_batch
from api.actions.case_files.out import blank_batch, take_out
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.case_views import TakenInAnswer
from api.deps import Acting, AtWork, CallerLang, WithRecords
from api.description import answers, may_refuse
from api.routes.incidents import at_hand_of
from api.routes.tables import XLSX

router = guarded_router()
_READ = [Depends(Allow.to("read", "case-file"))]
_WRITE = [Depends(Allow.to("write", "case-file"))]
_BOOK: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}}}}
_FILE: dict[str, Any] = {"requestBody": {"required": True, "content": {XLSX: {}, "text/csv": {}}}}


@router.get("/api/incidents/batch.xlsx", dependencies=_READ, response_class=Response, responses=_BOOK)
async def form(at_work: AtWork, beside: WithRecords, lang: CallerLang) -> Response:
    """Return the empty form of a batch, with a sheet that says what each column holds."""
    content = await beside(lambda: blank_batch(at_work.tables.get(), lang=lang))
    return _file(content, "batch.xlsx")


@router.post(
    "/api/incidents/batch.xlsx",
    dependencies=_WRITE,
    response_model=None,
    openapi_extra=_FILE,
    responses=may_refuse(409) | answers(TakenInAnswer),
)
async def import_file(
    request: Request,
    at_work: AtWork,
    beside: WithRecords,
    actor: Acting,
    lang: CallerLang,
    *,
    file: Annotated[str, Query(max_length=200)] = "",
) -> Answer:
    """Take in a batch, which is the body: all of its rows, or none and every fault with row and column."""
    content = await request.body()

    def work() -> Answer:
        tables, now = at_work.tables.get(), datetime.now(UTC)
        office = Office(at_hand_of(at_work), at_work.database.get(), tables, actor, now, lang)
        done = take_in_batch(office, content, file)
        return Answer({"rows": done.rows, "created": done.created, "known": done.rows - done.created})

    return await beside(work)


@router.get("/api/incidents/cases.xlsx", dependencies=_READ, response_class=Response, responses=_BOOK)
async def export(at_work: AtWork, beside: WithRecords, actor: Acting, lang: CallerLang) -> Response:
    """Return all cases as an Excel file, one row each, without what was said and by whom; that is recorded."""

    def work() -> bytes:
        with tempfile.TemporaryDirectory(prefix="countygrid-cases-") as folder:
            path = Path(folder, "cases.xlsx")
            take_out(at_work.database.get(), path, with_people=False, actor=actor, lang=lang)
            return path.read_bytes()

    return _file(await beside(work), "cases.xlsx")


def _file(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=XLSX, headers=headers)
