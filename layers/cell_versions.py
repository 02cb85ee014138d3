"""Cells from build to build: codes keep their ground, what the office has settled stays, and nothing is given twice.

The manifest of a build whose cells are not those of a first drawing holds ``cells``: the register of their codes, and
``drawn``, the version that the layer would have without it. A county built anew from the same sources is the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from gis.cells.kept_codes import facts_of, keep_codes
from gis.cells.redrawing import draw_around
from gis.cells.register import CodeRegister, register_from
from gis.faults import Fault, FaultsError
from layers.content_version import content_version
from layers.imported_county import ImportedCounty
from layers.schema import UNIT_LAYERS
from layers.store import Manifest, read_layer, sealed, write_layer

LAYER = "cells"


class Settled(NamedTuple):
    """Cells under the codes that count, what the manifest tells of them, and what is to be said."""

    cells: GeoDataFrame
    told: dict[str, Any]
    faults: list[Fault]


def register_of(manifest: Mapping[str, Any]) -> CodeRegister:
    """Return the register of the codes of a build's cells."""
    return register_from(manifest.get(LAYER, {}))


def told_of(register: CodeRegister, drawn: str) -> dict[str, Any]:
    """Return what the manifest tells of the cells, nothing where they are as first drawn."""
    plain = register.plain()
    return {"drawn": drawn, **plain} if plain else {}


def drawn_version(manifest: Mapping[str, Any]) -> str:
    """Return the version that the layer of cells has as it was imported or drawn."""
    return str(manifest.get(LAYER, {}).get("drawn") or manifest["layers"][LAYER]["version"])


def with_cells(data_dir: Path, manifest: Manifest, cells: GeoDataFrame, register: CodeRegister) -> Manifest:
    """Return the build with other cells; the layer is stored, the manifest is not.

    Parameters
    ----------
    data_dir
    manifest
        Of the build that counts until now.
    cells
        In the CRS of the layer.
    register
    """
    content = {name: value for name, value in manifest.items() if name not in ("version", "warnings")}
    entry = {**manifest["layers"][LAYER], "version": write_layer(data_dir, LAYER, cells), "count": len(cells)}
    content["layers"] = {**manifest["layers"], LAYER: entry}
    content[LAYER] = {"drawn": drawn_version(manifest), **register.plain()}
    return sealed(content, list(manifest["warnings"]))


def known_digits(data_dir: Path, before: Manifest | None) -> dict[str, str]:
    """Return the 12 digits that each village had so far in the codes of its cells."""
    if before is None or LAYER not in before["layers"]:
        return {}
    try:
        cells = read_layer(data_dir, LAYER, str(before["layers"][LAYER]["version"]))
    except FaultsError:
        cells = pd.DataFrame({"village_id": []})
    register = register_of(before)
    pairs = [
        *((code, facts["village_id"]) for code, facts in register.retired.items()),
        *zip(map(str, cells.index), cells["village_id"].astype(str), strict=True),
    ]
    return {village: code[:12] for code, village in pairs if re.fullmatch(r"\d{15}", code)}


def settle_cells(
    data_dir: Path, before: Manifest | None, county: ImportedCounty, cells: GeoDataFrame, *, imported: bool
) -> Settled:
    """Give the cells of a county that is built anew the codes that their ground has.

    Parameters
    ----------
    data_dir
    before
        The build that counts until now, of the same county.
    county
    cells
        As imported, or as drawn.
    imported
        Cells that the county file brings keep the codes that they bring.

    Returns
    -------
    Settled
        With ``cells-renumbered`` for codes that were retired, ``office-cells-ended`` for cells of the office whose
        villages are gone or that an import has replaced.
    """
    drawn = content_version(LAYER, cells)
    if before is None or LAYER not in before["layers"]:
        return Settled(cells, {}, [])
    register, same = register_of(before), drawn == drawn_version(before)
    try:
        old = GeoDataFrame(read_layer(data_dir, LAYER, str(before["layers"][LAYER]["version"])))
    except FaultsError:
        return Settled(cells, dict(before.get(LAYER, {})), [])  # what was there cannot be compared; nothing is lost
    if same:
        return Settled(old, dict(before.get(LAYER, {})), [])
    found, new = _imported(cells, old, register) if imported else _drawn(county, cells, old, register)
    return Settled(found, told_of(new, drawn), list(_faults(register, new)))


def _imported(cells: GeoDataFrame, old: GeoDataFrame, register: CodeRegister) -> tuple[GeoDataFrame, CodeRegister]:
    gone = facts_of(old[~old.index.isin(cells.index)])
    retired = {code: facts for code, facts in {**register.retired, **gone}.items() if code not in cells.index}
    return cells, CodeRegister(retired=retired, parents=register.parents)


def _drawn(
    county: ImportedCounty, cells: GeoDataFrame, old: GeoDataFrame, register: CodeRegister
) -> tuple[GeoDataFrame, CodeRegister]:
    drawn, before = cells.to_crs(county.crs), old.to_crs(county.crs)
    places = {str(id_) for name in UNIT_LAYERS if name in county.layers for id_ in county.layers[name].frame.index}
    office = {code: of for code, of in register.office.items() if code in old.index and places.issuperset(of)}
    if office:
        villages = set().union(*office.values())
        # a village of which the office has settled a part keeps its other cells too
        mine = before.index.isin(list(office)) | before["village_id"].astype(str).isin(villages)
        rest = drawn[~drawn["village_id"].astype(str).isin(villages)]
        outline = shapely.union_all(county.metric("county").geometry.to_numpy()) if "county" in county.layers else None
        townships = county.metric("townships") if "townships" in county.layers else None
        settled = before[mine].reindex(columns=drawn.columns)
        drawn = draw_around(GeoDataFrame(settled, crs=before.crs), rest, townships=townships, county=outline)
    kept, new = keep_codes(drawn, before, register)
    return kept.to_crs(cells.crs), new


def _faults(before: CodeRegister, after: CodeRegister) -> list[Fault]:
    found = []
    retired = [code for code in after.retired if code not in before.retired]
    if retired:
        params: dict[str, str | int | float] = {"count": len(retired), "codes": "、".join(retired[:5])}
        found.append(Fault("cells-renumbered", layer=LAYER, value=str(len(retired)), severity="note", params=params))
    lost = [code for code in before.office if code not in after.office]
    if lost:
        params = {"count": len(lost), "codes": "、".join(lost[:5])}
        found.append(Fault("office-cells-ended", layer=LAYER, value=str(len(lost)), severity="warning", params=params))
    return found
