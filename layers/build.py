"""Building a county: import, check, derive the grid cells, store; or leave everything as it was."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame

from gis.crs import geographic_crs
from gis.faults import Fault, FaultsError, errors
from layers.adoption import adopted_in, with_adopted
from layers.cell_versions import known_digits, settle_cells
from layers.checks.checking import limit_alike
from layers.county_import import import_county
from layers.county_spec import LayerSpec
from layers.current import current_version
from layers.derived_cells import derive_cells
from layers.imported_county import ImportedCounty
from layers.schema import REQUIRED_LAYERS, SCHEMAS
from layers.store import Manifest, read_build, sealed, sweep_drafts, write_build, write_layer


@dataclass(frozen=True)
class BuildReport:
    """What a build did.

    Parameters
    ----------
    version
        Of the county, the hash of all that it consists of.
    faults
        Warnings and notes.
    stored
        False if this very version was the current one already.
    """

    version: str
    faults: tuple[Fault, ...]
    stored: bool


def build_county(county_toml: Path, *, data_dir: Path, within: Path | None = None) -> BuildReport:
    """Build a county and make it the current one.

    Parameters
    ----------
    county_toml
    data_dir
        Gets ``layers/``, ``builds/`` and ``current``.
    within
        If given, sources outside this folder are refused.

    Returns
    -------
    BuildReport

    Raises
    ------
    FaultsError
        With all faults, if any is an error; the last good build then stays the current one.
    """
    county, faults = import_county(county_toml, within=within)
    if county is None or not _can_be_built(county, faults):
        raise FaultsError(faults)
    frames = {name: _canonical(name, layer.frame) for name, layer in county.layers.items()}
    before = current_version(data_dir)
    known = _known_build(data_dir, before, county.spec.code)
    is_imported = "cells" in frames
    if not is_imported:
        cells, found = derive_cells(county, known=known_digits(data_dir, known))
        faults = limit_alike([*faults, *found])
        frames |= cells
    told: dict[str, Any] = {}
    if "cells" in frames:
        drawn = GeoDataFrame(frames["cells"])
        frames["cells"], told, found = settle_cells(data_dir, known, county, drawn, imported=is_imported)
        faults = limit_alike([*faults, *found])
    sweep_drafts(data_dir)
    layers = {name: _entry(county, name, frame, data_dir) for name, frame in frames.items()}
    manifest = _still_adopted(data_dir, _manifest(county, layers, faults, cells=told), known)
    write_build(data_dir, manifest)
    return BuildReport(manifest["version"], tuple(faults), stored=before != manifest["version"])


def check_county(county_toml: Path, *, within: Path | None = None) -> list[Fault]:
    """Return all faults of a county file and its sources, storing nothing.

    Parameters
    ----------
    county_toml
    within
        As for ``build_county``.

    Returns
    -------
    list of Fault
        Errors first, then warnings and notes.
    """
    county, faults = import_county(county_toml, within=within)
    if county is not None and _can_be_built(county, faults) and "cells" not in county.layers:
        return limit_alike([*faults, *derive_cells(county)[1]])
    return faults


def _can_be_built(county: ImportedCounty, faults: list[Fault]) -> bool:
    return not errors(faults) and all(name in county.layers for name in REQUIRED_LAYERS)


def _canonical(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in the order of their ids; roads stay in the order of their ways."""
    return frame if name == "roads" else frame.sort_index()


def _entry(county: ImportedCounty, name: str, frame: pd.DataFrame, data_dir: Path) -> dict[str, Any]:
    """Store a layer and return what the manifest says of it."""
    spec = county.spec.layers.get(name) or _derived(county)
    return {
        "version": write_layer(data_dir, name, frame),
        "count": len(frame),
        "source": spec.file or "derived",
        "licence": spec.licence or county.spec.licence,
        "origin": spec.origin,
        "reconstructed": list(spec.reconstructed),
    }


def _derived(county: ImportedCounty) -> LayerSpec:
    """Cells are as real as the villages and roads they are made from; how many live in each is an estimate."""
    sources = [county.spec.layers[name] for name in REQUIRED_LAYERS]
    reconstructed = ("geometry",) if any("geometry" in spec.reconstructed for spec in sources) else ()
    return LayerSpec("cells", None, reconstructed=(*reconstructed, "households"))


def _manifest(
    county: ImportedCounty, layers: dict[str, dict[str, Any]], faults: list[Fault], *, cells: dict[str, Any]
) -> Manifest:
    content: dict[str, Any] = {
        "name": county.spec.name,
        "code": county.spec.code,
        "crs": county.crs,
        "geographic_crs": geographic_crs(county.crs),
        "layers": {name: layers[name] for name in SCHEMAS if name in layers},
        "totals": dict(county.spec.totals),
    }
    if county.spec.services:  # counties without any keep the version that they have
        content["services"] = [dict(row) for row in county.spec.services]
    if cells:
        content["cells"] = cells
    return sealed(content, [_plain(fault) for fault in faults])


def _known_build(data_dir: Path, before: str | None, code: str) -> Manifest | None:
    """Return the build that counts until now, if it is this county's and can be read."""
    try:
        known = None if before is None else read_build(data_dir, before)
    except FaultsError:
        return None  # a damaged build is mended by building anew; the records of decisions stay
    return known if known is not None and known.get("code") == code else None


def _still_adopted(data_dir: Path, manifest: Manifest, known: Manifest | None) -> Manifest:
    """Return the build with the schemes that the county had adopted before it was built anew."""
    adopted = () if known is None else adopted_in(known)
    return with_adopted(data_dir, manifest, adopted) if adopted else manifest


def _plain(fault: Fault) -> dict[str, Any]:
    return {**{f.name: getattr(fault, f.name) for f in dataclasses.fields(fault)}, "params": dict(fault.params)}
