"""What the API says about cases: the form of every answer, for its description."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from api.attachment_views import AttachmentAnswer


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Common(_Form):
    id: str
    flow: str
    channel: str
    category: str
    severity: str
    state: str
    version: int
    level: str
    lon: float
    lat: float
    cell: str | None
    cell_name: str | None
    township: str | None
    township_name: str | None
    assignee: str | None
    assignee_name: str | None
    unit: str | None
    due_at: str | None
    county_version: str
    reported_at: str
    step: str | None
    step_due_at: str | None
    warn_at: str | None
    is_provisional: bool
    merged_into: str | None
    road: str | None


class ListedCaseAnswer(_Common):
    """A case as a list shows it, without what was said of it."""

    updated_at: str
    pos: int


class FeedAnswer(_Form):
    """What has changed since a position of the feed; whether there is more, from the next position on."""

    position: int
    cases: list[ListedCaseAnswer]
    more: bool


class CaseAnswer(_Common):
    """A case as whoever reported it sees it."""

    text: str
    role: str | None
    rule: str | None
    reason: str | None
    reason_params: dict[str, Any]
    route_seconds: int | None
    route_mode: str
    workdays: int | None
    deadline_rule: str | None
    calendar: str | None
    tables: dict[str, int]
    subcategory: str | None
    parts: list[str]
    asked_until: str | None
    stars: int | None


class EventAnswer(_Form):
    """One thing that happened to a case."""

    seq: int
    kind: str
    at: str
    by: str | None
    by_name: str | None
    post: str | None
    data: dict[str, Any]
    text: str | None


class SpanAnswer(_Form):
    """A stretch of a case's time and whose it was."""

    owner: str
    state: str
    since: str
    until: str


class LedgerAnswer(_Form):
    """Whose every minute was."""

    minutes: dict[str, int]
    spans: list[SpanAnswer]


class ReporterAnswer(_Form):
    """Who reported, as far as it was told and is still kept."""

    name: str | None = None
    phone: str | None = None


class PersonNearAnswer(_Form):
    """Somebody whom a desk may give a case to."""

    id: str
    name: str
    posts: list[str]
    place: str
    is_own: bool


class DuplicateAnswer(_Form):
    """An open case that may be the same as another: how far from it, and how long before or after it was reported."""

    id: str
    state: str
    subcategory: str | None
    reported_at: str
    metres: int
    minutes_apart: int


class PlacesAnswer(_Form):
    """Where it is, as the map programs of telephones take it: [longitude, latitude]."""

    gcj02: list[float]
    bd09: list[float]


class WholeCaseAnswer(CaseAnswer):
    """A case with its history, what may be done next, and the way of its worker."""

    reporter: ReporterAnswer
    attachments: list[AttachmentAnswer]
    places: PlacesAnswer
    moves: list[str]
    events: list[EventAnswer]
    ledger: LedgerAnswer
    route: list[list[float]] | None
    route_length_m: int | None


class TakenInAnswer(_Form):
    """What a batch did: its rows, how many were new, and how many were there under their numbers."""

    rows: int
    created: int
    known: int
