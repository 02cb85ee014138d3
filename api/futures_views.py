"""The forms of the futures of schemes, for the API's description; a test holds them and answers together."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FutureScheme(_Form):
    """A scheme by its key, and its sites."""

    key: str
    opened: list[str]


class FutureAssumption(_Form):
    """What is drawn, between which bounds, on what basis."""

    code: str
    low: float
    high: float
    basis: Literal["fact", "assumption"]
    words: str


class FutureFigure(_Form):
    """A figure that is told of each scheme in each future."""

    code: str
    better: Literal["more", "less"] | None
    name: str
    unit: str


class FutureSpread(_Form):
    """A figure as it is told, and over all futures; ``none``: in how many there is no such figure."""

    today: float | None
    p5: float | None
    median: float | None
    p95: float | None
    least: float | None
    most: float | None
    none: int


class FuturesWon(_Form):
    """In how many futures the first is better, both are alike, the second is better."""

    first: int
    alike: int
    second: int


class FuturePair(_Form):
    """Two schemes in the same futures, figure by figure."""

    first: str
    second: str
    figures: dict[str, FuturesWon]


class ClosedRoad(_Form):
    """In how many futures a road is closed."""

    road: str
    times: int


class ChosenSites(_Form):
    """How often each place is chosen where the question of these schemes is solved anew, the most often first."""

    keys: list[str]
    of: int
    statuses: dict[str, int]
    chosen: list[dict[str, Any]]


class FuturesBeside(_Form):
    """Schemes in common random futures."""

    run: str
    kind: Literal["futures"]
    county_version: str
    seed: int
    count: int
    computed: int
    schemes: list[FutureScheme]
    assumptions: list[FutureAssumption]
    figures: list[FutureFigure]
    ranges: dict[str, dict[str, FutureSpread]]
    pairs: list[FuturePair]
    closed: list[ClosedRoad]
    resolved: list[ChosenSites]
    limit: dict[str, Any] | None
    note: str
