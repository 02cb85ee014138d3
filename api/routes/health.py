"""Whether the service is ready, and what is down."""

from __future__ import annotations

from typing import Any, get_args

from fastapi import Depends, Request
from fastapi.responses import Response

from api.answers import Answer, refusal
from api.auth import Public, guarded_router
from api.description import answers
from api.health import Health, status_of
from api.views import HealthAnswer
from layers.records.database_faults import DownReason

router = guarded_router()
_OF_DATABASE = frozenset(get_args(DownReason))


@router.get("/health", dependencies=[Depends(Public())], response_model=None, responses=answers(HealthAnswer))
async def health(request: Request) -> Response:
    """Answer 200 while plans and reports work, else 503; `parts` says of each part how it is, within two seconds."""
    watch: Health = request.app.state.health
    parts = await watch.parts()
    status = status_of(parts)
    told = {"status": status, "parts": parts, "down": [name for name, part in parts.items() if part["state"] != "ok"]}
    if status == "down":
        return refusal(request.scope, 503, _code(parts), more=told, as_page=False)
    county = parts["county"]
    return Answer({"county": county["name"], "version": county["version"], **told})


def _code(parts: dict[str, dict[str, Any]]) -> str:
    """Return the code of the sentence that says what is down, the county first."""
    county, database = parts["county"]["state"], parts["database"]["state"]
    if county != "ok":
        return county if county in ("no-county", "county-lost") else "county-damaged"
    return f"database-{database}" if database in _OF_DATABASE else "health-down"
