"""The state of the service, for people and for programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from api.actions.service import service_state
from api.answers import Answer
from api.auth import Allow, User, guarded_router
from api.deps import AtWork, CallerLang, WithRecords
from api.description import answers
from api.health import Health
from api.pages import page, rooms_for
from api.service_views import ServiceAnswer
from maps.catalogue import Lang, has_text, text

router = guarded_router()
Reader = Annotated[User, Depends(Allow.to("read", "service"))]


async def _state(request: Request, at_work: AtWork, beside: WithRecords, lang: CallerLang) -> dict[str, Any]:
    watch: Health = request.app.state.health
    return await beside(service_state, at_work, await watch.parts(), now=datetime.now(UTC), lang=lang)


State = Annotated[dict[str, Any], Depends(_state)]


@router.get(
    "/api/service",
    dependencies=[Depends(Allow.to("read", "service"))],
    response_model=None,
    responses=answers(ServiceAnswer),
)
async def state(state: State) -> Answer:
    """Return the state of the service, what is to be done first."""
    return Answer(state)


@router.get("/service", response_class=HTMLResponse)
async def look(user: Reader, state: State, lang: CallerLang) -> HTMLResponse:
    """Show the state of the service, what is to be done first."""
    rooms = rooms_for(user, lang, here="/service")
    runs = [(_run_state(code, lang), count) for code, count in state["runs"].items()]
    return page("service.html", lang=lang, rooms=rooms, user=user, state=state, runs=runs)


def _run_state(code: str, lang: Lang) -> str:
    key = f"service.run-{code}"
    return text(lang, key) if has_text(key) else code
