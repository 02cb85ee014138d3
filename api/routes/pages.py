"""Pages for people: the way to the first of one's own, the workbench, reports, and the description of the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from api.access.rights import DESKS, HANDLERS
from api.actions.page import case_page, compare_page, incidents_page, plan_page
from api.answers import Answer
from api.auth import Allow, Public, SignedIn, guarded_router
from api.deps import AtWork, Caller, CallerLang
from api.description import may_refuse
from api.pages import home_for, remember_lang, visitor_of
from maps.case_pages import case_scripts
from maps.catalogue import LANGS, Lang
from maps.compare_page import compare_scripts
from maps.docs_page import render_docs
from maps.incidents_page import incident_script
from maps.pages import Page, text_script
from maps.plan_page import plan_scripts
from maps.public_page import public_script

router = guarded_router()
_A_YEAR_S = 365 * 24 * 3600


@router.get("/", response_class=HTMLResponse, dependencies=[Depends(SignedIn(or_solo=True))])
def start(request: Request, user: Caller) -> RedirectResponse:
    """Lead to the first page that is the caller's, with what the address asks for."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(home_for(user.grants) + query, 303, headers={"Cache-Control": "no-store"})


@router.get("/plan", response_class=HTMLResponse, dependencies=[Depends(Allow.to("read", "plan"))])
def plan(
    request: Request, at_work: AtWork, caller: CallerLang, user: Caller, *, lang: Annotated[Lang | None, Query()] = None
) -> HTMLResponse:
    """Show the workbench; ``?lang=`` is remembered, the rest of the address says which scenario is open."""
    visitor = visitor_of(user, caller, here="/plan")
    return _shown(plan_page(at_work.county, at_work.settings, lang=caller, visitor=visitor), request, lang)


@router.get("/incidents", response_class=HTMLResponse, dependencies=[Depends(Allow.to("write", "incident"))])
def incidents(
    request: Request, at_work: AtWork, caller: CallerLang, user: Caller, *, lang: Annotated[Lang | None, Query()] = None
) -> HTMLResponse:
    """Show the page of reports; ``?lang=`` is remembered."""
    visitor = visitor_of(user, caller, here="/incidents")
    return _shown(incidents_page(at_work.county, at_work.settings, lang=caller, visitor=visitor), request, lang)


@router.get("/worker", response_class=HTMLResponse, dependencies=[Depends(Allow(*HANDLERS))])
def worker(
    request: Request, at_work: AtWork, caller: CallerLang, user: Caller, *, lang: Annotated[Lang | None, Query()] = None
) -> HTMLResponse:
    """Show those who go to cases their own; ``?case=`` opens one, ``?lang=`` is remembered."""
    visitor = visitor_of(user, caller, here="/worker")
    page = case_page("worker", at_work.county, at_work.settings, within=None, lang=caller, visitor=visitor)
    return _shown(page, request, lang)


@router.get("/desk", response_class=HTMLResponse, dependencies=[Depends(Allow(*DESKS))])
def desk(
    request: Request, at_work: AtWork, caller: CallerLang, user: Caller, *, lang: Annotated[Lang | None, Query()] = None
) -> HTMLResponse:
    """Show a desk the cases of its area as they happen; ``?case=`` opens one, ``?lang=`` is remembered."""
    visitor = visitor_of(user, caller, here="/desk")
    grants = [grant for grant in user.grants if grant.role in DESKS]
    is_whole = any(grant.area_kind == "county" for grant in grants)
    within = None if is_whole else frozenset(one.area_code for one in grants if one.area_kind == "township")
    page = case_page("desk", at_work.county, at_work.settings, within=within, lang=caller, visitor=visitor)
    return _shown(page, request, lang)


def _shown(page: Page, request: Request, lang: Lang | None) -> HTMLResponse:
    answer = HTMLResponse(page.html, headers={"Content-Security-Policy": page.policy, "Cache-Control": "no-cache"})
    if lang is not None:
        remember_lang(answer, request, lang)
    return answer


@router.get("/compare", response_class=HTMLResponse, dependencies=[Depends(Allow.to("read", "plan"))])
def compare(
    request: Request, at_work: AtWork, caller: CallerLang, user: Caller, *, lang: Annotated[Lang | None, Query()] = None
) -> HTMLResponse:
    """Show schemes beside each other; ``?lang=`` is remembered, the rest of the address says which."""
    page = compare_page(at_work.county, lang=caller, visitor=visitor_of(user, caller, here="/compare"))
    answer = HTMLResponse(page.html, headers={"Content-Security-Policy": page.policy, "Cache-Control": "no-cache"})
    if lang is not None:
        remember_lang(answer, request, lang)
    return answer


@router.get(
    "/scripts/{name}",
    dependencies=[Depends(Public())],
    response_class=PlainTextResponse,
    responses=may_refuse(404) | {200: {"content": {"text/javascript": {}}}},
)
def scripts(name: str) -> Response:
    """Return a script of the pages or their texts; another edition has another name, so browsers may keep it."""
    pages = (*compare_scripts().values(), *case_scripts().values(), incident_script(), public_script())
    for found in (*map(text_script, LANGS), *plan_scripts().values(), *pages):
        if name == found.name:
            headers = {"Cache-Control": f"max-age={_A_YEAR_S}, immutable"}
            return Response(found.script, media_type="text/javascript", headers=headers)
    raise HTTPException(404)


@router.get("/docs", response_class=HTMLResponse, dependencies=[Depends(Allow.to("read", "county"))])
def docs(request: Request) -> HTMLResponse:
    """Describe the API, with every asset from this server."""
    page = render_docs(f"{request.app.title} API", description="/openapi.json")
    return HTMLResponse(page.html, headers={"Content-Security-Policy": page.policy})


@router.get(
    "/openapi.json", dependencies=[Depends(Allow.to("read", "county"))], response_model=None, include_in_schema=False
)
def openapi(request: Request) -> Answer:
    """Describe the API to programs."""
    return Answer(request.app.openapi())


@router.get("/favicon.ico", status_code=204, dependencies=[Depends(Public())], response_class=Response)
def favicon() -> Response:
    """Answer the browser's question for an icon."""
    return Response(status_code=204)
