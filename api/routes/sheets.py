"""A plan on one sheet of paper: a page to be printed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query
from fastapi.responses import HTMLResponse

from api.actions.scenarios.visitor import Visitor
from api.actions.sheets.sheet import sheet_of
from api.actions.sheets.shown import Shown, shown_run, shown_scenario
from api.auth import Allow, guarded_router
from api.deps import Caller, CallerLang, Visiting, WithRecords
from api.description import may_refuse
from gis.faults import Fault, FaultsError
from maps.sheet.page import render_sheet
from maps.sheet.spec import Paper

router = guarded_router()


@router.get(
    "/plan/sheet",
    dependencies=[Depends(Allow.to("read", "plan"))],
    response_class=HTMLResponse,
    responses=may_refuse(404, 409),
)
async def sheet(
    who: Visiting,
    user: Caller,
    beside: WithRecords,
    caller: CallerLang,
    *,
    run: Annotated[str, Query(max_length=64)] = "",
    scenario: Annotated[str, Query(max_length=64)] = "",
    n: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
    paper: Paper = "A4",
) -> HTMLResponse:
    """Show the plan of a run, or of a revision of a scenario, as one sheet of A4 or A3 to be printed."""
    asked = {"run": run} if run else {"scenario": scenario, **({} if n is None else {"n": str(n)})}
    made_by = user.name if user.account_id is not None else ""

    def draw() -> HTMLResponse:
        shown = _shown(who, run, scenario, n)
        made = sheet_of(shown, now=datetime.now(UTC), made_by=made_by, lang=caller)
        links = {
            "paper": _address({**asked, "paper": "A3" if paper == "A4" else "A4", "lang": caller}),
            "lang": _address({**asked, "paper": paper, "lang": "en" if caller == "zh" else "zh"}),
        }
        page = render_sheet(made, paper=paper, lang=caller, links=links)
        headers = {"Content-Security-Policy": page.policy, "Cache-Control": "no-store"}
        return HTMLResponse(page.html, headers=headers)

    return await beside(draw)


def _shown(who: Visitor, run: str, scenario: str, n: int | None) -> Shown:
    if bool(run) == bool(scenario):
        raise FaultsError([Fault("sheet-of-one", field="run" if run else "scenario", value=run)])
    return shown_run(who, run) if run else shown_scenario(who, scenario, n)


def _address(query: dict[str, str]) -> str:
    return f"/plan/sheet?{urlencode(query)}"
