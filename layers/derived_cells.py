"""Cells where the county file brings none: drawn from villages and roads, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
from geopandas import GeoDataFrame

from gis.cell_codes import NONE_KNOWN
from gis.crs import geographic_crs
from gis.faults import Fault, Param
from gis.grid import DrawnCells, Scrap, draw_cells
from layers.imported_county import ImportedCounty
from layers.schema import UNIT_LAYERS

_MOST_NAMES = 5


def derive_cells(
    county: ImportedCounty, *, known: Mapping[str, str] = NONE_KNOWN
) -> tuple[dict[str, GeoDataFrame], list[Fault]]:
    """Draw the cells of a county.

    Parameters
    ----------
    county
    known
        The 12 digits that places had so far in their cells' codes.

    Returns
    -------
    dict
        Layer ``cells`` in the geographic CRS; empty if none could be drawn.
    list of Fault
        ``no-cells``, ``unit-without-ground``, ``unit-without-cell``, ``township-without-road``,
        ``cell-code-made``, all warnings; ``cells-doubtful``, ``cell-scraps``, ``cells-beside-county``, notes.
    """
    units = pd.concat([county.metric(name) for name in UNIT_LAYERS if name in county.layers])
    townships, outline = (county.metric(name) if name in county.layers else None for name in ("townships", "county"))
    try:
        drawn = draw_cells(units, townships, outline, county.metric("roads"), county_code=county.spec.code, known=known)
    except ValueError as error:
        return {}, [Fault("no-cells", layer="cells", value=str(error), severity="warning")]
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
    yield from _scraps(drawn.scraps, names)


def _scraps(scraps: list[Scrap], names: dict[str, str]) -> Iterator[Fault]:
    """Say which pieces of ground went to a neighbour, and how much of the county no place had."""
    detached, nobodys = [one for one in scraps if one.of], [one for one in scraps if not one.of]
    if detached:
        some = "、".join(f"{names[one.of]}→{names[one.to]}" for one in detached[:_MOST_NAMES])
        params: dict[str, Param] = {"count": len(detached), "ha": _hectares(detached)}
        yield Fault(
            "cell-scraps", layer="cells", value=str(len(detached)), severity="note", params={**params, "names": some}
        )
    if nobodys:
        params = {"count": len(nobodys), "ha": _hectares(nobodys)}
        yield Fault("cells-beside-county", layer="cells", value=str(len(nobodys)), severity="note", params=params)


def _hectares(scraps: list[Scrap]) -> float:
    return round(sum(one.ground.area for one in scraps) / 1e4, 1)


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
