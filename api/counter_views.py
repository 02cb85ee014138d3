"""The forms of answers about counter-proposals, for the API's description; tests hold both together."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from api.views import RunInList

State = Literal["done", "computing", "stopped", "not-started", "none"]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CounterSite(_Form):
    """A site or a candidate."""

    id: str
    name: str
    township: str | None
    lon: float
    lat: float


class CounterLoser(_Form):
    """A place that takes more than five minutes longer, or is served no longer."""

    id: str
    name: str
    township: str | None
    people: int
    before_s: int
    after_s: int | None


class OwnSeconds(_Form):
    """Time of the candidate's own people, in the scheme and with a site of their own; empty where nothing serves it."""

    before_s: int | None
    after_s: int | None


class InsteadAnswer(_Form):
    """The best plan with a candidate, beside the scheme that is published; figures only where there is a plan.

    ``state``: ``proven``, ``found`` (not proven best), ``impossible``, ``excluded``, ``unanswered``. ``words`` says all
    of it in sentences.
    """

    candidate: CounterSite
    state: Literal["proven", "found", "impossible", "excluded", "unanswered"]
    is_in_scheme: bool
    objective_unit: str
    reasons: list[dict[str, Any]]
    opens: list[CounterSite] | None = None
    closes: list[CounterSite] | None = None
    own: OwnSeconds | None = None
    losers: list[CounterLoser] | None = None
    yuan: int | None = None
    objective: int | None = None
    bound: int | None = None
    proof: str | None = None
    worse_by: int | None = None
    least_worse_by: int | None = None
    people: dict[str, int] | None = None
    person_seconds: dict[str, int] | None = None
    losing: dict[str, int | None] | None = None
    extra_yuan: int | None = None
    words: list[str]


class CounterAnswer(_Form):
    """How far counter-proposals are, in words too, and the answer for the place that was asked for, once there."""

    state: State
    words: str
    sha: str | None
    instead: InsteadAnswer | None


class CounterRunAnswer(_Form):
    """How far counter-proposals are, for staff."""

    state: State
    words: str
    sha: str | None
    counts: dict[str, int]
    run: RunInList | None
