"""The audit as a page and as a workbook."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query
from fastapi.responses import FileResponse, HTMLResponse
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask

from api.actions.accounts.areas import areas_of
from api.actions.audit import asked_filter, chain_state, export_audit
from api.actions.workplace import Workplace
from api.audit_words import COLUMNS, AuditWords
from api.auth import Allow, User, guarded_router
from api.deps import AtWork, CallerLang, WithRecords
from api.explain import explain_faults
from api.forms import told_by_field
from api.pages import page, rooms_for
from gis.faults import FaultsError
from layers.records.audit_search import NOBODY, AuditEntry, AuditLog, AuditPage
from maps.catalogue import Lang, text
from planning.incidents.deadlines import CHINA_TIME

router = guarded_router()
Reader = Annotated[User, Depends(Allow.to("read", "audit"))]
_MOST_DIGITS = 8  # of the number of a session or a run
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AuditQuery(BaseModel):
    """What is asked for, as it stands in the address."""

    person: str = ""
    action: str = ""
    kind: str = ""
    object: str = ""
    from_: str = Field(default="", alias="from")
    to: str = ""
    before: int | None = Field(default=None, ge=0, le=2**62)
    after: int | None = Field(default=None, ge=0, le=2**62)

    def typed(self) -> dict[str, str]:
        """Return the words that narrow what is asked for."""
        given = self.model_dump(by_alias=True, exclude={"before", "after"})
        return {name: word for name, word in given.items() if word}


Asked = Annotated[AuditQuery, Query()]


@router.get("/audit", response_class=HTMLResponse)
async def look(at_work: AtWork, beside: WithRecords, user: Reader, lang: CallerLang, asked: Asked) -> HTMLResponse:
    """Show a hundred rows, newest first, of what is asked for."""
    return await beside(_page, at_work, user, lang, asked)


@router.get(
    "/audit.xlsx",
    dependencies=[Depends(Allow.to("read", "audit"))],
    response_class=FileResponse,
    responses={200: {"content": {_XLSX: {}}}},
)
async def workbook(at_work: AtWork, beside: WithRecords, lang: CallerLang, asked: Asked) -> FileResponse:
    """Return what is asked for as an Excel file, the newest 100,000 rows at most."""
    wanted = asked_filter(asked.typed())
    folder = Path(tempfile.mkdtemp(prefix="countygrid-audit-"))
    try:
        file = folder / "audit.xlsx"
        await beside(
            lambda: export_audit(AuditLog(at_work.database.get()), wanted, file, lang=lang, areas=areas_of(at_work))
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    name = f"{text(lang, 'audit.title')}-{datetime.now(UTC).astimezone(CHINA_TIME):%Y%m%d-%H%M}.xlsx"
    tidy = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return FileResponse(file, media_type=_XLSX, filename=name, background=tidy, headers={"Cache-Control": "no-store"})


def _page(at_work: Workplace, user: User, lang: Lang, asked: AuditQuery) -> HTMLResponse:
    typed, before, after = asked.typed(), asked.before, asked.after
    log = AuditLog(at_work.database.get())
    words = AuditWords(log.names(), lang, areas_of(at_work))
    told: dict[str, str] = {}
    shown = AuditPage((), is_newest=True, is_oldest=True)
    try:
        shown = log.page(asked_filter(typed), before=before, after=after)
    except FaultsError as error:
        told = told_by_field(explain_faults(error.faults, lang))
    where = {"before": before} if before is not None else {"after": after} if after is not None else {}
    other = "en" if lang == "zh" else "zh"
    return page(
        "audit.html",
        lang=lang,
        status=422 if told else 200,
        rooms=rooms_for(user, lang, here="/audit"),
        switch=_address({**typed, **where, "lang": other}),
        user=user,
        typed=typed,
        told=told,
        rows=[_row(words, entry) for entry in shown.entries],
        columns=[(column, text(lang, f"audit.column-{column}")) for column in COLUMNS],
        pager=_pager(shown, typed, is_first=not where),
        workbook=f"/audit.xlsx{_address(typed)}",
        chain=_chain(at_work, lang),
        **_choices(log, words, lang),
    )


def _choices(log: AuditLog, words: AuditWords, lang: Lang) -> dict[str, Any]:
    people = sorted(log.names().items(), key=lambda one: one[1])
    return {
        "people": [(NOBODY, text(lang, "audit.nobody")), *people],
        "actions": [(code, words.action(code)) for code in log.actions()],
        "kinds": [(code, words.kind(code)) for code in log.kinds()],
    }


def _links(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "who": _address({"person": row["person"] or NOBODY}),
        "object": _address({"object": row["object_id"]}) if row["object_id"] else "",
    }


def _row(words: AuditWords, entry: AuditEntry) -> dict[str, Any]:
    """Return a row with its links; of the long numbers that nobody reads the beginning, which the link completes."""
    row = words.row(entry)
    if entry.object_kind in ("session", "run"):
        row["object"] = words.object(entry.object_kind, entry.object_id[:_MOST_DIGITS])
    return {**row, "links": _links(row)}


def _pager(shown: AuditPage, typed: Mapping[str, str], *, is_first: bool) -> dict[str, str]:
    """Return where newer and older rows are, empty where there are none."""
    if not shown.entries:
        return {"newer": "", "older": "", "newest": "" if is_first else _address(typed)}
    newer = _address({**typed, "after": shown.entries[0].pos})
    older = _address({**typed, "before": shown.entries[-1].pos})
    return {
        "newer": "" if shown.is_newest else newer,
        "older": "" if shown.is_oldest else older,
        "newest": "" if shown.is_newest else _address(typed),
    }


def _chain(at_work: Workplace, lang: Lang) -> dict[str, Any]:
    """Return what is told of the chain: whether anything is wrong, and in which words."""
    state = chain_state(at_work.database.get(), at_work.settings)
    verified, lines, is_bad = state.verified, [], False
    if not state.is_guarded:
        lines, is_bad = [text(lang, "audit.broken.unguarded", pos=0)], True
    if state.is_noted is False:
        lines, is_bad = [*lines, text(lang, "audit.chain-cut")], True
    if verified is None:
        lines.append(text(lang, "audit.never-verified"))
    else:
        code = "verified-broken" if verified.broken else "verified-sound"
        at = f"{verified.at.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"
        lines.append(text(lang, f"audit.{code}", at=at, pos=verified.head.pos, count=verified.broken))
        is_bad = is_bad or verified.broken > 0
    return {"is_bad": is_bad, "lines": lines, "rows": state.head.pos, "head": state.head.hash}


def _address(values: Mapping[str, Any]) -> str:
    return f"?{urlencode(values)}" if values else "?"
