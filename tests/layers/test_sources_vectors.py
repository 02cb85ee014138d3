"""Vector files: reprojected, in Chinese encodings, of the right type."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame
from toy_county import lon_lat

from gis.faults import FaultsError
from layers.county_spec import LayerSpec
from layers.sources.importing import import_layer, import_roads
from layers.sources.ways import node_ways

METRES = [shapely.box(490e3, 4117e3, 491e3, 4118e3), shapely.box(491e3, 4117e3, 492e3, 4118e3)]


def townships(crs: str | None = "EPSG:4548") -> GeoDataFrame:
    return GeoDataFrame({"id": ["1", "2"], "name": ["河西镇", "河东乡"]}, geometry=METRES, crs=crs)


@pytest.mark.parametrize("ending", ["gpkg", "shp", "geojson"])
def test_files_with_a_crs_are_reprojected(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"townships.{ending}"
    frame = townships().to_crs("EPSG:4326") if ending == "geojson" else townships()
    pyogrio.write_dataframe(frame, path)
    layer, faults = import_layer(LayerSpec("townships", path))
    assert faults == []
    assert layer.frame["name"].to_list() == ["河西镇", "河东乡"]
    assert layer.frame.geometry.iloc[0].bounds[:2] == pytest.approx(lon_lat(0, 0), abs=1e-4)


@pytest.mark.parametrize("with_cpg", [True, False])
def test_shapefile_in_gbk_with_or_without_cpg(with_cpg: bool, tmp_path: Path) -> None:
    path = tmp_path / "townships.shp"
    pyogrio.write_dataframe(townships(), path, encoding="GBK")
    if not with_cpg:
        path.with_suffix(".cpg").unlink()
        table = path.with_suffix(".dbf")
        table.write_bytes(table.read_bytes()[:29] + b"\0" + table.read_bytes()[30:])
    layer, _ = import_layer(LayerSpec("townships", path))
    assert layer.frame["name"].to_list() == ["河西镇", "河东乡"]


def test_file_without_crs_needs_one_stated(tmp_path: Path) -> None:
    path = tmp_path / "townships.shp"
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        pyogrio.write_dataframe(townships(crs=None), path)
    layer, faults = import_layer(LayerSpec("townships", path))
    assert "missing-crs" in [fault.code for fault in faults]
    assert layer.frame.empty
    layer, faults = import_layer(LayerSpec("townships", path, crs="EPSG:4548"))
    assert faults == []
    assert layer.frame.geometry.iloc[0].bounds[:2] == pytest.approx(lon_lat(0, 0), abs=1e-4)


def test_shapefile_without_its_table_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "townships.shp"
    pyogrio.write_dataframe(townships(), path)
    path.with_suffix(".shx").unlink()
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(FaultsError) as raised:
        import_layer(LayerSpec("townships", path))
    assert raised.value.faults[0].code == "damaged-file"


def test_line_layer_gives_noded_roads(tmp_path: Path) -> None:
    crossing, names = (1, 1), ["东西路", "南北路"]
    lines = [
        shapely.LineString([lon_lat(0, 1), lon_lat(*crossing), lon_lat(2, 1)]),
        shapely.MultiLineString([[lon_lat(1, 0), lon_lat(*crossing), lon_lat(1, 2)]]),
    ]
    path = tmp_path / "roads.gpkg"
    frame = GeoDataFrame({"class": ["tertiary", "residential"], "name": names}, geometry=lines, crs="EPSG:4490")
    pyogrio.write_dataframe(frame, path, promote_to_multi=True)
    ways, faults = import_roads(LayerSpec("roads", path, fields={"road_class": "class"}))
    roads = node_ways(ways, projected="EPSG:4548", geographic="EPSG:4490")
    assert faults == []
    assert roads["length_m"].to_list() == pytest.approx([1000.0] * 4, abs=0.01)
    assert roads["road_class"].to_list() == ["tertiary"] * 2 + ["residential"] * 2
    shared = set(roads[["u", "v"]].iloc[0]) & set(roads[["u", "v"]].iloc[2])
    assert len(shared) == 1
    assert sorted({*roads["u"], *roads["v"]}) == [0, 1, 2, 3, 4]


def test_unknown_road_class_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "roads.geojson"
    line = shapely.LineString([lon_lat(0, 1), lon_lat(2, 1)])
    pyogrio.write_dataframe(GeoDataFrame({"road_class": ["7"]}, geometry=[line], crs="EPSG:4326"), path)
    _, [fault] = import_roads(LayerSpec("roads", path))
    assert (fault.code, fault.row, fault.value) == ("unknown-value", 1, "7")
