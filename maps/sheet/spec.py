"""What stands on a printed sheet: the map's own data in metres, and everything else in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shapely.geometry.base import BaseGeometry

from maps.charts import Chart
from maps.theme import Shape

Paper = Literal["A4", "A3"]
ChangeKind = Literal["closed", "built"]


@dataclass(frozen=True)
class LineName:
    """A name that is written along a line.

    Parameters
    ----------
    name
    kind
    spots
        Where it may stand, metres, turned clockwise by so many degrees, if half its length is at most so many metres.
    """

    name: str
    kind: Literal["road", "river"]
    spots: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, eq=False)
class Ground:
    """What lies under the plan, in metres of one projection.

    Parameters
    ----------
    outline
        Of the county; ``None`` where there is none.
    townships
        (name, area).
    borders
        Between townships, each once; their own outlines where it is ``None``.
    rivers
    roads
        Class → its lines; links are of the class that they lead to.
    settlements
        Areas or rings of ground that is built on, as far as it is known; by the even-odd rule.
    along
        Names of roads and rivers, the most important first.
    stretch
        Metres of the projection for a metre of the ground, at the middle of the county.
    """

    outline: BaseGeometry | None
    townships: tuple[tuple[str, BaseGeometry], ...] = ()
    borders: BaseGeometry | None = None
    rivers: tuple[BaseGeometry, ...] = ()
    roads: Mapping[str, BaseGeometry] | None = None
    settlements: tuple[BaseGeometry, ...] = ()
    along: tuple[LineName, ...] = ()
    stretch: float = 1.0


@dataclass(frozen=True)
class Place:
    """A village or a neighbourhood; ``seconds`` is ``None`` where no site serves it."""

    name: str
    x: float
    y: float
    people: int
    seconds: int | None


@dataclass(frozen=True)
class Changed:
    """A place with its seconds in an earlier and in a later scheme; ``None`` where no site serves it."""

    name: str
    x: float
    y: float
    people: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Site:
    """An opened site, with its number in the table; ``stands``: it is there today."""

    number: int
    name: str
    x: float
    y: float
    stands: bool = False


@dataclass(frozen=True, eq=False)
class MapSpec:
    """A map to be drawn.

    Parameters
    ----------
    ground
    places, sites
        In metres of the ground's projection.
    symbol
        Shape and colour of an opened site.
    changes
        Roads that the scenario closes or builds.
    changed
        Instead of places: what a later scheme changes for them.
    gone
        Sites of the earlier scheme that the later one does not have.
    """

    ground: Ground
    places: tuple[Place, ...]
    sites: tuple[Site, ...]
    symbol: tuple[Shape, str]
    changes: tuple[tuple[ChangeKind, BaseGeometry], ...] = ()
    changed: tuple[Changed, ...] = ()
    gone: tuple[Site, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A figure of the plan with its name, and what is said of it in smaller letters."""

    name: str
    value: str
    more: str = ""


@dataclass(frozen=True)
class Table:
    """A table that shows fewer columns the more rows it has; rows without room are counted in words.

    Parameters
    ----------
    title
    head
        Its columns.
    rows
    wide, narrow, tight
        Places of the columns that are shown: one part, two side by side, three.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: tuple[int, ...]
    narrow: tuple[int, ...]
    tight: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet in the words of its reader.

    Parameters
    ----------
    title, county
        Of the scenario or the plan, and where.
    question
        What was asked, in words.
    badge
        That the data are not surveyed, where they are not; else empty.
    verdict
        How good the plan is, and why one may say so.
    verdict_level
        ``good`` or ``fair``, as on the card of the plan.
    figures
    edits
        What the scenario changes, each in words.
    sites
    chart, second
        The second one is shown where few sites leave it room.
    left, left_more
        Who is left behind: the worst by name, and how many in all.
    notes
        What one must know before relying on it.
    service
        As people call it.
    made_at, made_by, version, run
        When, by whom, of which data, from which run or revision.
    map
    """

    title: str
    county: str
    question: str
    badge: str
    verdict: tuple[str, str]
    verdict_level: str
    figures: tuple[Figure, ...]
    edits: tuple[str, ...]
    sites: Table
    chart: Chart
    second: Chart | None
    left: Table
    left_more: str
    notes: tuple[str, ...]
    service: str
    made_at: str
    made_by: str
    version: str
    origin: str
    map: MapSpec
