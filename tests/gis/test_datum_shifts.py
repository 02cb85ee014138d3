"""Which datums agree with WGS 84, and what is known of the others."""

from __future__ import annotations

import numpy as np
import pytest

from gis.datum_shifts import agrees_with_wgs84, find_datum_shift
from gis.zones import find_mistake

ESRI = (
    'GEOGCS["GCS",DATUM["{datum}",SPHEROID["S",{axis},298.257]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]]'
)


@pytest.mark.parametrize(
    ("name", "agrees"),
    [
        ("EPSG:4326", True),
        ("EPSG:4490", True),
        ("EPSG:4548", True),
        ("EPSG:3857", True),
        ("EPSG:32650", True),
        ("EPSG:4979", True),
        ("EPSG:4258", True),
        ("EPSG:4214", False),
        ("EPSG:4610", False),
        ("EPSG:4301", False),
        ("EPSG:2383", False),
        (ESRI.format(datum="D_China_2000", axis="6378137.0"), True),
        (ESRI.format(datum="D_WGS_1984", axis="6378137.0"), True),
        (ESRI.format(datum="D_Unknown_based_on_GRS80_ellipsoid", axis="6378137.0"), True),
        (ESRI.format(datum="D_Unknown_based_on_Krasovsky", axis="6378245.0"), False),
        (ESRI.format(datum="D_Xian_1980", axis="6378140.0"), False),
        ("+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3 +no_defs", False),
    ],
)
def test_datums_that_agree_with_wgs84(name: str, agrees: bool) -> None:
    assert agrees_with_wgs84(name) == agrees


def test_land_comes_before_sea_where_both_boxes_hold_a_point() -> None:
    shift = find_datum_shift("EPSG:4230", [10.0], [50.0])
    assert shift is not None
    assert "onshore" in shift.area.lower()


def test_parameters_that_a_file_brings_along_are_used_with_unknown_accuracy() -> None:
    shift = find_datum_shift("+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3 +no_defs", [116.8], [37.2])
    assert shift is not None
    assert np.isnan(shift.accuracy_m)
    lon, lat = shift.to_degrees([116.8], [37.2])
    assert 20 < np.hypot((lon[0] - 116.8) * 88_600, (lat[0] - 37.2) * 111_000) < 200


def test_units_and_meridians_of_old_systems_are_minded() -> None:
    shift = find_datum_shift("EPSG:4807", [0.0], [54.3])  # grades from Paris
    assert shift is not None
    lon, lat = shift.to_degrees([0.0], [54.3])
    np.testing.assert_allclose([lon[0], lat[0]], [2.3365, 48.87], atol=2e-3)


@pytest.mark.parametrize(
    ("x", "y", "crs"), [(490e3, 4117e3, "EPSG:4548"), (39490e3, 4117e3, "EPSG:4527"), (116.8, 37.2, "EPSG:4326")]
)
def test_coordinates_where_their_crs_is_meant_for_are_no_mistake(x: float, y: float, crs: str) -> None:
    assert find_mistake(np.array([x]), np.array([y]), crs) is None


def test_one_slip_of_the_pen_does_not_condemn_a_layer() -> None:
    x, y = np.full(9, 490e3), np.full(9, 4117e3)
    x[0], y[0] = y[0], x[0]
    assert find_mistake(x, y, "EPSG:4548") is None
