"""What the API says of a dry run: the form of its answer."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AskedPost(_Form):
    """Who is asked first, and by which rule."""

    rule: str
    level: str
    post: str
    unit: str


class ReroutedCases(_Form):
    """Cases that somebody else would have been asked about."""

    before: AskedPost
    after: AskedPost
    count: int
    examples: list[str]


class OtherDeadline(_Form):
    """A deadline as it is and as it would be; null for none."""

    id: str
    before: str | None
    after: str | None


class MovedDeadlines(_Form):
    """Deadlines of a step, or of the whole, that would be others."""

    step: str
    count: int
    earlier: int
    later: int
    added: int
    dropped: int
    median_minutes: int
    most_minutes: int
    examples: list[OtherDeadline]


class DryRunAnswer(_Form):
    """What a changed table would have made of the cases of the past weeks."""

    kind: str
    days: int
    cases: int
    rerouted: int
    routes: list[ReroutedCases]
    deadlines: list[MovedDeadlines]
