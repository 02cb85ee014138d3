"""Points that are one point, whatever grid they are rounded to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from layers.sources.lines.coincidence import merge_points
from layers.sources.ways import ways_from_lines


def test_points_a_centimetre_apart_are_one_node_wherever_they_lie() -> None:
    for shift in np.linspace(0, 3e-7, 61):
        lines = np.array(
            [
                shapely.LineString([(116.9 + shift, 37.2), (116.91, 37.2)]),
                shapely.LineString([(116.9 + shift + 1e-7, 37.2), (116.89, 37.2)]),
            ],
            dtype=object,
        )
        ways = ways_from_lines(lines, pd.DataFrame({"way": ["0", "1"]}))
        assert ways.node[0] == ways.node[2]
        assert ways.lon[0] == ways.lon[2]


def test_small_steps_do_not_merge_a_row_of_points() -> None:
    xy = np.column_stack([np.arange(1000) * 0.008, np.zeros(1000)])
    stands = merge_points(xy)
    assert np.hypot(*(xy[stands] - xy).T).max() <= 0.0115
    assert np.unique(stands).size > 300
    np.testing.assert_array_equal(stands[stands], stands)
