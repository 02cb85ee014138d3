"""Old workbooks (.xls): what their values do not say is told as it is of the new ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from old_workbook import ERRORS, Formula, write_xls

from gis.faults import FaultsError
from layers.county_spec import LayerSpec
from layers.sources.importing import import_layer
from layers.sources.tables.xls_marks import scan_xls

HEADER = ["id", "name", "kind", "lon", "lat", "capacity"]


def facilities(path: Path, beds: object, *, pad: bool = True, **options):
    rows = [HEADER, ["F1", "甲院", "elder-home", 116.9, 37.2, 40.0], ["F2", "乙院", "elder-home", 116.9, 37.2, beds]]
    write_xls(path, {"说明": [["填表说明"]], "表": rows}, pad=pad, **options)
    return import_layer(LayerSpec("facilities", path, layer="表"))


BEDS = [
    *((error, "error-cell", "error") for error in ERRORS),
    *((Formula(error), "error-cell", "error") for error in ERRORS),
    (Formula(0.0, on_load=True), "formula-without-value", "error"),
    (Formula(None), "formula-without-value", "warning"),
]


@pytest.mark.parametrize(("beds", "code", "severity"), BEDS)
@pytest.mark.parametrize("pad", [True, False])
def test_beds_that_say_nothing_are_told_by_row(beds: object, code: str, severity: str, pad: bool, tmp_path: Path):
    _, faults = facilities(tmp_path / "a.xls", beds, pad=pad)
    assert [(f.code, f.row, f.field, f.severity) for f in faults] == [(code, 3, "capacity", severity)]


@pytest.mark.parametrize(("beds", "read"), [(Formula(50.0), 50), (Formula(50.0, on_load=True), 50), (Formula(0.0), 0)])
def test_formulas_with_a_result_are_read(beds: object, read: int, tmp_path: Path):
    layer, faults = facilities(tmp_path / "a.xls", beds)
    assert not faults
    assert layer.frame["capacity"].tolist() == [40, read]


@pytest.mark.parametrize("is_filtered", [True, False])
def test_hidden_rows_are_told(is_filtered: bool, tmp_path: Path):
    _, faults = facilities(tmp_path / "a.xls", 50.0, hidden_rows=[2], is_filtered=is_filtered)
    assert [(f.code, f.value, f.severity) for f in faults] == [("hidden-rows", "3", "warning")]


@pytest.mark.parametrize("size", [100, 600, 1200, 1600])
def test_a_workbook_cut_off_is_refused_as_damaged(size: int, tmp_path: Path):
    path = tmp_path / "a.xls"
    facilities(path, "#REF!", pad=False)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(FaultsError, match=r"damaged-file|too-much-memory"):
        import_layer(LayerSpec("facilities", path, layer="表"))


def test_a_ring_of_sectors_is_damage(tmp_path: Path):
    path = tmp_path / "a.xls"
    facilities(path, 50.0)
    content = bytearray(path.read_bytes())
    content[512 + 4 * 3 : 512 + 4 * 4] = (2).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(ValueError, match="never ends"):
        scan_xls(path, 1)
