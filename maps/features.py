"""Layer frames as GeoJSON, as the API serves them."""

import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.travel_modes import THROUGH_CLASSES

_DECIMALS = 6
"""Of a degree: a decimetre."""


def feature_collection(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return `frame` (lon/lat) as a FeatureCollection.

    Parameters
    ----------
    frame
        Geometries in degrees, index = ids.
    """
    table = frame.drop(columns=frame.geometry.name)
    records = table.astype(object).to_dict("records")
    geometries = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy.round(_DECIMALS))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": str(name),
                "properties": {key: plain_value(value) for key, value in record.items()},
                "geometry": shapely.geometry.mapping(geometry) if geometry is not None else None,
            }
            for name, record, geometry in zip(frame.index, records, geometries, strict=True)
        ],
    }


def merge_roads(roads: gpd.GeoDataFrame, *, streets: bool = False) -> gpd.GeoDataFrame:
    """Join road pieces into one MultiLineString for each (road_class, bridge), for drawing only.

    A page draws ten shapes instead of twenty thousand. With `streets`, only the classes of village streets and paths;
    without, only through roads.
    """
    through = roads["road_class"].str.removesuffix("_link").isin(THROUGH_CLASSES)
    kept = roads[~through if streets else through]
    bridges = kept["bridge"].astype(bool) if "bridge" in kept.columns else kept["road_class"].eq("")
    rows = []
    for (road_class, bridge), part in kept.groupby([kept["road_class"], bridges], sort=True):
        line = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(part.geometry.to_numpy())))
        rows.append({"road_class": str(road_class), "bridge": bool(bridge), "geometry": line})
    index = [f"{row['road_class']}{'-bridge' if row['bridge'] else ''}" for row in rows]
    columns = ["road_class", "bridge", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, index=index, geometry="geometry", crs=roads.crs)


def plain_value(value: Any) -> Any:
    """Return the scalar `value` as JSON knows it: numpy scalars unpacked; NaN, NA and infinity as null."""
    if isinstance(value, np.generic):
        value = value.item()
    if pd.isna(value) or (isinstance(value, float) and math.isinf(value)):
        return None
    return value if isinstance(value, bool | int | float | str) else str(value)
