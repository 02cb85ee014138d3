"""The forms of answers about places, for the API's description; a test holds them and the answers together."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PlaceAnswer(_Form):
    """Something that was found: a point on it, and of what is wide or long its bounds, of lines their course."""

    id: str
    name: str
    kind: str
    township: str | None
    community: str | None
    lon: float
    lat: float
    resident: int | None
    bounds: list[float] | None
    line: list[list[list[float]]] | None


class GroundBand(_Form):
    """Roads from a zoom on: paths by class."""

    zoom: int
    detail_m: float
    roads: dict[str, list[list[int]]]


class GroundLine(BaseModel):
    """Where the name of a road or a river may stand: x, y, degrees, reach."""

    model_config = ConfigDict(extra="allow")

    name: str
    spots: list[list[int]]


class GroundNames(_Form):
    """Names of the ground; those of points as x, y, name."""

    townships: list[tuple[int, int, str]]
    villages: list[tuple[int, int, str]]
    roads: list[GroundLine]
    rivers: list[GroundLine]


class GroundAnswer(_Form):
    """What a base map draws, in whole metres from the north-west corner; paths are a point and steps."""

    edition: int
    origin: tuple[float, float]
    unit: float
    size: tuple[int, int]
    extent: tuple[float, float, float, float]
    county: list[list[int]]
    townships: list[list[int]]
    settlements: list[list[int]]
    rivers: list[list[int]]
    bands: list[GroundBand]
    bridges: dict[str, list[list[int]]]
    names: GroundNames


class LeftBehindPlace(BaseModel):
    """A place where people are left behind; the age bands that the county counts stand beside."""

    model_config = ConfigDict(extra="allow")

    id: str
    name: str
    township: str | None
    lon: float
    lat: float
    reason: Literal["over-capacity", "outside", "no-way"]
    people: int
    counted: int
    seconds: int | None
    minutes: float | None
    site_id: str | None
    site: str | None


class LeftBehindAnswer(_Form):
    """Who is left behind by a plan."""

    service: str
    limit_minutes: float
    mode: str
    base: str
    weights_basis: str
    notes: list[str]
    county_version: str
    crs: str
    ages: list[str]
    ages_basis: Literal["resident", "registered", "none"]
    sums: dict[str, int]
    places: list[LeftBehindPlace]


class Meant(_Form):
    """A place that a name may mean."""

    id: str
    name: str
    kind: Literal["village", "neighbourhood", "facility"]
    township: str | None
    community: str | None


class NameAnswer(_Form):
    """A name as it was pasted, and all that it may mean."""

    typed: str
    matches: list[Meant]


class NamesAnswer(_Form):
    """What each of many names may mean, in their order."""

    names: list[NameAnswer]


class RoadAnswer(_Form):
    """A piece of road."""

    id: str
    name: str | None
    road_class: str
    bridge: bool
    length_m: float
    line: list[list[float]]


class WayAnswer(_Form):
    """The way from a place to a site; seconds, metres and line are missing where there is none."""

    reachable: bool
    seconds: int | None
    metres: int | None
    line: list[list[float]] | None
    on_foot: bool


class PointAnswer(_Form):
    """Where a point lies."""

    cell: str | None
    cell_name: str | None
    township: str | None
    inside: bool | None
