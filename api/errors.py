"""Every refusal of the service in one form."""

from __future__ import annotations

import errno
import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.actions.scenarios.moved_on import MovedOnError
from api.answers import lang_of_scope, refusal, wants_page
from api.explain import ApiError, explain_faults
from api.pages import ask_to_sign_in
from api.request_words import expected_words, input_shown
from gis.faults import FaultsError
from layers.records.conflicts import ConflictError
from layers.records.database_faults import DatabaseDownError
from layers.records.runs import TooManyRunsError
from maps.catalogue import Lang, has_text

_STORE = frozenset({"damaged-store", "lost-store", "lost-pointer", "no-such-build", "no-county"})
_MOST_TOLD = 100  # faults in one answer: nobody mends more at a time
_LOG = logging.getLogger(__name__)


async def caller_lang(request: Request) -> Lang:
    """Return the language asked for: ``?lang=``, else the cookie, else the site's."""
    return lang_of_scope(request.scope)


def install_error_handlers(app: FastAPI) -> None:
    """Answer every refusal of the application in one form."""

    @app.exception_handler(ApiError)
    async def _refused(request: Request, error: ApiError) -> Response:
        return refusal(request.scope, error.status, error.code, params=error.params)

    @app.exception_handler(FaultsError)
    async def _faults(request: Request, error: FaultsError) -> Response:
        status, code = status_of(error)
        told = explain_faults(error.faults[:_MOST_TOLD], lang_of_scope(request.scope))
        return refusal(request.scope, status, code, faults=told, more=_left_out(len(error.faults)))

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        faults = [
            {
                "code": str(fault["type"]),
                "severity": "error",
                "layer": "",
                "file": "",
                "row": None,
                "field": ".".join(str(part) for part in fault["loc"][1:])[:200],
                "value": input_shown(fault),
                "expected": expected_words(fault, lang_of_scope(request.scope)),
                "mend": "",
            }
            for fault in error.errors()
        ]
        return refusal(request.scope, 422, "request-invalid", faults=faults[:_MOST_TOLD], more=_left_out(len(faults)))

    app.exception_handler(MovedOnError)(_moved_on)

    @app.exception_handler(TooManyRunsError)
    async def _too_many(request: Request, _error: TooManyRunsError) -> Response:
        return refusal(request.scope, 429, "too-many-jobs")

    @app.exception_handler(DatabaseDownError)
    async def _down(request: Request, error: DatabaseDownError) -> Response:
        _LOG.warning("%s %s: %s", request.method, request.url.path, error)
        return refusal(request.scope, 503, f"database-{error.reason}")

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        known = isinstance(error.detail, str) and has_text(f"error.{error.detail}")
        code = error.detail if known else f"http-{error.status_code}"
        if code == "sign-in-needed" and wants_page(request.scope):
            return await ask_to_sign_in(request)
        return refusal(request.scope, error.status_code, code, headers=error.headers)

    @app.exception_handler(OSError)
    async def _disk(request: Request, error: OSError) -> Response:
        _LOG.error("%s %s: %s", request.method, request.url.path, error)
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return refusal(request.scope, 503 if is_full else 500, "disk-full" if is_full else "unexpected")

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, _error: Exception) -> Response:
        return refusal(request.scope, 500, "unexpected")


async def _moved_on(request: Request, error: MovedOnError) -> Response:
    """Tell the second of two who save what differs, and under which number their own is kept."""
    faults = explain_faults(error.moved.faults, lang_of_scope(request.scope))
    return refusal(request.scope, 409, "scenario-moved-on", faults=faults, more=error.told())


def status_of(error: FaultsError) -> tuple[int, str]:
    """Return HTTP status and code of a refusal for these faults."""
    if isinstance(error, ConflictError):
        return 409, "faults"
    codes = {fault.code for fault in error.faults}
    if codes & _STORE:
        return 503, "county-damaged"
    return (404 if codes == {"missing-layer"} else 422), "faults"


def _left_out(count: int) -> dict[str, int]:
    """Return how many faults an answer does not list, where it does not list all."""
    return {"faults_left_out": count - _MOST_TOLD} if count > _MOST_TOLD else {}
