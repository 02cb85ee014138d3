"""Tables that an office edits: look at them, take them along as Excel files, send them back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.actions.table_changes import Change, Saved, TableChangedError, change_of_file, rows_of_body, save_change
from api.actions.table_kinds import kind_here, refuse_unknown
from api.actions.tables import as_workbook, list_tables, table_history, view_changes, view_table, words_now
from api.actions.workplace import Workplace
from api.answers import Answer, refusal
from api.auth import Allow, guarded_router
from api.deps import Acting, AtWork, CallerLang, WithRecords
from api.description import answers, may_refuse
from api.explain import ApiError, explain_faults
from api.views import SavedTable, TableAnswer, TableListed, TableVersion
from layers.records.audit import Actor
from maps.catalogue import Lang
from planning.tables.definition import TableKind
from planning.tables.registry import TABLES

router = guarded_router()
_READ = Depends(Allow.to("read", "planning-table"))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Version = Annotated[int | None, Query(ge=0, lt=2**31)]
Note = Annotated[str, Query(max_length=200)]
_FILE = {"requestBody": {"required": True, "content": {XLSX: {}, "text/csv": {}}}}


class TableBody(BaseModel):
    """A change of a table: all of its rows."""

    model_config = ConfigDict(extra="forbid", strict=True)

    expected_version: int = Field(ge=0, lt=2**31)
    rows: list[dict[str, str | int | float | bool | None]] = Field(max_length=1000)
    valid_from: Annotated[AwareDatetime, Field(strict=False)] | None = None
    note: str = Field(default="", max_length=200)


@router.get("/api/tables", dependencies=[_READ], response_model=None, responses=answers(list[TableListed]))
async def listed(at_work: AtWork, beside: WithRecords, lang: CallerLang) -> Answer:
    """Return every table with the version in force and the newest."""
    return Answer(await beside(lambda: list_tables(at_work.documents, now=datetime.now(UTC), lang=lang)))


@router.get(
    "/api/tables/{kind}.xlsx",
    dependencies=[_READ],
    response_class=Response,
    responses=may_refuse(404) | {200: {"content": {XLSX: {}}}},
)
async def workbook(
    at_work: AtWork, beside: WithRecords, lang: CallerLang, kind: str, version: Version = None
) -> Response:
    """Return a table as an Excel file, the newest version unless another is asked for."""
    return await beside(lambda: workbook_of(at_work, kind, version, lang))


@router.get(
    "/api/tables/{kind}", dependencies=[_READ], response_model=None, responses=may_refuse(404) | answers(TableAnswer)
)
async def one(at_work: AtWork, beside: WithRecords, lang: CallerLang, kind: str, version: Version = None) -> Answer:
    """Return a table, the version in force unless another is asked for."""

    def work() -> Answer:
        found = view_table(at_work.documents, known_kind(kind), version, now=datetime.now(UTC), lang=lang)
        if found is None:
            raise ApiError(404, "unknown-table-version", version=int(version or 0))
        return Answer(found)

    return await beside(work)


@router.get(
    "/api/tables/{kind}/history",
    dependencies=[_READ],
    response_model=None,
    responses=may_refuse(404) | answers(list[TableVersion]),
)
async def history(at_work: AtWork, beside: WithRecords, kind: str) -> Answer:
    """Return all versions of a table without their rows, newest first."""
    return await beside(lambda: Answer(table_history(at_work.documents, known_kind(kind))))


def known_kind(name: str) -> TableKind:
    """Return a kind of table by its name, or refuse."""
    if name not in TABLES:
        raise ApiError(404, "unknown-table", kind=name[:60])
    return TABLES[name]


def workbook_of(at_work: Workplace, name: str, version: int | None, lang: Lang) -> Response:
    """Return the answer with an Excel file, or refuse."""
    kind = known_kind(name)
    content = as_workbook(at_work.documents, kind, version, lang=lang)
    if content is None:
        raise ApiError(404, "unknown-table-version", version=int(version or 0))
    number = "" if version is None else f"-{version}"
    headers = {"Content-Disposition": f'attachment; filename="{kind.name}{number}.xlsx"', "Cache-Control": "no-cache"}
    return Response(content, media_type=XLSX, headers=headers)


def save(at_work: Workplace, kind: TableKind, change: Change, actor: Actor) -> Saved:
    """Save a change; it counts at once."""
    refuse_unknown(at_work.documents, at_work.settings.data, kind, change.rows)
    try:
        return save_change(at_work.documents, kind, change, actor=actor, now=datetime.now(UTC))
    finally:
        at_work.tables.forget()


def _saved(at_work: Workplace, kind: TableKind, change: Change, actor: Actor) -> Answer:
    saved = save(at_work, kind, change, actor)
    return Answer(
        {
            "kind": kind.name,
            "version": saved.edition.version,
            "sha": saved.edition.sha,
            "valid_from": saved.valid_from.isoformat() if saved.valid_from else None,
            "changed": saved.is_new,
            "difference": view_changes(kind, saved.changes),
        }
    )


def _refused(request: Request, error: TableChangedError, lang: Lang) -> Response:
    since = None if error.since is None else view_changes(error.kind, error.since)
    more = {"latest": error.latest, "difference": since}
    return refusal(request.scope, 409, "table-changed", faults=explain_faults(error.faults, lang), more=more)


def _declare_writing(kind: TableKind) -> None:
    """Declare the routes that change one kind of table, each for those who may."""
    options: dict[str, Any] = {
        "dependencies": [Depends(Allow.to("write", kind.noun))],
        "response_model": None,
        "responses": may_refuse(409) | answers(SavedTable),
    }

    @router.put(f"/api/tables/{kind.name}", **options)
    async def change(
        request: Request, at_work: AtWork, beside: WithRecords, actor: Acting, *, lang: CallerLang, body: TableBody
    ) -> Response:
        """Save a new version of this table from rows."""

        def work() -> Answer:
            here = kind_here(at_work.documents, at_work.settings.data, kind)
            rows = rows_of_body(here, body.rows, words_now(at_work.documents, kind, lang))
            asked = Change(rows, body.expected_version, body.note, body.valid_from)
            return _saved(at_work, kind, asked, actor)

        try:
            return await beside(work)
        except TableChangedError as error:
            return _refused(request, error, lang)

    @router.post(f"/api/tables/{kind.name}.xlsx", openapi_extra=_FILE, **options)
    async def import_file(
        request: Request,
        at_work: AtWork,
        beside: WithRecords,
        actor: Acting,
        lang: CallerLang,
        *,
        expected_version: Version = None,
        note: Note = "",
        valid_from: AwareDatetime | None = None,
        file: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        """Save a new version of this table from an Excel or CSV file, which is the body; ``file`` is its name."""
        content = await request.body()

        def work() -> Answer:
            store = at_work.documents
            here = kind_here(store, at_work.settings.data, kind)
            read = change_of_file(store, here, content, file, expected_version=expected_version, lang=lang)
            return _saved(at_work, kind, Change(read.rows, read.expected_version, note, valid_from), actor)

        try:
            return await beside(work)
        except TableChangedError as error:
            return _refused(request, error, lang)


for _kind in TABLES.values():
    _declare_writing(_kind)
