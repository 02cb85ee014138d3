"""Random road layers drawn as people draw them, and the same roads drawn otherwise."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import shapely
from shapely.ops import substring

from gis.travel_modes import MODES

CLASSES = ("motorway", "motorway_link", "primary", "tertiary", "residential", "service", "footway")


def random_roads(rng, *, junctions=14, spread_m=4_000.0, plain=False):
    """Bent roads between random junctions: several classes, one-ways, bridges, tunnels, stated speeds."""
    xy = rng.uniform(0, spread_m, (junctions, 2))
    far = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    pairs = {tuple(sorted((a, int(b)))) for a in range(junctions) for b in np.argsort(far[a])[1:4]}
    rows = []
    for a, b in sorted(pairs):
        inner = xy[a] + np.sort(rng.random(rng.integers(0, 4)))[:, None] * (xy[b] - xy[a])
        stated = float(rng.choice([np.nan, 37.0]))  # the other direction alone cannot be stated
        line = shapely.LineString([xy[a], *(inner + rng.normal(0, 60, inner.shape)), xy[b]])
        rows.append(
            {
                "road_class": "residential"
                if plain
                else str(rng.choice(CLASSES, p=[0.05, 0.05, 0.2, 0.2, 0.3, 0.1, 0.1])),
                "oneway": bool(rng.random() < 0.15),
                "bridge": bool(not plain and rng.random() < 0.06),
                "tunnel": bool(not plain and rng.random() < 0.04),
                "motorroad": bool(not plain and rng.random() < 0.04),
                "speed_kmh": stated,
                "speed_back_kmh": float(rng.choice([np.nan, 23.0])) + 0 * stated,
                "foot": "",
                "bicycle": str(rng.choice(["", "", "", "no", "forward"])),
                "motorcar": "",
                "geometry": line,
            }
        )
    return numbered(gpd.GeoDataFrame(rows, crs="EPSG:4548"))


def numbered(roads):
    """Give the ends of the lines their node numbers and the lines their lengths."""
    ends = np.array([[line.coords[0], line.coords[-1]] for line in roads.geometry])
    number = np.unique(np.round(ends.reshape(-1, 2), 6), axis=0, return_inverse=True)[1].reshape(-1, 2)
    return roads.assign(u=number[:, 0], v=number[:, 1], length_m=shapely.length(roads.geometry.to_numpy()))


def drawn_otherwise(roads, rng, *, steps_m=(2.0, 2_000.0)):
    """The same roads split at random points, shuffled, some of their lines turned round."""
    rows = []
    for row in roads.to_dict("records"):
        line, at = row["geometry"], [0.0]
        while at[-1] < line.length:
            at.append(at[-1] + float(np.exp(rng.uniform(*np.log(steps_m)))))
        cuts = [*at[:-1], line.length] if line.length - at[-2] > 0.5 else [*at[:-2], line.length]
        rows += [{**row, "geometry": substring(line, a, b)} for a, b in itertools.pairwise(cuts)]
    rows = [turned(rows[k]) if rng.random() < 0.5 else rows[k] for k in rng.permutation(len(rows))]
    return numbered(gpd.GeoDataFrame(_with_ends_joined(rows), crs=roads.crs))


def turned(row):
    """The same piece of road, its line the other way round."""
    swapped = {"forward": "backward", "backward": "forward"}
    said = {name: swapped.get(row[name], row[name]) for name in ("foot", "bicycle", "motorcar")}
    if row["oneway"]:
        for name, mode in (("bicycle", "e-bike"), ("motorcar", "car")):
            if row["road_class"].removesuffix("_link") in MODES[mode].speeds_kmh:  # a word would open other classes
                said[name] = said[name] or "backward"
    back = row["speed_back_kmh"]
    speeds = {"speed_kmh": row["speed_kmh"] if np.isnan(back) else back, "speed_back_kmh": row["speed_kmh"]}
    return {**row, **said, **speeds, "oneway": False, "geometry": row["geometry"].reverse()}


def _with_ends_joined(rows):
    """Cuts are computed from both sides; give them one position to the micrometre."""
    return [{**row, "geometry": shapely.set_precision(row["geometry"], 1e-6, mode="pointwise")} for row in rows]
