"""The last number that fits, and the first that does not."""

from __future__ import annotations

import numpy as np
import pytest
from geopandas import GeoDataFrame, points_from_xy

from gis.cell_codes import cell_codes
from gis.whole_numbers import whole_numbers


def test_a_float_that_64_bits_cannot_hold_is_refused_and_the_one_before_is_read() -> None:
    before = float(np.nextafter(2.0**63, 0))
    assert whole_numbers([before], name="arcs").tolist() == [int(before)]
    with pytest.raises(OverflowError, match="too large"):
        whole_numbers([2.0**63], name="arcs")


def test_a_township_holds_999_villages_and_no_more() -> None:
    def units(count: int) -> GeoDataFrame:
        x = np.arange(count, dtype=np.float64)
        return GeoDataFrame({"township_id": "T"}, index=[f"v{k}" for k in range(count)], geometry=points_from_xy(x, x))

    codes = cell_codes(units(999), county_code="371499")
    assert (codes[-1], len(set(codes))) == ("371499001999001", 999)
    with pytest.raises(ValueError, match="999 villages"):
        cell_codes(units(1000), county_code="371499")
