"""Cells that the office has settled stay when the county is drawn anew; the others are drawn round them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from gis.cells.arrangement import arrange, dissolve, grounds_of
from gis.cells.scraps import find_scraps, give_scraps, places_of


def draw_around(
    settled: GeoDataFrame, drawn: GeoDataFrame, *, townships: GeoDataFrame | None, county: shapely.Geometry | None
) -> GeoDataFrame:
    """Draw cells round others that stay as they are.

    Parameters
    ----------
    settled
        Cells that stay, as far as they lie in the county.
    drawn
        Those of the villages that have no settled cell; all frames in metres.
    townships, county
        Outlines.

    Returns
    -------
    GeoDataFrame
        Both; what neither has goes to the neighbour with the longest border.
    """
    together = GeoDataFrame(pd.concat([settled, drawn[list(settled.columns)]]), crs=drawn.crs)
    outline = shapely.union_all(drawn.geometry.to_numpy()) if county is None else county
    grounds = together.geometry.to_numpy()
    pieces = arrange(grounds, outline)
    region, outlines = np.zeros(len(together), dtype=np.int64), [outline]
    if townships is not None and "township_id" in together:
        ids = together["township_id"].astype(str).to_list()
        region = pd.Index(townships.index.astype(str)).get_indexer(ids).astype(np.int64)
        outlines = list(townships.geometry)
    place = places_of(pieces, region, outlines)
    place[pieces.owner < len(settled)] = np.maximum(place[pieces.owner < len(settled)], 0)  # they go where they are
    scrap = find_scraps(pieces, place, shapely.point_on_surface(grounds))
    owner = give_scraps(pieces, scrap, place, np.arange(len(together)))
    found = grounds_of(dissolve(pieces.ground, owner), len(together))
    there = ~shapely.is_missing(found)
    return together[there].set_geometry(found[there])
