"""Tables of cases tried on the past before they are saved."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from api.actions.cases.dry_run import KINDS, USUAL_DAYS, try_table, view_dry_run
from api.actions.table_changes import rows_of_body
from api.actions.table_kinds import kind_here
from api.actions.tables import words_now
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.deps import AtWork, CallerLang, WithRecords
from api.description import answers
from api.dry_run_views import DryRunAnswer
from planning.tables.definition import TableKind
from planning.tables.registry import TABLES

router = guarded_router()


class TryBody(BaseModel):
    """All rows of a table as they would be, and how far back to look."""

    model_config = ConfigDict(extra="forbid", strict=True)

    rows: list[dict[str, str | int | float | bool | None]] = Field(max_length=1000)
    days: int = Field(default=USUAL_DAYS, ge=1, le=366)


def _declare(kind: TableKind) -> None:
    """Declare the route that tries one kind of table, for those who may change it."""

    @router.post(
        f"/api/tables/{kind.name}/dry-run",
        dependencies=[Depends(Allow.to("write", kind.noun))],
        response_model=None,
        responses=answers(DryRunAnswer),
    )
    async def dry_run(at_work: AtWork, beside: WithRecords, lang: CallerLang, body: TryBody) -> Answer:
        """Tell what this table would have made of the cases reported lately; nothing is saved."""

        def work() -> Answer:
            store = at_work.documents
            here = kind_here(store, at_work.settings.data, kind)
            rows = rows_of_body(here, body.rows, words_now(store, kind, lang))
            now = datetime.now(UTC)
            run = try_table(at_work.database.get(), at_work.tables.get(), kind, rows, now=now, days=body.days)
            return Answer(view_dry_run(run, kind=kind.name, days=body.days))

        return await beside(work)


for _name in KINDS:
    _declare(TABLES[_name])
