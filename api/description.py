"""The API's description of itself: what every route may answer, refusals included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import models_json_schema

_REFS = "#/components/schemas/{model}"
_OF_FASTAPI = ("HTTPValidationError", "ValidationError")
_ALWAYS = {
    400: "The host name is not this machine's, or the request cannot be read.",
    503: "Something that the answer needs is down: see `error` and `message`.",
}
_GUARDED = {401: "The call comes from another machine.", 403: "The role may not do this, or another site asks."}
_WITH_INPUT = {422: "Fields are wrong: `faults` names each."}
_WITH_BODY = {
    408: "The body was not sent in time.",
    413: "The body is larger than the route takes: 64 KiB, a plan's question 1 MB, files more.",
}
_TOLD = {
    404: "There is no such thing.",
    409: "It cannot be done now, or the key belongs to something else.",
    429: "Too many computations are waiting.",
}


class FaultAnswer(BaseModel):
    """One fault of the input."""

    model_config = ConfigDict(extra="forbid")

    code: str
    severity: Literal["error", "warning", "note"]
    layer: str
    file: str
    row: int | None
    field: str
    value: str
    expected: str
    mend: str


class RefusalAnswer(BaseModel):
    """Every refusal: a code, a sentence in the caller's language, and all faults of the input."""

    error: str
    message: str
    faults: list[FaultAnswer]
    faults_left_out: int = 0


def may_refuse(*statuses: Literal[404, 409, 429]) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` of a route for what it refuses besides what every route may."""
    return {status: {"description": _TOLD[status]} for status in statuses}


def answers(
    model: Any, *statuses: int, leads_to: Sequence[str] = (), id_at: str = "/run/id"
) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` of a route whose answer has this form; it is described, not filtered.

    Parameters
    ----------
    model
    *statuses
        200 if none is named.
    leads_to
        Operations that take an id of the answer as their ``name``.
    id_at
        Where it stands in the answer, as a JSON pointer.
    """
    taken = {"name": f"$response.body#{id_at}"}
    links = {operation: {"operationId": operation, "parameters": taken} for operation in leads_to}
    return {status: {"model": model, **({"links": links} if links else {})} for status in statuses or (200,)}


def with_files(told: dict[int | str, dict[str, Any]], *media_types: str) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` of a route that answers with files too, where it is asked to."""
    content: dict[str, Any] = {media_type.partition(";")[0]: {} for media_type in media_types}
    return {status: {**one, "content": content} for status, one in told.items()}


def describe_api(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description of the application, made once.

    Parameters
    ----------
    app
    """
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, routes=app.routes)
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        for name in _OF_FASTAPI:
            schemas.pop(name, None)
        models = [(model, "serialization") for model in (RefusalAnswer, FaultAnswer)]
        schemas |= models_json_schema(models, ref_template=_REFS)[1]["$defs"]  # type: ignore[arg-type]
        for operation in _operations(made):
            _declare_refusals(operation)
        app.openapi_schema = made
    return app.openapi_schema


def _operations(made: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in made["paths"].values():
        yield from (operation for operation in methods.values() if isinstance(operation, dict))


def _declare_refusals(operation: dict[str, Any]) -> None:
    told = dict(_ALWAYS)
    told |= _GUARDED if operation.get("x-roles") else {}
    told |= _WITH_INPUT if operation.get("parameters") or "requestBody" in operation else {}
    told |= _WITH_BODY if "requestBody" in operation else {}
    answers = operation["responses"]
    if operation.get("x-own-refusals"):  # a form that others have laid down
        answers.pop("422", None)
        return
    if "requestBody" not in operation and not operation.get("parameters"):
        answers.pop("422", None)
    told |= {int(status): answers[status]["description"] for status in answers if status in map(str, _TOLD)}
    content = {"application/json": {"schema": {"$ref": _REFS.format(model="RefusalAnswer")}}}
    answers |= {str(status): {"description": words, "content": content} for status, words in told.items()}
    operation["responses"] = dict(sorted(answers.items()))
