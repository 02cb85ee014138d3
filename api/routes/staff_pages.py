"""The pages about staff: who works where, what is missing, leave to decide on; plain forms without a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, cast

from fastapi import Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.actions.staff.changes import PersonWords, PostWords, add_person, add_post, change_person, change_post
from api.actions.staff.desk import StaffDesk, areas_of_staff
from api.actions.staff.leave import Decision, LeaveWords, ask_leave, decide_leave, list_leave
from api.actions.staff.leave_file import import_leave
from api.actions.staff.posts_file import import_posts
from api.actions.staff.view import StaffFilter, list_gaps, list_staff, view_person
from api.actions.workplace import Workplace
from api.auth import Allow, User, guarded_router
from api.deps import AtWork, CallerLang, WithRecords
from api.description import may_refuse
from api.explain import ApiError, explain_faults
from api.forms import form_of, sent_form
from api.pages import page, rooms_for
from api.routes.staff import desk_of, phone_of
from api.staff_page import cases_shown, choices, gap_rows, leave_rows, people_rows, person_shown, told_by_field
from gis.faults import FaultsError
from maps.catalogue import Lang, text

router = guarded_router()
Reader = Annotated[User, Depends(Allow.to("read", "staff"))]
Writer = Annotated[User, Depends(Allow.to("write", "staff"))]
Done = Literal["added", "saved", "post", "leave", "decided"]
_FOUND = may_refuse(404, 409)
_PAGE_PEOPLE = 200
_GAP_DAYS = 14
_FORM = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": {"type": "object"}}}}}


@dataclass(frozen=True)
class _Asked:
    """Whoever asks for a page, and how it is written."""

    request: Request
    at_work: Workplace
    user: User
    lang: Lang

    @property
    def desk(self) -> StaffDesk:
        return desk_of(self.at_work, self.user)

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        rooms = rooms_for(self.user, self.lang, here="/staff")
        shown: dict[str, Any] = {"refused": "", "told": {}, "typed": {}, "done": None, **values}
        switch = values.pop("switch", "" if status == 200 else None)
        shown |= {"user": self.user, "may_write": self.user.may_change("staff"), "switch": switch}
        return page(f"staff/{template}.html", lang=self.lang, status=status, rooms=rooms, **shown)


async def _asked(request: Request, at_work: AtWork, lang: CallerLang) -> Callable[[User], _Asked]:
    return lambda user: _Asked(request, at_work, user, lang)


By = Annotated[Callable[[User], _Asked], Depends(_asked)]
Area = Annotated[str, Query(max_length=60)]


@router.get("/staff", response_class=HTMLResponse)
async def everybody(by: By, beside: WithRecords, user: Reader, area: Area = "", post: Area = "") -> HTMLResponse:
    """Show what is missing, leave to decide on, and the people of a township."""
    return await beside(_overview, by(user), area=area, post=post)


@router.get("/staff/new", response_class=HTMLResponse)
async def new(by: By, beside: WithRecords, user: Writer) -> HTMLResponse:
    """Show the form for somebody new."""
    return await beside(_new, by(user))


@router.post("/staff/new", response_class=HTMLResponse)
async def add(request: Request, by: By, beside: WithRecords, user: Writer) -> Response:
    """Add somebody with a first post, and lead to the person."""
    form = await form_of(request)

    def work(asked: _Asked) -> Response:
        words = PersonWords(form.get("name", ""), form.get("phone", ""), form.get("account", ""))
        try:
            made = add_person(asked.desk, form.get("person", ""), words, _post_of(form), now=datetime.now(UTC))
        except FaultsError as error:
            return _new(asked, told=told_by_field(error.faults, asked.lang), typed=form, status=422)
        return RedirectResponse(f"/staff/people/{made}?done=added", 303)

    return await beside(work, by(user))


@router.get("/staff/people/{name}", response_class=HTMLResponse, responses=_FOUND)
async def person(
    by: By, beside: WithRecords, user: Reader, name: str, done: Annotated[Done | None, Query()] = None
) -> HTMLResponse:
    """Show one person."""
    return await beside(_person, by(user), name, done=done)


@router.post("/staff/people/{name}", response_class=HTMLResponse, responses=_FOUND)
async def change(request: Request, by: By, beside: WithRecords, user: Writer, name: str) -> Response:
    """Change name, telephone number or account of somebody."""
    form = await form_of(request)
    version = _number(form.get("version", ""))
    words = PersonWords(form.get("name", ""), form.get("phone") or None, form.get("account", ""), version)
    return await beside(_do, by(user), name, lambda desk, now: change_person(desk, name, words, now=now), "saved", form)


@router.post("/staff/people/{name}/phone", response_class=HTMLResponse, responses=_FOUND)
async def phone(by: By, beside: WithRecords, user: Writer, name: str) -> Response:
    """Show a telephone number; that it was looked at is recorded."""

    def work(asked: _Asked) -> Response:
        return _person(asked, name, phone=phone_of(asked.at_work, user, name), switch=None)

    return await beside(work, by(user))


@router.post("/staff/people/{name}/posts", response_class=HTMLResponse, responses=_FOUND)
async def give_post(request: Request, by: By, beside: WithRecords, user: Writer, name: str) -> Response:
    """Give somebody a further post."""
    form = await form_of(request)
    words = _post_of(form)
    return await beside(_do, by(user), name, lambda desk, now: add_post(desk, name, words, now=now), "post", form)


@router.post("/staff/people/{name}/posts/{post}", response_class=HTMLResponse, responses=_FOUND)
async def end_post(request: Request, by: By, beside: WithRecords, user: Writer, name: str, *, post: str) -> Response:
    """Change the last day of a post."""
    form = await form_of(request)

    def work(desk: StaffDesk, now: datetime) -> None:
        change_post(desk, name, post, from_day=None, until_day=form.get("until", ""), now=now)

    return await beside(_do, by(user), name, work, "post", form)


@router.post("/staff/people/{name}/leave", response_class=HTMLResponse, responses=_FOUND)
async def ask(request: Request, by: By, beside: WithRecords, user: Writer, name: str) -> Response:
    """Ask for leave for somebody."""
    form = await form_of(request)
    words = LeaveWords(
        form.get("from", ""), form.get("until", ""), form.get("reason", ""), name, form.get("stand_in", "")
    )
    return await beside(_do, by(user), name, lambda desk, now: ask_leave(desk, words, now=now), "leave", form)


@router.post("/staff/leave/{name}", response_class=HTMLResponse, responses=_FOUND)
async def decide(request: Request, by: By, beside: WithRecords, user: Writer, name: str) -> Response:
    """Approve, deny or withdraw leave, and show the cases that are left behind."""
    form = await form_of(request)

    def work(asked: _Asked) -> Response:
        decision = form.get("decision", "")
        if decision not in ("approved", "denied", "withdrawn"):
            raise ApiError(404, "unknown-leave", leave=name[:40])
        version = _number(form.get("version", "")) or 0
        try:
            done = decide_leave(
                asked.desk, name, cast("Decision", decision), expected_version=version, now=datetime.now(UTC)
            )
        except FaultsError as error:
            refused = " ".join(told_by_field(error.faults, asked.lang).values())
            return _overview(asked, refused=refused, status=422)
        return _overview(asked, decided=done, switch=None)

    return await beside(work, by(user))


def _declare_file(kind: str, read: Callable[..., Any]) -> None:
    """Declare the form that takes over one kind of file."""

    @router.post(f"/staff/{kind}.xlsx", response_class=HTMLResponse, openapi_extra=_FORM, responses=may_refuse(409))
    async def sent(request: Request, by: By, beside: WithRecords, user: Writer) -> Response:
        """Take over a file: all of it, or everything that is wrong by row and column."""
        form = await sent_form(request)

        def work(asked: _Asked) -> Response:
            file = form.files.get("file")
            if file is None or not file.name:
                return _overview(asked, refused=text(asked.lang, "table.page.no-file"), status=422)
            about: dict[str, Any] = {"expected_version": None, "lang": asked.lang, "now": datetime.now(UTC)}
            try:
                done = read(asked.desk, file.content, file.name, **about)
            except FaultsError as error:
                problems = explain_faults(error.faults, asked.lang)
                return _overview(asked, problems=problems, refused=text(asked.lang, "table.page.refused"), status=422)
            return _overview(asked, imported=_imported(done, asked.lang), switch=None)

        return await beside(work, by(user))


_declare_file("posts", import_posts)
_declare_file("leave", import_leave)


def _imported(done: Any, lang: Lang) -> str:
    if isinstance(done, int):
        return text(lang, "staff.page.imported-leave", leave=done)
    return text(lang, "staff.page.imported", people=done.people, posts=done.posts)


def _overview(asked: _Asked, *, area: str = "", post: str = "", **values: Any) -> HTMLResponse:
    desk, now, lang = asked.desk, datetime.now(UTC), asked.lang
    areas = areas_of_staff(desk.county, desk.staff, at=now)
    mine = [
        (code, name) for code, name in areas.get("township", {}).items() if desk.scope is None or code in desk.scope
    ]
    chosen = area or (mine[0][0] if mine and not post else "")
    found = list_staff(desk, StaffFilter(chosen, post), at=now, limit=_PAGE_PEOPLE)
    decided = values.pop("decided", None)
    shown: dict[str, Any] = {
        **gap_rows(list_gaps(desk, at=now, days=_GAP_DAYS), lang, now=now),
        "days": _GAP_DAYS,
        "leave": leave_rows(list_leave(desk, since=now, states=("asked",)), lang),
        "people": people_rows(found["people"], lang),
        "count": found["count"],
        "mine": mine,
        "area": chosen,
        "post": post,
        "problems": [],
        "imported": "",
        "decided": leave_rows([decided["leave"]], lang)[0] if decided else None,
        "cases": cases_shown(decided["cases"], lang) if decided else [],
        **choices(lang, areas),
        **values,
    }
    if asked.request.method == "GET":
        other = "en" if lang == "zh" else "zh"
        shown["switch"] = f"?lang={other}&area={chosen}&post={post}"
    return asked.page("list", **shown)


def _new(asked: _Asked, **values: Any) -> HTMLResponse:
    desk = asked.desk
    return asked.page(
        "new", **choices(asked.lang, areas_of_staff(desk.county, desk.staff, at=datetime.now(UTC))), **values
    )


def _person(asked: _Asked, name: str, **values: Any) -> HTMLResponse:
    desk, now = asked.desk, datetime.now(UTC)
    areas = areas_of_staff(desk.county, desk.staff, at=now)
    shown = person_shown(view_person(desk, name, at=now), asked.lang)
    return asked.page("person", person=shown, **choices(asked.lang, areas), **{"phone": "", **values})


def _do(
    asked: _Asked,
    name: str,
    work: Callable[[StaffDesk, datetime], Any],
    done: Done,
    form: Mapping[str, str],
) -> Response:
    """Make a change and lead back to the person; or show what is wrong, with what was typed."""
    try:
        work(asked.desk, datetime.now(UTC))
    except FaultsError as error:
        told = {f"{done}-{field}": words for field, words in told_by_field(error.faults, asked.lang).items()}
        typed = {f"{done}-{field}": value for field, value in form.items()}
        return _person(asked, name, told=told, typed=typed, status=422)
    return RedirectResponse(f"/staff/people/{name}?done={done}", 303)


def _post_of(form: Mapping[str, str]) -> PostWords:
    return PostWords(*(form.get(name, "") for name in ("post", "area_kind", "area", "from", "until")))


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None
