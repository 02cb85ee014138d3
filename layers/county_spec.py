"""A county file once it is read: where each layer comes from and how to understand it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gis.crs import Datum
from layers.schema import SCHEMAS, LayerSchema
from planning.tables.definition import Row

Islands = Literal["refuse", "keep"]

TOLERANCE_M, MAX_TOLERANCE_M = 1.0, 10.0
"""Carriageways lie farther apart than the first; what is farther apart than the second is another road."""


@dataclass(frozen=True)
class LayerSpec:
    """One ``[layers.<name>]`` of the county file.

    Parameters
    ----------
    name
    source
        The file, ``None`` for roads that are downloaded.
    place
        Name of a place whose roads osmnx downloads.
    layer
        Layer of a GeoPackage, sheet of a workbook; the first if empty.
    encoding
        Of a text table; found out if empty.
    datum
        Of longitudes and latitudes.
    crs
        Of a vector file that does not say.
    fields
        Canonical name → column in the file.
    licence, origin
        Shown wherever the layer is.
    reconstructed
        Fields that are estimated rather than observed.
    islands
        What to do with roads that no road leads to.
    words
        Canonical name → word in the file → word of the schema.
    noding
        Whether lines without common vertices are joined.
    tolerance_m
        How near ends of lines must be to be joined.
    """

    name: str
    source: Path | None
    place: str = ""
    layer: str = ""
    encoding: str = ""
    datum: Datum = "WGS84"
    crs: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    licence: str = ""
    origin: str = ""
    reconstructed: tuple[str, ...] = ()
    islands: Islands = "refuse"
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    noding: bool = False
    tolerance_m: float = TOLERANCE_M

    @property
    def file(self) -> str:
        """Name of the source as shown to people."""
        return self.source.name if self.source else self.place

    @property
    def schema(self) -> LayerSchema:
        """What the layer must hold."""
        return SCHEMAS[self.name]


@dataclass(frozen=True)
class CountySpec:
    """A county file that has been read.

    Parameters
    ----------
    path
    name, code
    crs
        Projected CRS to measure in; found out from the roads if empty.
    licence
        Of layers that do not state their own.
    layers
    totals
        Sums over all villages and neighbourhoods that the layers must reach exactly.
    services
        Rows of the table of services that are the county's own.
    """

    path: Path
    name: str
    code: str
    crs: str
    licence: str
    layers: Mapping[str, LayerSpec]
    totals: Mapping[str, int]
    services: tuple[Row, ...] = ()
