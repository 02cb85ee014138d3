"""Cells where the county file brings none: drawn from villages and roads, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from geopandas import GeoDataFrame

from gis.crs import geographic_crs
from gis.faults import Fault
from gis.grid import DrawnCells, draw_cells
from layers.imported_county import ImportedCounty
from layers.schema import UNIT_LAYERS

_STRAIGHT_M = 500.0  # borders get a corner at least so often: straight in metres is not straight in degrees
_MOST_NAMES = 5


def derive_cells(county: ImportedCounty) -> tuple[dict[str, GeoDataFrame], list[Fault]]:
    """Draw the cells of a county.

    Parameters
    ----------
    county

    Returns
    -------
    dict
        Layer ``cells`` in the geographic CRS; empty if none could be drawn.
    list of Fault
        ``no-cells``, ``unit-without-ground``, ``unit-without-cell``, ``township-without-road``,
        ``cell-code-made``, all warnings; ``cells-doubtful``, a note.
    """
    units = pd.concat([county.metric(name) for name in UNIT_LAYERS if name in county.layers])
    townships, outline = (county.metric(name) if name in county.layers else None for name in ("townships", "county"))
    try:
        drawn = draw_cells(units, townships, outline, county.metric("roads"), county_code=county.spec.code)
    except ValueError as error:
        return {}, [Fault("no-cells", layer="cells", value=str(error), severity="warning")]
    drawn.cells.geometry = drawn.cells.geometry.segmentize(_STRAIGHT_M)
    return {"cells": drawn.cells.to_crs(geographic_crs(county.crs))}, list(_faults(county, units, drawn))


def _faults(county: ImportedCounty, units: GeoDataFrame, drawn: DrawnCells) -> Iterator[Fault]:
    names = {str(id_): str(name or id_) for id_, name in units["name"].items()}
    layers = [county.layers[name] for name in UNIT_LAYERS if name in county.layers]
    row_of = {str(id_): (layer, at) for layer in layers for at, id_ in enumerate(layer.frame.index)}
    for unit, other in drawn.stands_with.items():
        params = {"name": names[unit], "other": names[other], "other_id": other}
        layer, at = row_of[unit]
        yield layer.fault("unit-without-ground", at=at, field="id", value=unit, severity="warning", params=params)
    for unit in drawn.without_cell:
        layer, at, params = *row_of[unit], {"name": names[unit]}
        yield layer.fault("unit-without-cell", at=at, field="id", value=unit, severity="warning", params=params)
    for unit, code in drawn.made_code.items():
        layer, at, params = *row_of[unit], {"name": names[unit], "code": code}
        yield layer.fault("cell-code-made", at=at, field="id", value=unit, severity="warning", params=params)
    yield from _without_road(county, units, drawn.without_road, names)
    if drawn.doubtful_m > 0:
        m = round(drawn.doubtful_m)
        yield Fault("cells-doubtful", layer="cells", value=f"{m} m", severity="note", params={"m": m})


def _without_road(
    county: ImportedCounty, units: GeoDataFrame, without: list[str], names: dict[str, str]
) -> Iterator[Fault]:
    """Say of each township without roads which of its places the straight line serves."""
    if not without:
        return
    found = units.loc[without]
    township = found["township_id"].astype(str) if "township_id" in found else pd.Series("", index=found.index)
    called = county.layers["townships"].frame["name"].to_dict() if "townships" in county.layers else {}
    for id_, of in township.groupby(township):
        some = "、".join(names[str(unit)] for unit in of.index[:_MOST_NAMES])
        params: dict[str, str | int | float] = {"count": len(of), "names": some}
        value = str(called.get(id_, id_)) or county.spec.name
        yield Fault("township-without-road", layer="roads", value=value, severity="warning", params=params)
