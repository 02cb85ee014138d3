"""Write lines as OpenStreetMap PBF files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
from numpy.typing import NDArray

from layers.reconstruction.facts import GEOGRAPHIC_CRS, METRIC_CRS

Way = tuple[list[int], Mapping[str, str]]


def write_osm(path: Path, *, xy: NDArray[np.float64], ways: Iterable[Way]) -> None:
    """Write nodes and ways; an existing file is replaced.

    Parameters
    ----------
    path
        File name ending in ``.osm.pbf``.
    xy : (n, 2) metres
        Node positions in EPSG:4548; node ``k`` gets the id ``k + 1``, unused ones are left out.
    ways
        Node numbers and tags; ids count from 1.
    """
    ways = list(ways)
    points = gpd.points_from_xy(xy[:, 0], xy[:, 1], crs=METRIC_CRS).to_crs(GEOGRAPHIC_CRS)
    lon, lat = np.round(points.x, 7).tolist(), np.round(points.y, 7).tolist()
    path.unlink(missing_ok=True)
    writer = osmium.SimpleWriter(str(path))
    try:
        for node in sorted({node for row, _ in ways for node in row}):
            writer.add_node(osmium.osm.mutable.Node(id=node + 1, version=1, location=(lon[node], lat[node])))
        for number, (row, tags) in enumerate(ways, start=1):
            nodes = [node + 1 for node in row]
            writer.add_way(osmium.osm.mutable.Way(id=number, version=1, nodes=nodes, tags=dict(tags)))
    finally:
        writer.close()
