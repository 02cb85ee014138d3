"""Pages for people: the planner and the description of the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from api.actions.page import planner_page
from api.answers import Answer
from api.auth import Allow, Public, guarded_router
from api.deps import AtWork, Caller, CallerLang
from api.description import may_refuse
from api.pages import remember_lang, visitor_of
from maps.catalogue import LANGS, Lang
from maps.docs_page import render_docs
from maps.pages import text_script

router = guarded_router()
_A_YEAR_S = 365 * 24 * 3600


@router.get("/", response_class=HTMLResponse, dependencies=[Depends(Allow.to("read", "county"))])
def planner(
    request: Request, at_work: AtWork, caller: CallerLang, user: Caller, *, lang: Annotated[Lang | None, Query()] = None
) -> HTMLResponse:
    """Show the planner; ``?lang=`` is remembered."""
    page = planner_page(at_work.county, at_work.settings, lang=caller, visitor=visitor_of(user, caller, here="/"))
    answer = HTMLResponse(page.html, headers={"Content-Security-Policy": page.policy, "Cache-Control": "no-cache"})
    if lang is not None:
        remember_lang(answer, request, lang)
    return answer


@router.get(
    "/texts/{name}",
    dependencies=[Depends(Allow.to("read", "county"))],
    response_class=PlainTextResponse,
    responses=may_refuse(404) | {200: {"content": {"text/javascript": {}}}},
)
def texts(name: str) -> Response:
    """Return the browser's texts; another edition has another name, so browsers may keep it."""
    for lang in LANGS:
        found = text_script(lang)
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
