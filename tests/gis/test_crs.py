"""Datums and projections: published shifts, round trips, fitting zones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from gis.crs import DATUMS, fitting_crs, from_wgs84, geographic_crs, to_wgs84

CHINA_LON = st.floats(75, 134)
CHINA_LAT = st.floats(19, 53)


def test_the_gcj02_shift_at_linyi_is_half_a_kilometre():
    lon, lat = from_wgs84(np.array([116.861]), np.array([37.192]), datum="GCJ02")
    shift_m = Geod(ellps="WGS84").inv(116.861, 37.192, lon[0], lat[0])[2]
    assert 501 <= shift_m <= 552


def test_the_published_centre_point_agrees_in_both_datums():
    """facts.csv: 116.8614 E 37.1916 N is 116.867028 / 37.192044 in GCJ-02."""
    lon, lat = to_wgs84(116.867028, 37.192044, datum="GCJ02")
    assert lon == pytest.approx(116.8614, abs=2e-4)
    assert lat == pytest.approx(37.1916, abs=2e-4)


@given(CHINA_LON, CHINA_LAT, st.sampled_from(DATUMS))
def test_converting_there_and_back_moves_nothing(lon, lat, datum):
    there = from_wgs84(lon, lat, datum=datum)
    back = to_wgs84(*there, datum=datum)
    # BD-09's published inverse is itself only good to a few decimetres
    tolerance = 5e-6 if datum == "BD09" else 1e-8
    assert back[0] == pytest.approx(lon, abs=tolerance)
    assert back[1] == pytest.approx(lat, abs=tolerance)


def test_outside_china_nothing_is_shifted():
    lon, lat = to_wgs84(24.94, 60.17, datum="GCJ02")
    assert (float(lon), float(lat)) == (24.94, 60.17)


def test_an_unknown_datum_is_refused():
    with pytest.raises(ValueError, match="Beijing54"):
        to_wgs84(116.0, 37.0, datum="Beijing54")


@pytest.mark.parametrize(
    ("lon", "lat", "projected", "geographic"),
    [
        (116.86, 37.19, "EPSG:4548", "EPSG:4490"),
        (87.6, 43.8, "EPSG:4538", "EPSG:4490"),
        (24.94, 60.17, "EPSG:32635", "EPSG:4326"),
        (76.46, 15.34, "EPSG:32643", "EPSG:4326"),
        (-58.4, -34.6, "EPSG:32721", "EPSG:4326"),
    ],
)
def test_the_fitting_zone(lon, lat, projected, geographic):
    assert fitting_crs(lon, lat) == projected
    assert geographic_crs(projected) == geographic
