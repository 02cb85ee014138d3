"""Three rivers from south-west to north-east, as rivers of the Lubei plain run."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, Polygon

from layers.reconstruction.curves import draw_curve
from layers.reconstruction.facts import METRIC_CRS

_SKETCH_KM: dict[str, list[tuple[float, float]]] = {
    "徒骇河": [
        (472.0, 4096.5),
        (476.5, 4099.3),
        (482.0, 4101.2),
        (487.5, 4105.6),
        (493.0, 4108.8),
        (499.0, 4111.2),
        (508.0, 4113.0),
    ],
    "德惠新河": [
        (470.0, 4118.0),
        (475.5, 4119.6),
        (482.0, 4122.4),
        (488.0, 4124.6),
        (494.0, 4126.4),
        (498.5, 4130.0),
        (504.0, 4132.2),
    ],
    "马颊河": [(484.0, 4142.2), (489.0, 4144.6), (493.0, 4148.6), (497.5, 4150.4), (506.0, 4153.6)],
}
"""Kilometres of EPSG:4548. The names are real; the courses are sketched from general geography."""


def draw_rivers(outline: Polygon, *, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Draw the rivers from border to border.

    Parameters
    ----------
    outline
        County outline in EPSG:4548.
    rng
        Source of chance: shifts the sketched points by up to 250 m.

    Returns
    -------
    GeoDataFrame
        Index 0…; ``name``, LineString in EPSG:4548, vertices in the direction of flow.
    """
    courses = []
    for sketch in _SKETCH_KM.values():
        points = np.array(sketch) * 1000.0
        line = LineString(
            draw_curve(points + rng.uniform(-250, 250, points.shape), rng=rng, wander=0.035, step_m=150.0)
        )
        inside = shapely.get_parts(shapely.intersection(line, outline))
        courses.append(max(inside, key=lambda part: part.length))
    return gpd.GeoDataFrame({"name": list(_SKETCH_KM)}, geometry=courses, crs=METRIC_CRS)
