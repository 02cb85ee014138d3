"""What the public door says: the fields of GeoReport v2, for the description of the API."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Open311Service(_Form):
    """Something that may be reported."""

    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: str
    keywords: str
    group: str


class Open311Attribute(_Form):
    """What a service asks."""

    variable: bool
    code: str
    datatype: str
    required: bool
    datatype_description: str
    order: int
    description: str


class Open311Definition(_Form):
    """A service with what it asks."""

    service_code: str
    attributes: list[Open311Attribute]


class Open311Posted(_Form):
    """A request that was taken."""

    service_request_id: str
    service_notice: str
    account_id: str | None


class Open311Token(_Form):
    """A token and its request."""

    service_request_id: str
    token: str


class Open311Extended(_Form):
    """The state beside the two of the standard."""

    state: str
    level: str
    is_invented: bool


class Open311Request(_Form):
    """A request as it stands; to the public without what was said, and its place to about a kilometre."""

    service_request_id: str
    status: str
    status_notes: str
    service_name: str
    service_code: str
    description: str
    agency_responsible: str
    service_notice: str
    requested_datetime: str
    updated_datetime: str
    expected_datetime: str | None
    address: str
    address_id: str | None
    zipcode: str | None
    lat: float
    long: float
    media_url: str | None
    extended_attributes: Open311Extended | None = None


class Open311Error(_Form):
    """Why not."""

    code: int
    description: str


_ANSWERS: dict[str, Any] = {
    "services": list[Open311Service],
    "definition": Open311Definition,
    "posted": list[Open311Posted],
    "requests": list[Open311Request],
    "tokens": list[Open311Token],
}
_QUERY = ("service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size", "extensions")
_REFUSALS = {
    400: "Fields are missing or wrong.",
    403: "The key is missing or may not report.",
    404: "There is no such thing.",
    429: "Too many requests.",
    503: "Something that the answer needs is down.",
}
_FORM = {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}, "required": True}


def described(what: str) -> dict[str, Any]:
    """Return the options of a route of the door: its answer, its refusals in their own form, and what it reads."""
    status = 201 if what == "posted" else 200
    xml: dict[str, Any] = {"text/xml": {}}
    responses: dict[int | str, dict[str, Any]] = {status: {"model": _ANSWERS[what], "content": dict(xml)}}
    for code, words in _REFUSALS.items():
        responses[code] = {"model": list[Open311Error], "description": words, "content": dict(xml)}
    extra: dict[str, Any] = {"x-own-refusals": True}
    if what == "posted":
        extra["requestBody"] = _FORM
    if what == "requests":
        extra["parameters"] = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in _QUERY]
    return {"response_model": None, "responses": responses, "openapi_extra": extra}
