"""Schemes that were adopted: their sites are planned facilities, in a build of the county that leads back without them.

The manifest of such a build holds ``adopted``: the facilities layer as it is without them (``base``, ``None`` where
the county has none), and the schemes. A county built anew from its file keeps them; without any it is the build that
it was.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame, points_from_xy

from layers.schema import SCHEMAS, Kind
from layers.store import Manifest, read_layer, sealed, write_layer

_LAYER = "facilities"
_STATUS = "planned"
_BLANK: Mapping[Kind, tuple[Any, Any]] = {
    "text": ("str", ""),
    "count": ("Int64", pd.NA),
    "number": ("float64", float("nan")),
    "flag": ("bool", False),
}


@dataclass(frozen=True)
class PlannedSite:
    """A site of an adopted scheme.

    Parameters
    ----------
    id
        Of the facility that is planned; one that the county has already, planned or not, is not planned twice.
    name
    kind
        Of facility.
    lon, lat
        Degrees in the CRS of the county's layers.
    township_id
        "" where the county has no townships.
    capacity, floor_area_m2
        As the scheme has them, ``None`` where it says nothing.
    """

    id: str
    name: str
    kind: str
    lon: float
    lat: float
    township_id: str = ""
    capacity: int | None = None
    floor_area_m2: float | None = None


@dataclass(frozen=True)
class AdoptedScheme:
    """A scheme that the office decided on.

    Parameters
    ----------
    id
        Of the decision's record.
    service
    from_date
        From when they are planned.
    decision
        The document that says so, by its title or number.
    sites
    """

    id: str
    service: str
    from_date: date
    decision: str
    sites: tuple[PlannedSite, ...]


def adopted_in(manifest: Mapping[str, Any]) -> tuple[AdoptedScheme, ...]:
    """Return the schemes that a build has adopted, the first adopted first."""
    return tuple(_scheme(one) for one in manifest.get("adopted", {}).get("schemes", ()))


def with_adopted(data_dir: Path, manifest: Manifest, schemes: Sequence[AdoptedScheme]) -> Manifest:
    """Return the build that has adopted just these schemes in place of those that it has; its layers are stored.

    Parameters
    ----------
    data_dir
    manifest
        Of any build of the county.
    schemes

    Returns
    -------
    dict
        A manifest that is not stored yet; without schemes, that of the county as its file has it.

    Raises
    ------
    FaultsError
        If the facilities of the build cannot be read.
    """
    content = {name: value for name, value in manifest.items() if name not in ("version", "warnings", "adopted")}
    base = _base_entry(manifest)
    layers = {name: entry for name, entry in content["layers"].items() if name != _LAYER}
    facilities = base
    if schemes:
        before = None if base is None else read_layer(data_dir, _LAYER, str(base["version"]))
        frame = _with_sites(before, schemes, crs=str(manifest["geographic_crs"]))
        told = base or {"source": "adopted", "licence": "", "origin": "", "reconstructed": []}
        facilities = {**told, "version": write_layer(data_dir, _LAYER, frame), "count": len(frame)}
        content["adopted"] = {"base": base, "schemes": [_plain(one) for one in schemes]}
    if facilities is not None:
        layers[_LAYER] = facilities
    content["layers"] = {name: layers[name] for name in SCHEMAS if name in layers}
    return sealed(content, list(manifest["warnings"]))


def _base_entry(manifest: Mapping[str, Any]) -> dict[str, Any] | None:
    if "adopted" in manifest:
        base: dict[str, Any] | None = manifest["adopted"]["base"]
        return base
    entry: dict[str, Any] | None = manifest["layers"].get(_LAYER)
    return entry


def _with_sites(before: pd.DataFrame | None, schemes: Iterable[AdoptedScheme], *, crs: str) -> GeoDataFrame:
    there = set() if before is None else set(before.index)
    rows: dict[str, dict[str, Any]] = {}
    for scheme in schemes:
        for site in scheme.sites:
            if site.id not in there:
                rows.setdefault(site.id, {**vars(site), "status": _STATUS})
    planned = pd.DataFrame.from_dict(rows, orient="index").rename_axis("id")
    columns = {column.name: _BLANK[column.kind] for column in SCHEMAS[_LAYER].columns}
    named = {
        name: pd.Series(planned.get(name, blank), index=planned.index).fillna(blank).astype(dtype)
        for name, (dtype, blank) in columns.items()
        if before is None or name in before
    }
    geometry = points_from_xy(planned.get("lon", ()), planned.get("lat", ()))
    frame = GeoDataFrame(named, geometry=geometry, crs=crs)
    together = frame if before is None else pd.concat([before, frame.to_crs(before.crs)[list(before.columns)]])
    return GeoDataFrame(together).sort_index().rename_axis("id")


def _plain(scheme: AdoptedScheme) -> dict[str, Any]:
    return {**dataclasses.asdict(scheme), "from_date": scheme.from_date.isoformat(), "sites": _sites(scheme)}


def _sites(scheme: AdoptedScheme) -> list[dict[str, Any]]:
    return [dataclasses.asdict(site) for site in scheme.sites]


def _scheme(told: Mapping[str, Any]) -> AdoptedScheme:
    sites = tuple(PlannedSite(**one) for one in told["sites"])
    return AdoptedScheme(**{**told, "from_date": date.fromisoformat(told["from_date"]), "sites": sites})
