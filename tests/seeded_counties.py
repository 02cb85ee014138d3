"""Counties of several kinds from a seed: outlines, villages with people, and roads whose ends are nodes, in metres."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
from shapely import LineString, MultiPolygon, Point, Polygon, box

from gis.grid import DrawnCells, draw_cells

CRS = "EPSG:4548"
EAST, NORTH = 490_000.0, 4_117_000.0


class SeededCounty(NamedTuple):
    units: gpd.GeoDataFrame
    townships: gpd.GeoDataFrame | None
    county: gpd.GeoDataFrame | None
    roads: gpd.GeoDataFrame


def _units(places, people, townships=None):
    ids = [f"371499{k // 40 + 1:03d}{k % 40 + 1:03d}" for k in range(len(places))]
    columns = {"name": [f"村{k}" for k in range(len(places))], "resident": people}
    if townships:
        columns["township_id"] = townships
    return gpd.GeoDataFrame(columns, geometry=[Point(EAST + x, NORTH + y) for x, y in places], index=ids, crs=CRS)


def _roads(lines):
    """Pieces from node to node; every line is one."""
    ends = [(tuple(line[0]), tuple(line[-1])) for line in lines]
    nodes = {xy: k for k, xy in enumerate(dict.fromkeys(xy for pair in ends for xy in pair))}
    shapes = [LineString([(EAST + x, NORTH + y) for x, y in line]) for line in lines]
    columns = {"u": [nodes[a] for a, _ in ends], "v": [nodes[b] for _, b in ends]}
    return gpd.GeoDataFrame({**columns, "length_m": [s.length for s in shapes]}, geometry=shapes, crs=CRS)


def _frame(shapes, names):
    return gpd.GeoDataFrame({"name": names}, geometry=[_moved(s) for s in shapes], index=names, crs=CRS)


def _moved(shape):
    if isinstance(shape, MultiPolygon):
        return MultiPolygon([_moved(one) for one in shape.geoms])
    return Polygon([(EAST + x, NORTH + y) for x, y in shape.exterior.coords])


def grid_county(seed):
    """Streets a kilometre apart, large villages at their crossings, two townships."""
    rng = np.random.default_rng(seed)
    spots = [(x * 1000, y * 1000) for x in range(5) for y in range(4)]
    lines = [[(x, y), (x + 1000, y)] for x, y in spots if x < 4000]
    lines += [[(x, y), (x, y + 1000)] for x, y in spots if y < 3000]
    chosen = [spots[k] for k in rng.permutation(len(spots))[:9]]
    halves = [box(-500, -500, 2200, 3500), box(2200, -500, 4500, 3500)]
    where = ["w" if x < 2200 else "e" for x, _ in chosen]
    people = rng.integers(200, 4000, len(chosen))
    outline = _frame([box(-500, -500, 4500, 3500)], ["county"])
    return SeededCounty(_units(chosen, people, where), _frame(halves, ["w", "e"]), outline, _roads(lines))


def scattered_county(seed):
    """No townships; villages anywhere, each with a lane to the next, crossings without junction; a ragged outline."""
    rng = np.random.default_rng(seed)
    spots = rng.uniform(0, 8000, (40, 2)).round(1)
    lines = [[tuple(spots[k]), tuple(spots[k] + rng.uniform(-300, 300, 2)), tuple(spots[k + 1])] for k in range(39)]
    lines += [[tuple(spots[a]), tuple(spots[b])] for a, b in rng.integers(0, 40, (25, 2)) if a != b]
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    reach = rng.uniform(6500, 8500, 60)
    outline = Polygon(np.column_stack([4000 + reach * np.cos(angles), 4000 + reach * np.sin(angles)]))
    return SeededCounty(_units(spots, rng.integers(50, 1500, 40)), None, _frame([outline], ["county"]), _roads(lines))


def line_county(seed):
    """One long road through slanting townships, and no outline of the county."""
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(0, 30_000, 16)).round(1)
    spots = [(float(a), float(b)) for a, b in zip(x, rng.uniform(-700, 700, 16).round(1), strict=True)]
    lines = [[(k * 1500.0, 0.0), ((k + 1) * 1500.0, 0.0)] for k in range(20)]
    cuts = [-2000, *np.sort(rng.uniform(5000, 25_000, 2)).round(1), 32_000]
    shapes = [Polygon([(a, -1500), (b, -1500), (b + 900, 1500), (a + 900, 1500)]) for a, b in pairwise(cuts)]
    where = [next(f"t{k}" for k, s in enumerate(shapes) if s.covers(Point(spot))) for spot in spots]
    return SeededCounty(
        _units(spots, rng.integers(50, 2500, 16), where), _frame(shapes, ["t0", "t1", "t2"]), None, _roads(lines)
    )


def scrappy_county(seed):
    """Townships with an exclave, with a strip between them and beyond the county; roads bridged over each other."""
    rng = np.random.default_rng(seed)
    west = MultiPolygon([box(0, 0, 4000, 6000), box(9000, 2000, 11_000, 4000)])
    east = Polygon([(4120, -300), (9000, -300), (9000, 6000), (4120, 6000)])
    inner = [rng.uniform((100, 100), (3900, 5900), (8, 2)), rng.uniform((4300, 100), (8800, 5900), (10, 2))]
    spots = [tuple(xy) for xy in np.concatenate(inner).round(1)]
    lines = []
    for rows in (list(range(8)), list(range(8, 18))):
        lines += [[spots[a], spots[b]] for a, b in pairwise(rows)]
        lines += [[spots[a], spots[b]] for a, b in rng.choice(rows, (6, 2)) if a != b]
    county = _frame(
        [
            Polygon(
                [(0, 0), (9000, 0), (9000, 2000), (11_000, 2000), (11_000, 4000), (9000, 4000), (9000, 6000), (0, 6000)]
            )
        ],
        ["county"],
    )
    where = ["w"] * 8 + ["e"] * 10
    return SeededCounty(
        _units(spots, rng.integers(50, 1200, 18), where), _frame([west, east], ["w", "e"]), county, _roads(lines)
    )


KINDS = {"grid": grid_county, "scattered": scattered_county, "line": line_county, "scrappy": scrappy_county}


@cache
def drawn_county(kind: str, seed: int) -> tuple[SeededCounty, DrawnCells]:
    """A county and its cells, drawn once: do not change them."""
    county = KINDS[kind](seed)
    return county, draw_cells(*county, county_code="371499")
