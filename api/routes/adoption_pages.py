"""Pages of adopting for officials: what a decision changes, the register, withdrawal; plain forms without a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.actions.comparison.references import reference_of
from api.actions.publications.reader_page import day_of
from api.actions.scenarios.adopting import Decision, adopt, withdraw
from api.actions.scenarios.adoption_page import change_told, register_told
from api.actions.scenarios.visitor import Visitor
from api.auth import Allow, User, guarded_router
from api.deps import Caller, CallerLang, RunsBeside, Visiting, WithRecords
from api.explain import ApiError
from api.forms import form_of, problems_told
from api.hearing_desk import hearing_rooms
from api.pages import page
from gis.faults import Fault, FaultsError
from layers.records.scenario import LAYER
from maps.catalogue import Lang

router = guarded_router()
_READ = [Depends(Allow.to("read", "adoption"))]
_WRITE = [Depends(Allow.to("write", "adoption"))]
_FORM = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": {"type": "object"}}}}}
_BLANK = {"scenario": "", "decision": "", "from_date": ""}
Named = Annotated[str, Query(max_length=60)]


@dataclass(frozen=True)
class _Desk:
    who: Visitor
    beside: RunsBeside
    user: User
    lang: Lang

    def register(self, *, problems: Sequence[str] = (), typed: Mapping[str, str] | None = None) -> HTMLResponse:
        """Show what was decided; ``typed`` is the reason of a withdrawal that was refused."""
        shown = {"lines": register_told(self.who, self.lang), "day": _day, "typed": typed or {}}
        return self._page("adoptions/all.html", problems, {}, **shown)

    def form(self, typed: Mapping[str, str], *, problems: Sequence[str] = ()) -> HTMLResponse:
        """Show what adopting a scheme changes, with the form that does so, or why it cannot be adopted."""
        change: dict[str, Any] | None = None
        try:
            named = reference_of(typed["scenario"])
            change = change_told(self.who, named.id, named.n, self.lang)
        except (FaultsError, ApiError) as error:
            problems = problems_told(error, self.lang)
        asked = {"scenario": typed["scenario"]}
        return self._page("adoptions/new.html", problems, asked, typed={**_BLANK, **typed}, change=change)

    def _page(self, template: str, problems: Sequence[str], asked: Mapping[str, str], **shown: Any) -> HTMLResponse:
        other = urlencode({**asked, "lang": "en" if self.lang == "zh" else "zh"})
        values = {"rooms": hearing_rooms(self.user, self.lang), "user": self.user, "problems": problems, **shown}
        values["may_write"] = self.user.may_change("adoption")
        status, switch = (422, None) if problems else (200, f"?{other}")
        return page(template, lang=self.lang, status=status, switch=switch, **values)


async def _desk(who: Visiting, beside: WithRecords, user: Caller, lang: CallerLang) -> _Desk:
    return _Desk(who, beside, user, lang)


AtAdoptions = Annotated[_Desk, Depends(_desk)]


@router.get("/adoptions", response_class=HTMLResponse, dependencies=_READ)
async def register(desk: AtAdoptions) -> HTMLResponse:
    """Show every scheme that was ever adopted in this county."""
    return await desk.beside(desk.register)


@router.get("/adoptions/new", response_class=HTMLResponse, dependencies=_WRITE)
async def form(desk: AtAdoptions, scenario: Named = "") -> HTMLResponse:
    """Show what adopting the scheme of a scenario (``ID@n``) changes, and the form of the decision."""
    return await desk.beside(desk.form, {**_BLANK, "scenario": scenario})


@router.post("/adoptions/new", response_class=HTMLResponse, dependencies=_WRITE, openapi_extra=_FORM)
async def adopt_one(request: Request, desk: AtAdoptions) -> Response:
    """Adopt a scheme, or show everything that is wrong."""
    sent = await form_of(request)
    typed = {name: sent.get(name, "") for name in _BLANK}

    def work() -> None:
        named = reference_of(typed["scenario"])
        adopt(desk.who, named.id, Decision(typed["decision"], _date(typed["from_date"])), n=named.n)

    return await desk.beside(_done, work, lambda problems: desk.form(typed, problems=problems), desk.lang)


@router.post("/adoptions/{name}/withdraw", response_class=HTMLResponse, dependencies=_WRITE, openapi_extra=_FORM)
async def withdraw_one(request: Request, desk: AtAdoptions, name: str) -> Response:
    """Take back an adoption, with the reason."""
    reason = (await form_of(request)).get("reason", "")

    def refused(problems: Sequence[str]) -> HTMLResponse:
        return desk.register(problems=problems, typed={name: reason})

    return await desk.beside(_done, lambda: withdraw(desk.who, name, reason), refused, desk.lang)


def _done(work: Callable[[], object], refused: Callable[[Sequence[str]], HTMLResponse], lang: Lang) -> Response:
    try:
        work()
    except (FaultsError, ApiError) as error:
        return refused(problems_told(error, lang))
    return RedirectResponse("/adoptions", 303)


def _date(words: str) -> date:
    """Return a day as a form sends it.

    Raises
    ------
    FaultsError
        ``adoption-bad-date``.
    """
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        raise FaultsError([Fault("adoption-bad-date", LAYER, field="from_date", value=words[:40])]) from None


def _day(at: str) -> str:
    return day_of(datetime.fromisoformat(at))
