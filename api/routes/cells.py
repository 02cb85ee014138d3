"""Cells: which there are, split and merged by the office, their versions, and their attributes as an Excel file."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.actions.cells.attributes import cells_workbook, import_cells, list_cells
from api.actions.cells.keeping import merge, split, versions
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.cell_views import CellAnswer, CellChange, CellVersionAnswer
from api.deps import Acting, AtWork, CallerLang, WithRecords
from api.description import answers

router = guarded_router()
_READ = [Depends(Allow.to("read", "cell"))]
_WRITE = [Depends(Allow.to("write", "cell"))]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILE = {"requestBody": {"required": True, "content": {_XLSX: {}, "text/csv": {}}}}
_Code = Annotated[str, Field(min_length=1, max_length=60)]
_Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class SplitBody(BaseModel):
    """Which cell, and into how many parts; or along which line, longitude and latitude."""

    model_config = ConfigDict(extra="forbid", strict=True)

    code: _Code
    parts: int = Field(default=2, ge=2, le=30)
    line: list[Annotated[list[_Degrees], Field(min_length=2, max_length=2)]] = Field(
        default_factory=list, max_length=1000
    )


class MergeBody(BaseModel):
    """Which cells; the new one belongs to the village of the first."""

    model_config = ConfigDict(extra="forbid", strict=True)

    codes: list[_Code] = Field(min_length=2, max_length=100)


@router.get("/api/cells", dependencies=_READ, response_model=None, responses=answers(list[CellAnswer]))
async def listed(at_work: AtWork, beside: WithRecords) -> Answer:
    """Return every cell with its village, township and households."""
    return await beside(lambda: Answer(list_cells(at_work.county_as_built)))


@router.get("/api/cells/versions", dependencies=_READ, response_model=None, responses=answers(list[CellVersionAnswer]))
async def listed_versions(at_work: AtWork, beside: WithRecords) -> Answer:
    """Return which cells counted from when on: new codes with those their ground had before, and retired ones."""
    return await beside(lambda: Answer(versions(at_work)))


@router.get("/api/cells.xlsx", dependencies=_READ, response_class=Response, responses={200: {"content": {_XLSX: {}}}})
async def workbook(at_work: AtWork, beside: WithRecords, lang: CallerLang) -> Response:
    """Return names, households and villages of all cells as an Excel file."""
    content = await beside(lambda: cells_workbook(at_work.county_as_built, lang=lang))
    headers = {"Content-Disposition": 'attachment; filename="cells.xlsx"', "Cache-Control": "no-cache"}
    return Response(content, media_type=_XLSX, headers=headers)


@router.post(
    "/api/cells.xlsx", dependencies=_WRITE, response_model=None, responses=answers(CellChange), openapi_extra=_FILE
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
    """Take names, households and villages of cells from an Excel or CSV file, which is the body: all or nothing."""
    content = await request.body()
    return Answer(await beside(import_cells, at_work, content, file, lang=lang, actor=actor))


@router.post("/api/cells/split", dependencies=_WRITE, response_model=None, responses=answers(CellChange))
async def split_one(at_work: AtWork, beside: WithRecords, actor: Acting, body: SplitBody) -> Answer:
    """Split a cell: its code is retired for good, its parts get new ones, in a new build of the county."""
    options: dict[str, Any] = {"parts": body.parts, "line": [(lon, lat) for lon, lat in body.line]}
    return Answer(await beside(split, at_work, body.code, **options, actor=actor))


@router.post("/api/cells/merge", dependencies=_WRITE, response_model=None, responses=answers(CellChange))
async def merge_some(at_work: AtWork, beside: WithRecords, actor: Acting, body: MergeBody) -> Answer:
    """Merge neighbouring cells of a township into one with a new code."""
    return Answer(await beside(merge, at_work, body.codes, actor=actor))
