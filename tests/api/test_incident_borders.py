"""A point on the border of several cells belongs to the one of the lowest code, however the layer is ordered."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from callers import call
from shapely import Point, box

from gis.grid import CellIndex
from layers.county import open_county


@pytest.fixture(scope="module")
def border_points(toy_data):
    """Points on borders of the toy county's cells, with the codes of all cells that they touch."""
    cells = open_county(toy_data).layer("cells")
    points = {}
    for one, other in itertools.combinations(cells.index, 2):
        shared = cells.geometry[one].intersection(cells.geometry[other])
        for vertex in shapely.get_coordinates(shared).tolist():
            touched = cells.index[cells.intersects(Point(vertex))].tolist()
            if len(touched) > 1:
                points[tuple(vertex)] = touched
    return points


def test_the_lowest_code_takes_the_border(border_points, settings):
    assert len(border_points) >= 10
    with call(settings) as client:
        for number, ((lon, lat), touched) in enumerate(border_points.items()):
            body = {"category": "traffic", "lon": lon, "lat": lat, "idempotency_key": f"border{number}"}
            assert client.post("/api/incidents", json=body).json()["cell"] == min(touched)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_the_order_of_the_layer(toy_data, border_points, seed):
    cells = open_county(toy_data).layer("cells")
    index = CellIndex(cells.iloc[np.random.default_rng(seed).permutation(len(cells))])
    assert {point: index.cell_at(*point) for point in border_points} == {
        point: min(touched) for point, touched in border_points.items()
    }


def test_a_corner_of_four(toy_data):
    cells = open_county(toy_data).layer("cells").iloc[:4].copy()
    codes = ["371499002001001", "371499001001001", "371499001002001", "371499002002001"]
    cells.geometry = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2)]
    assert CellIndex(cells.set_axis(codes)).cell_at(1, 1) == "371499001001001"
