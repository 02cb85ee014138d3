"""Pages that anybody may open: the register, a publication with my village, a receipt; plain forms without script."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, cast

from fastapi import Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.actions.publications.places import NEAREST, places_called
from api.actions.publications.published import Published
from api.actions.publications.reader_page import LEVELS, dates_told, page_values, place_card, subject
from api.actions.publications.remarks import SaidRemark, receipt_told, receive_public
from api.auth import Public, guarded_router
from api.deps import AtWork, CallerLang, WithRecords
from api.description import may_refuse
from api.explain import ApiError, explain_faults
from api.forms import form_of
from api.hearing_forms import about_of, stance_of
from api.kept_answers import keep_answer, tell
from api.pages import remember_lang
from api.routes.published import Reading, address_of, name_of
from gis.faults import FaultsError
from layers.records.publications import PublicationStore
from maps.catalogue import Lang, text
from maps.public_page import PUBLIC_POLICY, public_page

router = guarded_router()
_OPEN = [Depends(Public())]
_HTML = "text/html; charset=utf-8"
_BLANK = {"about": "scheme:", "stance": "", "text": "", "name": "", "phone": "", "key": ""}
_MOST_CARDS = 20
"""Places told at once: a reader looks for one."""
_FORM = {
    "requestBody": {
        "required": True,
        "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}},
    }
}
Chosen = Annotated[Lang | None, Query(alias="lang")]
Word = Annotated[str, Query(max_length=50)]
Degrees = Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)]


@router.get("/p", response_class=HTMLResponse, dependencies=_OPEN)
async def register(
    request: Request, at_work: AtWork, beside: WithRecords, lang: CallerLang, *, chosen: Chosen = None
) -> Response:
    """Show what was published."""

    def read() -> Response:
        now = datetime.now(UTC)
        lines = [
            {
                "address": f"/p/{one.slug}",
                "title": one.title,
                "stage": one.stage(now),
                "level": LEVELS[one.stage(now)],
                "reason": one.reason or "",
                **dates_told(one, now=now, lang=lang),
            }
            for one in PublicationStore(at_work.database.get()).register()
        ]
        page = _html(public_page("register.html", lang=lang, switch=_switch(lang), lines=lines))
        return _remembering(page, request, chosen)

    return await beside(read)


@router.get("/p/{name}", response_class=HTMLResponse, dependencies=_OPEN, responses=may_refuse(404))
async def publication(
    request: Request,
    at_work: AtWork,
    found: Reading,
    lang: CallerLang,
    *,
    q: Word = "",
    about: Annotated[str, Query(max_length=120)] = "",
    lon: Degrees = None,
    chosen: Chosen = None,
    lat: Annotated[float | None, Query(ge=-90, le=90, allow_inf_nan=False)] = None,
) -> Response:
    """Show a publication; ``q`` or a position finds my village."""
    now = datetime.now(UTC)
    if not (q or about or lon is not None):
        stage = found.publication.stage(now)
        kept = found.once(
            f"page {lang} {stage}",
            lambda: keep_answer(
                _page(found, lang, now=now).encode(), _HTML, headers={"Content-Security-Policy": PUBLIC_POLICY}
            ),
        )
        return _remembering(tell(request, kept), request, chosen)
    is_near = lon is not None and lat is not None
    if is_near:
        near = found.frozen.nearest(cast("float", lon), cast("float", lat), most=NEAREST)
        cards = [place_card(found, one, lang, metres=metres) for one, metres in near]
    else:
        called = places_called(found, q, cache=at_work.published.cache)[:_MOST_CARDS]
        cards = [place_card(found, one, lang) for one in called]
    typed = {**_BLANK, "about": about or _BLANK["about"]}
    asked = {"q": q, "is_near": is_near}
    page = _html(_page(found, lang, now=now, asked=asked, places=cards, typed=typed))
    return _remembering(page, request, chosen)


@router.post(
    "/p/{name}/comments",
    response_class=HTMLResponse,
    dependencies=_OPEN,
    openapi_extra=_FORM,
    responses=may_refuse(404),
)
async def comment(request: Request, at_work: AtWork, beside: WithRecords, found: Reading, lang: CallerLang) -> Response:
    """Keep a remark and show its receipt, or everything that is wrong with it."""
    typed = {**_BLANK, **{name: value for name, value in (await form_of(request)).items() if name in _BLANK}}
    said = _said(found, typed)
    try:
        kept = await beside(lambda: receive_public(at_work.database.get(), found, said, address=address_of(request)))
    except FaultsError as error:
        told = explain_faults(error.faults, lang)
        problems = [one["mend"] or one["expected"] for one in told]
        return _html(_page(found, lang, now=datetime.now(UTC), typed=typed, problems=problems), status=422)
    except ApiError as error:
        problems = [text(lang, f"error.{error.code}", **error.params)]
        return _html(_page(found, lang, now=datetime.now(UTC), typed=typed, problems=problems), status=error.status)
    at_work.published.forget(name_of(found))
    return RedirectResponse(f"/p/{name_of(found)}/receipt?code={kept.receipt}&new=true", 303)


@router.get("/p/{name}/receipt", response_class=HTMLResponse, dependencies=_OPEN, responses=may_refuse(404))
async def receipt(
    at_work: AtWork,
    beside: WithRecords,
    found: Reading,
    lang: CallerLang,
    *,
    code: Annotated[str, Query(max_length=40)] = "",
    new: bool = False,
) -> HTMLResponse:
    """Show what became of the remark of a receipt."""
    values: dict[str, Any] = {"slug": name_of(found), "title": found.publication.title, "code": code, "is_new": new}
    status, told, refused = 200, None, ""
    try:
        told = await beside(lambda: receipt_told(at_work.database.get(), found, code))
    except ApiError as error:
        status, refused, values["is_new"] = error.status, text(lang, f"error.{error.code}"), False
    page = public_page("receipt.html", lang=lang, switch=None, told=told, refused=refused, **values)
    return _html(page, status=status)


def _said(found: Published, typed: dict[str, str]) -> SaidRemark:
    """Return the remark that a form holds; a word that none of our forms has is taken for none."""
    about, id_ = about_of(typed["about"])
    return SaidRemark(
        text=typed["text"],
        about_kind=about,
        about_id=id_,
        village_id=id_ if about == "village" and id_ in found.frozen.place_of else None,
        stance=stance_of(typed["stance"]),
        name=typed["name"],
        phone=typed["phone"],
        key=typed["key"][:100],
    )


def _page(found: Published, lang: Lang, *, now: datetime, **changed: Any) -> str:
    values = page_values(found, now=now, lang=lang)
    typed = changed.pop("typed", dict(_BLANK))
    kind, _, id_ = typed["about"].partition(":")
    if kind == "village" and id_ in found.frozen.place_of:
        values["subjects"] = [subject(found, kind, id_, lang), *values["subjects"]]
    shown = {"asked": {"q": "", "is_near": False}, "places": [], "problems": [], **values, "typed": typed, **changed}
    return public_page("page.html", lang=lang, switch=_switch(lang), **shown)


def _remembering(answer: Response, request: Request, lang: Lang | None) -> Response:
    if lang is not None:
        remember_lang(answer, request, lang)
    return answer


def _switch(lang: Lang) -> str:
    return f"?lang={'en' if lang == 'zh' else 'zh'}"


def _html(page: str, *, status: int = 200) -> HTMLResponse:
    headers = {"Content-Security-Policy": PUBLIC_POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(page, status_code=status, headers=headers)
