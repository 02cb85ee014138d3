"""Every point of a road lies in the cell of the unit nearest along the roads of its township, or in a scrap of it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from network_voronoi import distances_by_brute_force
from shapely import LineString, Point, box

from gis.grid import draw_cells

CRS = "EPSG:4548"
ORIGIN = np.array([490_000.0, 4_117_000.0])
NEAR_M = 0.6
"""Beside a change of owner or another road the nearer point may decide."""


def random_county(seed: int):
    """Two townships; bent roads, some bridges, motorways, islands; units beside them, on them, two on one spot."""
    rng = np.random.default_rng(seed)
    nodes = ORIGIN + rng.uniform(0, 4000, (int(rng.integers(6, 16)), 2))
    ends, lines, classes, bridges = [], [], [], []
    for u in range(len(nodes)):
        near = np.argsort(np.hypot(*(nodes - nodes[u]).T))[1 : 1 + int(rng.integers(1, 4))]
        for v in near.tolist():
            if (v, u) in ends or (u, v) in ends:
                continue
            bends = np.linspace(0, 1, int(rng.integers(2, 5)))[1:-1, None]
            inner = nodes[u] + bends * (nodes[v] - nodes[u]) + rng.normal(0, 80, (len(bends), 2))
            ends.append((u, v))
            lines.append(LineString(np.concatenate([nodes[u : u + 1], inner, nodes[v : v + 1]])))
            classes.append(str(rng.choice(["residential", "tertiary", "motorway"], p=[0.5, 0.4, 0.1])))
            bridges.append(bool(rng.random() < 0.1))
    roads = gpd.GeoDataFrame(
        {
            "u": [u for u, _ in ends],
            "v": [v for _, v in ends],
            "length_m": [line.length for line in lines],
            "road_class": classes,
            "bridge": bridges,
            "oneway": rng.random(len(ends)) < 0.3,
        },
        geometry=lines,
        crs=CRS,
    )
    spots = [tuple(xy) for xy in ORIGIN + rng.uniform(50, 3950, (int(rng.integers(2, 6)), 2))]
    spots += [tuple(xy) for xy in nodes[rng.integers(0, len(nodes), 2)]]  # at a node
    line = lines[int(rng.integers(len(lines)))]
    spots += [line.interpolate(share, normalized=True).coords[0] for share in rng.random(2)]  # two on one arc
    spots += [spots[int(rng.integers(len(spots)))]]  # on one point
    spots = [(float(x), float(y)) for x, y in spots]
    border = float(ORIGIN[0] + rng.uniform(1000, 3000))
    (left, low), (right, high) = ORIGIN - 100, ORIGIN + 4100
    townships = gpd.GeoDataFrame(
        geometry=[box(left, low, border, high), box(border, low, right, high)], index=["w", "e"], crs=CRS
    )
    units = gpd.GeoDataFrame(
        {"name": [f"v{k}" for k in range(len(spots))], "township_id": ["w" if x < border else "e" for x, _ in spots]},
        geometry=[Point(xy) for xy in spots],
        index=[f"v{k:02d}" for k in range(len(spots))],
        crs=CRS,
    )
    return units, townships, roads, rng


@pytest.mark.parametrize("block", range(20))
def test_the_cell_of_a_road_point_is_that_of_the_unit_nearest_by_road(block):
    asked = 0
    for seed in range(10 * block, 10 * block + 10):
        units, townships, roads, rng = random_county(seed)
        drawn = draw_cells(units, townships, None, roads, county_code="371424")
        assert drawn.doubtful_m == 0
        for township, outline in townships.geometry.items():
            cells = drawn.cells[drawn.cells.township_id == township].set_index("village_id").geometry
            inside = {unit: (p.x, p.y) for unit, p in units[units.township_id == township].geometry.items()}
            points = [(k, float(rng.uniform(0, roads.length_m.iloc[k]))) for k in range(len(roads)) for _ in range(6)]
            points = [p for p in points if outline.contains(roads.geometry.iloc[p[0]].interpolate(p[1]))]
            for (piece, at), metres in distances_by_brute_force(roads, inside, outline, points).items():
                spot = roads.geometry.iloc[piece].interpolate(at)
                others = roads.geometry.drop(roads.index[piece])
                if not inside or spot.distance(shapely.union_all(others.to_numpy())) < NEAR_M:
                    continue
                if not metres:  # no unit of the township gets there by road
                    metres = {unit: spot.distance(Point(xy)) for unit, xy in inside.items()}  # noqa: PLW2901
                allowed = {unit for unit, d in metres.items() if d < min(metres.values()) + 2 * NEAR_M}
                owner = set(cells.index[cells.intersects(spot)])
                scraps = [one for one in drawn.scraps if one.of in allowed and one.ground.intersects(spot)]
                told = (seed, township, piece, at, metres, owner)
                assert owner & allowed or owner & {one.to for one in scraps}, told
                asked += len(allowed) == 1
    assert asked > 300


@pytest.mark.parametrize("seed", range(40))
def test_cells_fill_their_township_without_overlap_and_every_unit_has_one_or_is_named(seed):
    units, townships, roads, _ = random_county(seed)
    drawn = draw_cells(units, townships, None, roads, county_code="371424")
    assert drawn.cells.is_valid.all()
    if set(townships.index) != set(drawn.cells.township_id):  # one without any unit: the neighbours have its ground
        townships = townships.dissolve().set_axis(["both"])
        drawn.cells["township_id"] = "both"
    for township, outline in townships.geometry.items():
        cells = drawn.cells.geometry[drawn.cells.township_id == township]
        assert cells.area.sum() == pytest.approx(outline.area, abs=1e-2)
        assert shapely.union_all(cells.to_numpy()).symmetric_difference(outline).area < 1e-2
    named = [*drawn.cells.village_id, *drawn.stands_with, *drawn.without_cell]
    assert sorted(named) == sorted(units.index)
    assert len(drawn.stands_with) == len(units) - units.geometry.drop_duplicates().size
    for unit in drawn.without_cell:  # it stands on a bridge or a motorway that it may not join
        near = roads[roads.distance(units.geometry[unit]) < 1e-6]
        assert (near.bridge | (near.road_class == "motorway")).all()
        assert len(near)
