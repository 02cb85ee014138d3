"""What each layer of a county holds. A new layer is one schema and one line of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gis.travel_modes import DIRECTIONS, ROAD_CLASSES, VEHICLES

LEAST_SPEED_KMH, TOP_SPEED_KMH = 3, 200
"""Speeds outside are slips of the pen: at 0.001 km/h nobody arrives, at 10,000 everybody is there at once."""

Kind = Literal["text", "count", "number", "flag"]
Shape = Literal["point", "line", "polygon", "none"]

GEOMETRY_TYPES: Mapping[Shape, tuple[str, ...]] = {
    "point": ("Point",),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
    "none": (),
}
ROAD_CLASSES_AND_LINKS = (*ROAD_CLASSES, *(f"{name}_link" for name in ROAD_CLASSES[:5]))


@dataclass(frozen=True)
class Column:
    """One column of a layer.

    Parameters
    ----------
    name
        Canonical name.
    kind
        ``text`` (missing is ""), ``count`` (whole numbers from 0), ``number`` (from 0) or ``flag``.
    required
        Whether the source must have it, with a value in every row.
    blank
        Whether a value may be missing in a row of a column that is there.
    choices
        The only values allowed, if any.
    refers_to
        Layers among whose ids each value must be found, where they exist.
    default
        Value of every row when the source lacks the column; ``None``: the column stays absent.
    minimum, maximum
        Bounds of a number that is given.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    blank: bool = False
    choices: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    default: str | None = None
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True)
class LayerSchema:
    """One layer.

    Parameters
    ----------
    name
        As in ``[layers.<name>]``.
    shape
        Geometry, ``none`` for a plain table.
    columns
        Without ``id``, which every layer has.
    makes_ids
        Whether rows are numbered when the source has no ids.
    one_of
        Columns of which the source must have at least one.
    """

    name: str
    shape: Shape
    columns: tuple[Column, ...]
    makes_ids: bool = False
    one_of: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        """Return the column of that name."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def fields(self) -> tuple[str, ...]:
        """Names that ``fields`` of the county file may map."""
        position = ("lon", "lat") if self.shape == "point" else ()
        aliases = tuple(alias for alias, name in ALIASES.items() if self.column(name))
        return ("id", *(column.name for column in self.columns), *position, *aliases)


ALIASES: Mapping[str, str] = {"population": "resident", "layer": "level"}

_NAME = Column("name", required=True)
_TOWNSHIP = Column("township_id", refers_to=("townships",), blank=True)
_UNIT = (
    _NAME,
    _TOWNSHIP,
    Column("community", blank=True),
    Column("households", "count", blank=True),
    *(
        Column(name, "count")
        for name in ("resident", "registered", "age_60_plus", "age_65_plus", "age_80_plus", "age_5_14")
    ),
)
_PEOPLE = ("resident", "registered")
UNIT_LAYERS = ("villages", "neighbourhoods")
"""Layers whose rows are places where people live; together they are the demand."""

_CATALOGUE = (
    LayerSchema("county", "polygon", (_NAME,), makes_ids=True),
    LayerSchema("townships", "polygon", (_NAME, Column("kind", blank=True))),
    LayerSchema("villages", "point", _UNIT, one_of=_PEOPLE),
    LayerSchema("neighbourhoods", "point", _UNIT, one_of=_PEOPLE),
    LayerSchema(
        "roads",
        "line",
        (
            Column("way", default=""),
            Column("road_class", choices=ROAD_CLASSES_AND_LINKS, default="unclassified"),
            Column("name", blank=True, default=""),
            Column("oneway", "flag", blank=True, default=""),
            Column("bridge", "flag", blank=True, default=""),
            Column("tunnel", "flag", blank=True, default=""),
            Column("motorroad", "flag", blank=True, default=""),
            Column("level", blank=True, default=""),  # of lines to be joined; not kept
            Column("speed_kmh", "number", blank=True, default="", minimum=LEAST_SPEED_KMH, maximum=TOP_SPEED_KMH),
            Column("speed_back_kmh", "number", blank=True, default="", minimum=LEAST_SPEED_KMH, maximum=TOP_SPEED_KMH),
            *(Column(vehicle, choices=DIRECTIONS, blank=True, default="") for vehicle in VEHICLES),
        ),
        makes_ids=True,
    ),
    LayerSchema("rivers", "line", (Column("name", blank=True, default=""),), makes_ids=True),
    LayerSchema(
        "facilities",
        "point",
        (
            _NAME,
            Column("kind", required=True),
            Column("tier", choices=("county", "township", "village"), blank=True),
            _TOWNSHIP,
            Column("capacity", "count", blank=True),
            Column("floor_area_m2", "number", blank=True),
            Column("status", choices=("existing", "planned", "closed"), blank=True, default="existing"),
        ),
    ),
    LayerSchema(
        "cells",
        "polygon",
        (
            Column("village_id", required=True, refers_to=UNIT_LAYERS),
            _TOWNSHIP,
            Column("name", blank=True, default=""),
            Column("households", "count", blank=True),
        ),
    ),
    LayerSchema(
        "roster",
        "none",
        (
            Column("village_id", required=True, refers_to=UNIT_LAYERS),
            Column("role", required=True, choices=("A", "B")),
            _NAME,
            Column("phone", blank=True, default=""),
            Column("on_duty", "flag", blank=True, default="true"),
        ),
    ),
)
SCHEMAS: Mapping[str, LayerSchema] = {schema.name: schema for schema in _CATALOGUE}
REQUIRED_LAYERS = ("roads", "villages")

PIECE_DTYPES: Mapping[str, str] = {"u": "int64", "v": "int64", "length_m": "float64"}
"""Columns that noding adds to the roads."""
