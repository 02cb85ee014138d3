"""Every refusal of the service in one form."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.explain import ApiError, explain_faults
from api.jobs import TooManyJobsError
from api.request_words import expected_words
from gis.faults import FaultsError
from layers.incidents import ConflictError
from maps.catalogue import LANGS, Lang, has_text, text


def caller_lang(request: Request) -> Lang:
    """Return the language asked for: ``?lang=``, else the cookie, else the site's."""
    asked = request.query_params.get("lang") or request.cookies.get("lang") or request.app.state.settings.lang
    return asked if asked in LANGS else "zh"


def install_error_handlers(app: FastAPI) -> None:
    """Answer every refusal of the application in one form."""

    @app.exception_handler(ApiError)
    def _refused(request: Request, error: ApiError) -> JSONResponse:
        return _answer(request, error.status, error.code, params=error.params)

    @app.exception_handler(FaultsError)
    def _faults(request: Request, error: FaultsError) -> JSONResponse:
        return _answer(request, _status_of(error), "faults", faults=explain_faults(error.faults, caller_lang(request)))

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [
            {
                "code": str(fault["type"]),
                "severity": "error",
                "field": ".".join(str(part) for part in fault["loc"][1:]),
                "value": str(fault.get("input", ""))[:80],
                "expected": expected_words(fault, caller_lang(request)),
            }
            for fault in error.errors()
        ]
        return _answer(request, 422, "request-invalid", faults=faults)

    @app.exception_handler(TooManyJobsError)
    def _busy(request: Request, _error: TooManyJobsError) -> JSONResponse:
        return _answer(request, 429, "too-many-jobs")

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> JSONResponse:
        known = isinstance(error.detail, str) and has_text(f"error.{error.detail}")
        return _answer(request, error.status_code, str(error.detail) if known else f"http-{error.status_code}")

    @app.exception_handler(Exception)
    def _unexpected(request: Request, _error: Exception) -> JSONResponse:
        return _answer(request, 500, "unexpected")


def _status_of(error: FaultsError) -> int:
    if isinstance(error, ConflictError):
        return 409
    return 404 if all(fault.code == "missing-layer" for fault in error.faults) else 422


def _answer(
    request: Request,
    status: int,
    code: str,
    *,
    params: dict[str, Any] | None = None,
    faults: list[dict[str, Any]] | None = None,
) -> JSONResponse:
    lang = caller_lang(request)
    key = f"error.{code}" if has_text(f"error.{code}") else "error.other"
    message = text(lang, key, status=status, **(params or {}))
    return JSONResponse({"error": code, "message": message, "faults": faults or []}, status_code=status)
