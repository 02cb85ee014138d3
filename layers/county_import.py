"""From a county file to checked layers: every source read, every fault known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from geopandas import GeoDataFrame

from gis.crs import fitting_crs, geographic_crs, is_made_for
from gis.faults import Fault, FaultsError
from layers.checks.checking import check_layers, limit_alike
from layers.county_file import parse_county_file
from layers.county_spec import CountySpec
from layers.imported_county import ImportedCounty
from layers.imported_layer import ImportedLayer
from layers.sources.importing import import_layer, import_roads
from layers.sources.ways import Ways, node_ways


def import_county(county_toml: Path, *, within: Path | None = None) -> tuple[ImportedCounty | None, list[Fault]]:
    """Read and check everything that a county file names.

    Parameters
    ----------
    county_toml
    within
        If given, sources outside this folder are refused.

    Returns
    -------
    ImportedCounty or None
        ``None`` if nothing could be read that says where the county is.
    list of Fault
        Of the file, the sources and the checks across layers: all of them.
    """
    spec, faults = parse_county_file(county_toml, within=within)
    if spec is None:
        return None, faults
    ways, layers = _read_sources(spec, faults)
    middle = _middle(ways, layers)
    if middle is None:
        return None, limit_alike(faults)
    crs = spec.crs or fitting_crs(*middle)
    if not is_made_for(crs, *middle):
        faults.append(Fault("crs-elsewhere", file=county_toml.name, field="county.crs", value=crs))
        crs = fitting_crs(*middle)
    geographic = geographic_crs(crs)
    layers = {name: _relabelled(layer, geographic) for name, layer in layers.items()}
    if ways is not None:
        roads = node_ways(ways, projected=crs, geographic=geographic)
        if len(roads):
            layers["roads"] = ImportedLayer(spec.layers["roads"], roads, np.zeros(len(roads), dtype=np.int64))
        else:
            faults.append(Fault("empty-layer", layer="roads", file=spec.layers["roads"].file))
    return check_layers(ImportedCounty(spec, crs, layers), known=faults)


def _read_sources(spec: CountySpec, faults: list[Fault]) -> tuple[Ways | None, dict[str, ImportedLayer]]:
    ways: Ways | None = None
    layers: dict[str, ImportedLayer] = {}
    for name, layer_spec in spec.layers.items():
        try:
            if name == "roads":
                ways, found = import_roads(layer_spec)
            else:
                layers[name], found = import_layer(layer_spec)
            faults += found
        except FaultsError as error:
            faults += error.faults
    return ways, {name: layer for name, layer in layers.items() if len(layer.frame)}


def _middle(ways: Ways | None, layers: dict[str, ImportedLayer]) -> tuple[float, float] | None:
    """Return longitude and latitude of the middle of the roads, else of the villages."""
    if ways is not None:
        return float(np.median(ways.lon)), float(np.median(ways.lat))
    if "villages" not in layers:
        return None
    lon, lat = np.median(shapely.get_coordinates(layers["villages"].frame.geometry.to_numpy()), axis=0)
    return float(lon), float(lat)


def _relabelled(layer: ImportedLayer, geographic: str) -> ImportedLayer:
    """Call WGS-84 degrees CGCS2000 where the county is measured in that: they agree to centimetres."""
    if not isinstance(layer.frame, GeoDataFrame):
        return layer
    return layer.with_frame(layer.frame.set_crs(geographic, allow_override=True))
