"""The forms of answers about compared schemes, for the API's description; a test holds them and answers together."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.futures_views import FuturesBeside


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SchemeVerdict(_Form):
    """How good a scheme is, in words."""

    level: Literal["good", "fair"]
    words: str
    more: str


class ComparedScheme(_Form):
    """One scheme: ``0`` is today, ``A`` to ``F`` the others in their order."""

    key: str
    reference: str
    kind: Literal["today", "run", "scenario"]
    name: str
    county_version: str
    question: dict[str, Any]
    edits_told: list[dict[str, Any]]
    tables: dict[str, int]
    status: str
    proof: str | None
    gap: float | None
    verdict: SchemeVerdict
    asked: str
    objective: int | None
    bound: int | None
    objective_unit: str | None
    mode: str
    limit_minutes: float
    sites: list[dict[str, Any]]
    measures: dict[str, Any]
    spent_yuan: int | None


class ComparedMeasure(_Form):
    """One measure of all schemes that have it, by their keys; ``best`` is marked where figures can be compared."""

    code: str
    name: str
    unit: str
    definition: str
    better: Literal["more", "less"] | None
    comparable: bool
    values: dict[str, int | float]
    best: list[str]


class MovedPeople(_Form):
    """People by what a change means for them; together everyone at the places that both schemes have."""

    same: int
    gain: int
    lose: int
    newly_served: int
    no_longer_served: int
    unserved: int


class ChangedTravel(_Form):
    """Person-seconds of the people whom both schemes serve; ``net`` is what was, less what will be."""

    gained: int
    lost: int
    net: int


class LosingPlace(_Form):
    """A place that loses more than five minutes, or is served no longer: then without ``after_s`` and ``more_s``."""

    id: str
    name: str
    township: str | None
    lon: float
    lat: float
    people: int
    elders: int | None
    before_s: int
    after_s: int | None
    more_s: int | None


class LosersSum(_Form):
    """All places that lose, and who lives there."""

    places: int
    people: int
    elders: int | None


class ChangedTownship(_Form):
    """What a change means for a township."""

    township: str | None
    people: int
    compared: int
    before_mean_s: float | None
    after_mean_s: float | None
    gain: int
    lose: int
    lose_more: int


class ComparedPair(_Form):
    """From an earlier scheme to a later one."""

    from_: str = Field(alias="from")
    to: str
    measures: dict[str, int | float]
    people: MovedPeople
    person_seconds: ChangedTravel
    losers: list[LosingPlace]
    losers_sum: LosersSum
    townships: list[ChangedTownship]


class LackingPlace(_Form):
    """A place that some builds of the county lack."""

    id: str
    name: str
    township: str | None
    people: int
    in_: list[str] = Field(alias="in")


class CountedOtherwise(_Form):
    """A place at which schemes count other people."""

    id: str
    name: str
    township: str | None
    people: dict[str, int]


class ComparedBuilds(_Form):
    """On which builds of the county the schemes stand, and what is not the same in them."""

    differ: bool
    layers: list[str]
    places: list[LackingPlace]
    people: list[CountedOtherwise]


class ComparedPlaces(_Form):
    """All places, column by column; seconds by the key of the scheme, empty where nobody serves a place."""

    ids: list[str]
    names: list[str]
    townships: list[str | None]
    lon: list[float]
    lat: list[float]
    people: list[int]
    elders: list[int] | None
    seconds: dict[str, list[int | None]]


class SiteAction(BaseModel):
    """What becomes of one site; ``floor_area_m2`` and ``year`` stand beside where they are known."""

    model_config = ConfigDict(extra="allow")

    act: Literal["new", "extend", "upgrade", "close", "keep"]
    site: str
    name: str
    township: str | None
    lon: float
    lat: float
    yuan: int


class ComparisonAnswer(_Form):
    """Two to six schemes beside each other; ``futures``, ``curve``, ``made_good`` where they are asked for."""

    service: str
    service_name: str
    county: str
    limit_minutes: float | None
    base: str
    weights_basis: str
    year: int | None
    capacity_unit: str
    notes: list[str]
    differs: list[Literal["mode", "limit_minutes", "edits", "tables", "capacities"]]
    versions: ComparedBuilds
    ages: list[str]
    schemes: list[ComparedScheme]
    measures: list[ComparedMeasure]
    differences: list[ComparedPair]
    places: ComparedPlaces
    actions: dict[str, list[SiteAction]]
    futures: FuturesBeside | None
    curve: CurveBeside | None
    made_good: list[MadeGoodAnswer]
    heard: list[HeardAnswer]


class AddedSite(BaseModel):
    """A site to add, with the places that it helps and their people; ``origin`` of one that is no place."""

    model_config = ConfigDict(extra="allow")

    id: str
    name: str
    township: str | None
    lon: float
    lat: float
    places: int
    people: int
    yuan: int


class MadeGoodAnswer(_Form):
    """The fewest sites to add to a scheme so that nobody loses more than so many minutes against another one."""

    from_: str = Field(alias="from")
    to: str
    minutes: float
    status: Literal["optimal", "feasible", "interrupted", "nothing-to-add"]
    count: int
    bound: int | None
    gap: float | None
    proof: Literal["certificate", "solver", "enumerated"] | None
    solver: str
    losing: list[LosingPlace]
    beyond_help: list[LosingPlace]
    added: list[AddedSite]
    yuan: int
    without_capacities: bool


class CurvePoint(_Form):
    """A plan of which no other is better in both goods; ``x`` and ``y`` in the units of the axes."""

    first: int
    second: int
    x: float
    y: float
    proof: Literal["certificate", "solver", "enumerated"] | None
    opened: list[str]
    names: list[str]


class SchemeOnCurve(_Form):
    """Where a scheme lies beside a curve, and how many sites it has."""

    key: str
    x: float
    y: float
    sites: int


class CurveBeside(_Form):
    """A trade-off curve with the schemes marked that stand on the same ground; ``elsewhere``: keys of the others."""

    run: str
    curve: Literal["mean-worst", "coverage-number", "coverage-budget"]
    complete: bool
    question: dict[str, Any]
    people_total: int
    axes: list[str]
    points: list[CurvePoint]
    schemes: list[SchemeOnCurve]
    elsewhere: list[str]
    chart: str


class HeardAnswer(_Form):
    """A publication of a scheme, and how many remarks came in by state, channel and stance."""

    key: str
    slug: str
    title: str
    stage: Literal["open", "closed", "withdrawn"]
    at: str
    closes_at: str
    total: int
    answered: int
    states: dict[str, int]
    channels: dict[str, int]
    stances: dict[str, int]
