"""Positions as people write them and surveys deliver them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st

from gis.faults import Fault
from layers.county_spec import LayerSpec
from layers.imported_layer import ImportedLayer
from layers.sources.angles import read_angles
from layers.sources.importing import import_layer

LON, LAT = 116 + 53 / 60 + 15 / 3600, 37 + 11 / 60 + 4.44 / 3600
POSITION = {"lon": "lon", "lat": "lat"}


def read(path: Path, lon: list[str], lat: list[str], **options: object) -> tuple[ImportedLayer, list[Fault]]:
    rows = [f"{k}\t村{k}\t{x}\t{y}\t5" for k, (x, y) in enumerate(zip(lon, lat, strict=True))]
    path.write_text("\n".join(["id\tname\tlon\tlat\tresident", *rows]) + "\n", encoding="utf-8")
    return import_layer(LayerSpec("villages", path, **options))  # type: ignore[arg-type]


FORMS = [
    ("116°53′15″", "37°11′4.44″"),
    ("116°53′15″E", "37°11′4.44″N"),
    ("E116°53'15\"", "N37°11'4.44\""),
    ("116° 53' 15''", "37° 11' 4.44''"),
    ("116º53’15”", "37º11’4.44”"),
    ("116-53-15", "37-11-4.44"),
    ("116:53:15", "37:11:4.44"),
    ("116 53 15", "37 11 4.44"),
    ("东经116度53分15秒", "北纬37度11分4.44秒"),
    ("１１６°５３′１５″", "３７°１１′４.４４″"),
    ("116°53.25′", "37°11.074′"),
    ("E116.8875", "N37.1845667"),
    ("116.8875°", "37.1845667°"),
]


@pytest.mark.parametrize(("lon", "lat"), FORMS)
def test_degrees_in_one_form_are_read_and_told_once(lon: str, lat: str, tmp_path: Path) -> None:
    layer, faults = read(tmp_path / "villages.csv", [lon, lon], [lat, lat])
    np.testing.assert_allclose(layer.frame.geometry.x, LON, atol=1e-7)
    np.testing.assert_allclose(layer.frame.geometry.y, LAT, atol=1e-7)
    assert [(f.code, f.severity, f.field, f.params["count"]) for f in faults] == [
        ("degrees-read-as", "note", "lon", 2),
        ("degrees-read-as", "note", "lat", 2),
    ]


def test_full_width_degrees_are_read_and_plain_ones_not_mentioned(tmp_path: Path) -> None:
    layer, [note] = read(tmp_path / "villages.csv", ["１１６．８８", "116.9"], ["37.2", "37.3"])
    assert (note.code, note.field, note.params["count"]) == ("degrees-read-as", "lon", 1)
    assert layer.frame.geometry.x.to_list() == [116.88, 116.9]


@pytest.mark.parametrize(("odd", "main"), [("116°53′15″", "116.88"), ("116-53-15", "116.88"), ("E116.9", "116.88")])
def test_a_row_in_another_form_is_refused_with_the_main_one(odd: str, main: str, tmp_path: Path) -> None:
    _, faults = read(tmp_path / "villages.csv", ["116.9", odd, "116.8"], ["37.2"] * 3)
    assert [(f.code, f.row, f.value, f.params["main"]) for f in faults] == [("mixed-degrees", 3, odd, main)]


@pytest.mark.parametrize("odd", ["116°61′15″", "116°53′75″", "116°53", "E116°W", "116.9.1", "约116", "-E116"])
def test_what_is_no_angle_is_refused_by_row(odd: str, tmp_path: Path) -> None:
    _, faults = read(tmp_path / "villages.csv", ["116°53′15″", odd, "116°50′15″"], ["37.2"] * 3)
    assert [(f.code, f.row, f.value) for f in faults if f.severity == "error"] == [("not-a-number", 3, odd)]


def test_degrees_run_together_are_named(tmp_path: Path) -> None:
    _, faults = read(tmp_path / "villages.csv", ["1165315.0", "1165415.5"], ["371104.4", "371204.4"])
    assert [(f.code, f.field, f.params["count"]) for f in faults] == [("packed-degrees", "lon, lat", 2)]


def test_letters_of_the_other_axis_are_told(tmp_path: Path) -> None:
    _, faults = read(tmp_path / "villages.csv", ["N37.2", "E116.9"], ["E116.9", "N37.2"])
    assert [(f.code, f.field, f.row) for f in faults if f.severity == "error"] == [
        ("letter-of-other-axis", "lon", 2),
        ("letter-of-other-axis", "lat", 2),
    ]


@pytest.mark.parametrize("pair", ["116.88,37.18", "37.18，116.88", "116.88 37.18", "(116.88; 37.18)", "116.88、37.18"])
def test_both_in_one_cell_are_read_when_named_for_both(pair: str, tmp_path: Path) -> None:
    layer, faults = read(tmp_path / "villages.csv", [pair] * 2, [""] * 2, fields={"lon": "lon", "lat": "lon"})
    assert faults == []
    assert (layer.frame.geometry.iloc[1].x, layer.frame.geometry.iloc[1].y) == (116.88, 37.18)
    _, faults = read(tmp_path / "villages.csv", [pair] * 2, [""] * 2)
    assert [(f.code, f.params["column"]) for f in faults] == [("both-in-one-cell", "lon")]


@given(st.integers(73, 135), st.integers(0, 59), st.floats(0, 59.99))
def test_minutes_and_seconds_add_up(degrees: int, minutes: int, seconds: float) -> None:
    wanted = degrees + minutes / 60 + round(seconds, 3) / 3600
    texts = [
        f"{degrees}°{minutes}′{seconds:.3f}″",
        f"W{degrees}-{minutes}-{seconds:.3f}",
        f"-{degrees} {minutes} {seconds:.3f}",
    ]
    np.testing.assert_allclose(
        read_angles(pd.Series(texts, dtype="str")).degrees, [wanted, -wanted, -wanted], atol=1e-9
    )


SLIPS = [
    # easting and northing as mapped, the CRS stated; what is said and which CRS is named
    (("4117000", "490000"), "EPSG:4548", "swapped-northing", "EPSG:4548"),
    (("4117000", "39490000"), "EPSG:4527", "swapped-northing", "EPSG:4527"),
    (("39490000", "4117000"), "EPSG:4548", "other-zone", "EPSG:4527"),
    (("490000", "4117000"), "EPSG:4527", "other-zone", "EPSG:4548"),
    (("20490000", "4117000"), "EPSG:4508", "other-zone", "EPSG:4498"),
    (("13011000", "4460000"), "EPSG:4548", "other-zone", "EPSG:3857"),
    (("4117000", "39490000"), "EPSG:4548", "swapped-northing-and-zone", "EPSG:4527"),
    (("116.88", "37.18"), "EPSG:4548", "degrees-not-metres", "EPSG:4490"),
    (("116.88", "37.18"), "EPSG:3857", "degrees-not-metres", "EPSG:4490"),
    (("39490000", "4117000"), "", "metres-not-degrees", "EPSG:4527"),
    (("20490000", "4117000"), "", "metres-not-degrees", "EPSG:4498"),
    (("13011000", "4460000"), "", "metres-not-degrees", "EPSG:3857"),
    (("4117000", "39490000"), "", "north-before-east", "EPSG:4527"),
    (("4117000", "490000"), "", "north-before-east", "EPSG:4548"),
    (("490000", "4117000"), "", "coordinate-out-of-range", None),
]


@pytest.mark.parametrize(("xy", "crs", "code", "likely"), SLIPS)
def test_slips_of_surveyors_are_named(
    xy: tuple[str, str], crs: str, code: str, likely: str | None, tmp_path: Path
) -> None:
    fields = {"lon": "lon", "lat": "lat"}
    layer, faults = read(tmp_path / "villages.csv", [xy[0]], [xy[1]], crs=crs, fields=fields)
    assert layer.frame.empty
    [fault] = faults
    assert (fault.code, fault.severity, fault.params.get("likely")) == (code, "error", likely)


def test_what_to_exchange_is_said_in_the_words_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "villages.csv"
    path.write_text("id,name,X,Y,resident\n1,甲,4117000,490000,5\n", encoding="utf-8")
    spec = LayerSpec("villages", path, crs="EPSG:4548", fields={"lon": "X", "lat": "Y"})
    [fault] = import_layer(spec)[1]
    assert (fault.params["lon"], fault.params["lat"]) == ("Y", "X")
    spec = LayerSpec("villages", path, crs="EPSG:4548", fields={"lon": "Y", "lat": "X"})
    layer, faults = import_layer(spec)
    assert faults == []
    assert layer.frame.geometry.iloc[0].x == pytest.approx(116.887382417, abs=1e-8)


DATUMS = [
    # CRS, longitude, latitude; severity of what is said, metres that it must be moved by
    ("EPSG:4214", 108.5, 37.2, "datum-transformed", 40, 80),
    ("EPSG:4214", 116.8, 37.2, "no-transformation", 0, 0),
    ("EPSG:4610", 116.8, 37.2, "no-transformation", 0, 0),
    ("EPSG:4555", 116.8, 37.2, "no-transformation", 0, 0),
    ("EPSG:4301", 139.7, 35.6, "datum-transformed", 300, 600),
    ("EPSG:4267", -100.0, 40.0, "datum-transformed", 20, 60),
    ("EPSG:4230", 10.0, 50.0, "datum-transformed", 80, 200),
]


@pytest.mark.parametrize("in_vector_file", [True, False])
@pytest.mark.parametrize(("crs", "lon", "lat", "code", "least_m", "most_m"), DATUMS)
def test_other_datums_are_transformed_or_refused(
    in_vector_file: bool, crs: str, lon: float, lat: float, code: str, least_m: float, most_m: float, tmp_path: Path
) -> None:
    if in_vector_file:
        frame = GeoDataFrame(
            {"id": ["1"], "name": ["甲"], "resident": [5]}, geometry=[shapely.Point(lon, lat)], crs=crs
        )
        pyogrio.write_dataframe(frame, tmp_path / "villages.gpkg")
        layer, faults = import_layer(LayerSpec("villages", tmp_path / "villages.gpkg"))
    else:
        layer, faults = read(tmp_path / "villages.csv", [str(lon)], [str(lat)], crs=crs)
    assert [fault.code for fault in faults] == [code]
    if code == "no-transformation":
        assert layer.frame.empty
        return
    x, y = layer.frame.geometry.x.iloc[0], layer.frame.geometry.y.iloc[0]
    moved_m = np.hypot((x - lon) * np.cos(np.radians(lat)), y - lat) * 111_195
    assert least_m < moved_m < most_m


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326", "EPSG:4979"])
def test_cgcs2000_and_wgs84_stay_where_they_are(crs: str, tmp_path: Path) -> None:
    layer, faults = read(tmp_path / "villages.csv", ["116.8"], ["37.2"], crs=crs)
    assert faults == []
    np.testing.assert_allclose(
        [layer.frame.geometry.x.iloc[0], layer.frame.geometry.y.iloc[0]], [116.8, 37.2], atol=1e-9
    )
