"""Pages of counter-proposals: this site instead, for anybody; and the buttons of staff, in plain forms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.actions.publications import counter
from api.actions.publications.instead import candidates_called, counter_file_of, instead_told
from api.actions.publications.instead_words import instead_words, loser_words, place_name, state_words
from api.actions.publications.published import Published
from api.actions.publications.reader_page import dates_told, figures_basis
from api.auth import Allow, Public, guarded_router
from api.deps import AtDesk, AtWork, CallerLang, Visiting, WithRecords
from api.description import may_refuse
from api.pages import remember_lang
from api.routes.published import Reading, name_of
from maps.catalogue import Lang, text
from maps.public_page import PUBLIC_POLICY, public_page
from planning.hearing.counter_file import CounterFile

router = guarded_router()
_WRITE = [Depends(Allow.to("write", "publication"))]
_FORM = {"requestBody": {"required": False, "content": {"multipart/form-data": {"schema": {"type": "object"}}}}}
_MOST = 20
"""Places to choose from at once."""
_LEVELS = {"proven": "good", "found": "fair", "impossible": "bad", "excluded": "fair", "unanswered": "fair"}
"""How each answer looks."""


@router.get(
    "/p/{name}/instead", response_class=HTMLResponse, dependencies=[Depends(Public())], responses=may_refuse(404)
)
async def instead(
    request: Request,
    at_work: AtWork,
    beside: WithRecords,
    found: Reading,
    lang: CallerLang,
    *,
    q: Annotated[str, Query(max_length=50)] = "",
    place: Annotated[str, Query(max_length=100)] = "",
    chosen: Annotated[Lang | None, Query(alias="lang")] = None,
) -> Response:
    """Show the best plan with a site at a place, as it was computed; ``q`` looks the place up."""
    now = datetime.now(UTC)
    file = await beside(counter_file_of, found, at_work.files)
    called = [] if file is None or place else candidates_called(found, file, q, cache=at_work.published.cache)
    place = place or (str(called[0]["id"]) if len(called) == 1 else "")
    asked = {"q": q} if q and not place else {"place": place} if place else {}
    values: dict[str, Any] = {
        "publication": found.publication,
        "stage": found.publication.stage(now),
        **dates_told(found.publication, now=now, lang=lang),
        "state_words": state_words(found, lang),
        "is_there": file is not None,
        "q": q,
        "called": [{"id": one["id"], "name": place_name(one)} for one in called[:_MOST]],
        "answer": None if file is None or not place else _answer(found, file, place, lang),
    }
    switch = f"?{urlencode({**asked, 'lang': 'en' if lang == 'zh' else 'zh'})}"
    page = public_page("instead.html", lang=lang, switch=switch, **values)
    headers = {"Content-Security-Policy": PUBLIC_POLICY, "Cache-Control": "no-store"}
    answer = HTMLResponse(page, headers=headers)
    if chosen is not None:
        remember_lang(answer, request, chosen)
    return answer


@router.post(
    "/hearings/{name}/counter-proposals",
    response_class=HTMLResponse,
    dependencies=_WRITE,
    openapi_extra=_FORM,
    responses=may_refuse(404, 409, 429),
)
async def begin(desk: AtDesk, who: Visiting, found: Reading) -> Response:
    """Have the counter-proposals of a publication computed."""
    await desk.beside(counter.begin, who, found.publication)
    desk.worker.look()
    return RedirectResponse(f"/hearings/{name_of(found)}#counter", 303)


@router.post(
    "/hearings/{name}/counter-proposals/cancel",
    response_class=HTMLResponse,
    dependencies=_WRITE,
    openapi_extra=_FORM,
    responses=may_refuse(404),
)
async def cancel(desk: AtDesk, who: Visiting, found: Reading) -> Response:
    """Stop computing them."""
    run = await desk.beside(counter.cancel, who, found.publication)
    if run is not None:
        desk.worker.cancel(run)
    return RedirectResponse(f"/hearings/{name_of(found)}#counter", 303)


def _answer(found: Published, file: CounterFile, place: str, lang: Lang) -> dict[str, Any]:
    told = instead_told(found, file, place)
    return {
        "id": place,
        "title": text(lang, "instead.result", name=place_name(told["candidate"])),
        "is_village": place in found.frozen.place_of,
        "level": _LEVELS[told["state"]],
        "words": instead_words(told, lang),
        "losers": [loser_words(one, lang) for one in told.get("losers", [])],
        "basis": text(lang, "instead.basis", whom=figures_basis(found, lang)),
    }
