"""Codes of cells from build to build: the manifest remembers which were given, and to which ground."""

from __future__ import annotations

from pathlib import Path

import shapely
from toy_builds import built
from toy_county import lon_lat

from layers.cell_versions import register_of
from layers.county import open_county


def position(x: float, y: float) -> str:
    lon, lat = lon_lat(x, y)
    return f"{lon},{lat}"


HOME, ELSEWHERE = position(4, 0), position(4, 2)
"""Of village 00005."""


def test_built_again_from_the_same_files_a_county_is_the_same(tmp_path: Path) -> None:
    one, other = (built(tmp_path / name, tmp_path / "data") for name in "ab")
    assert one == other
    assert "cells" not in open_county(tmp_path / "data").manifest


def test_a_large_place_has_several_cells_and_all_of_them_its_workers(tmp_path: Path) -> None:
    built(tmp_path / "files", tmp_path / "data")
    cells = open_county(tmp_path / "data").layer("cells")
    per_village = cells.groupby("village_id").size()
    assert per_village[per_village > 1].to_dict() == {"00003": 2, "00007": 2}, "800 and 1,000 people, 2.6 a household"
    assert cells.groupby("village_id").households.sum()["00003"] == round(800 / 2.6)


def test_a_code_ends_with_its_ground_and_is_never_given_again(tmp_path: Path) -> None:
    data, given = tmp_path / "data", set()
    built(tmp_path / "0", data)
    first = open_county(data).layer("cells")
    for name, change in (("b", {"villages_csv": (HOME, ELSEWHERE)}), ("c", {})):
        before = open_county(data).layer("cells")
        given |= set(before.index)
        version = built(tmp_path / name, data, **change)
        county = open_county(data)
        cells, register = county.layer("cells"), register_of(county.manifest)
        assert not set(cells.index) & set(register.retired)
        assert given <= {*cells.index, *register.retired}
        assert not set(cells.index[cells.village_id == "00005"]) & given
        for code in set(cells.index) & set(before.index):
            common = shapely.intersection(cells.geometry[code], before.geometry[code]).area
            assert common > 0.9 * before.geometry[code].area
    old = first.index[first.village_id == "00005"][0]
    assert register.retired[old]["village_id"] == "00005"
    assert set(cells.index) >= register.successors(old) > set()
    assert built(tmp_path / "d", data) == version, "the same files once more"
