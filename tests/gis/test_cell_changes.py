"""Cells split, merged and drawn anew: no code ever comes to name other ground."""

import numpy as np
import pytest
import shapely
from seeded_counties import KINDS, drawn_county

from gis.cells.changes import merge_cells, split_cell
from gis.cells.kept_codes import SAME_GROUND, keep_codes
from gis.cells.redrawing import draw_around
from gis.cells.register import CodeRegister, next_code, register_from
from gis.faults import FaultsError
from gis.grid import draw_cells

DEGREES = "EPSG:4490"


def drawn(county, **more):
    return draw_cells(*county, county_code="371499", **more).cells


@pytest.fixture(scope="module")
def county():
    return drawn_county("scattered", 1)[0]


@pytest.fixture(scope="module")
def cells():
    return drawn_county("scattered", 1)[1].cells.to_crs(DEGREES)


@pytest.fixture(scope="module")
def roads(county):
    return county.roads.to_crs(DEGREES).geometry.to_numpy()


@pytest.mark.parametrize("kind", KINDS)
def test_after_fifty_random_splits_and_merges_no_code_names_other_ground(kind):
    county, found = drawn_county(kind, 1)
    cells, register = found.cells, CodeRegister()
    whole = shapely.union_all(cells.geometry.to_numpy())
    cells, lines = cells.to_crs(DEGREES), county.roads.to_crs(DEGREES).geometry.to_numpy()
    rng, named, told = np.random.default_rng(9), dict(cells.geometry.items()), set()
    for _ in range(50):
        code = rng.choice(cells.index)
        beside = cells.index[cells.geometry.touches(cells.geometry[code])]
        try:
            if rng.random() < 0.5 or not len(beside):
                cells, register = split_cell(cells, register, code, roads=lines, parts=int(rng.integers(2, 5)))
            else:
                cells, register = merge_cells(cells, register, [code, rng.choice(beside)])
        except FaultsError as refused:
            told.update(fault.code for fault in refused.faults)
        for new, ground in cells.geometry.items():
            before = named.setdefault(new, ground)
            assert before is ground or shapely.area(shapely.symmetric_difference(before, ground)) < 1e-13, new
        assert not register.retired.keys() & set(cells.index)
    assert len(register.retired) > 20
    assert told <= {"cells-apart", "cells-of-townships", "cell-not-cut"}
    assert set(named) == {*cells.index, *register.retired}
    ground = cells.to_crs(county.roads.crs).geometry.to_numpy()
    assert shapely.area(shapely.symmetric_difference(shapely.union_all(ground), whole)) <= 1
    assert shapely.coverage_is_valid(cells.geometry.to_numpy())


def test_parts_are_numbered_on_from_west_to_east_and_share_the_households(cells, roads):
    code = cells.index[cells.households > 200][0]
    after, register = split_cell(cells, CodeRegister(), code, roads=roads, parts=3)
    new = after.loc[after.index.difference(cells.index)]
    first = int(max(other[12:] for other in cells.index if other[:12] == code[:12])) + 1
    assert [int(other[12:]) for other in new.index] == [first, first + 1, first + 2]
    assert list(shapely.get_x(shapely.centroid(new.geometry.to_numpy()))) == sorted(
        shapely.get_x(shapely.centroid(new.geometry.to_numpy()))
    )
    assert new.households.sum() == cells.households[code]
    assert new.households.min() > 0.5 * cells.households[code] / 3
    assert register.retired[code]["village_id"] == cells.village_id[code]
    assert register.successors(code) == set(new.index)
    assert register_from(register.plain()) == register


def test_a_merged_cell_has_the_households_of_both_and_ends_both_codes(cells):
    one = cells.index[0]
    other = cells.index[cells.geometry.touches(cells.geometry[one])][0]
    after, register = merge_cells(cells, CodeRegister(), [one, other])
    [new] = after.index.difference(cells.index)
    assert after.households[new] == cells.households[[one, other]].sum()
    assert after.village_id[new] == cells.village_id[one]
    assert set(register.retired) == {one, other}
    assert register.office == {new: tuple(sorted({cells.village_id[one], cells.village_id[other]}))}
    assert register.successors(one) == register.successors(other) == {new}


def test_a_line_cuts_where_it_is_drawn(cells, roads):
    code = cells.index[3]
    _, south, _, north = cells.geometry[code].bounds
    middle = cells.geometry[code].centroid.x
    after, _ = split_cell(cells, CodeRegister(), code, roads=roads, line=[(middle, south - 1), (middle, north + 1)])
    for new in after.index.difference(cells.index):
        bounds = after.geometry[new].bounds
        assert bounds[0] >= middle - 1e-12 or bounds[2] <= middle + 1e-12


def test_what_cannot_be_is_refused_by_name(cells, roads):
    none, code = CodeRegister(), cells.index[0]
    far = cells.index[shapely.distance(cells.geometry.to_numpy(), cells.geometry[code]).argmax()]
    refused = {
        "unknown-cell": lambda: split_cell(cells, none, "nowhere", roads=roads),
        "cell-parts": lambda: split_cell(cells, none, code, roads=roads, parts=1),
        "cell-not-cut": lambda: split_cell(cells, none, code, roads=roads, line=[(0, 0), (1, 1)]),
        "cell-alone": lambda: merge_cells(cells, none, [code, code]),
        "cells-apart": lambda: merge_cells(cells, none, [code, far]),
    }
    for name, attempt in refused.items():
        with pytest.raises(FaultsError) as told:
            attempt()
        assert [fault.code for fault in told.value.faults] == [name]


def test_drawn_anew_from_the_same_roads_every_code_is_kept():
    cells = drawn_county("scattered", 1)[1].cells
    again, register = keep_codes(cells, cells, CodeRegister())
    assert again.index.tolist() == cells.index.tolist()
    assert register == CodeRegister()


def test_other_ground_gets_a_number_that_was_never_given_and_the_rest_keeps_its_code():
    county, found = drawn_county("line", 1)
    cells, moved = found.cells, county.units.copy()
    moved.loc[moved.index[7], "geometry"] = shapely.Point(moved.geometry.iloc[8].x - 40, moved.geometry.iloc[8].y)
    register, before = CodeRegister(), cells
    for units in (moved, county.units, moved):
        after, register = keep_codes(drawn(county._replace(units=units)), before, register)
        assert not set(after.index) & set(register.retired), "a retired code is never given again"
        for code in after.index.intersection(before.index):
            changed = shapely.area(shapely.symmetric_difference(after.geometry[code], before.geometry[code]))
            assert changed <= SAME_GROUND * before.geometry[code].area + 0.1
        new = after.index.difference(before.index)
        assert len(new)
        for code in new:
            assert code[:12] == after.village_id[code]
            for parent in register.parents[code]:
                common = shapely.area(shapely.intersection(before.geometry[parent], after.geometry[code]))
                assert common >= 0.499 * min(before.geometry[parent].area, after.geometry[code].area)
        before = after
    assert len(after) == len(cells)


def test_ground_that_creeps_is_other_ground_in_the_end():
    """Each time 2 % are cut off: after the third the code would name ground that it did not name."""
    square = shapely.box(0, 0, 1000, 1000)
    cells = [
        KINDS["line"](1)
        .units.iloc[:1]
        .assign(village_id="v", name="v", township_id="t")
        .set_geometry([shapely.box(0, 0, 1000 - 20 * k, 1000)])
        .set_axis(["371499001001001"])
        for k in range(4)
    ]
    before, register, kept = cells[0], CodeRegister(), []
    for after in cells[1:]:
        before, register = keep_codes(after, before, register)
        kept.append(before.index[0])
    assert square.area == cells[0].area.sum()
    assert kept == ["371499001001001", "371499001001001", "371499001001002"]


def test_cells_that_the_office_has_settled_stay_when_others_are_drawn_anew(county):
    cells = drawn_county("scattered", 1)[1].cells
    one = cells.index[5]
    other = cells.index[cells.geometry.touches(cells.geometry[one])][0]
    merged, register = merge_cells(cells.to_crs(DEGREES), CodeRegister(), [one, other])
    [new] = merged.index.difference(cells.index)
    merged = merged.to_crs(cells.crs)
    villages = set(register.office[new])
    rest = cells[~cells.village_id.isin(villages)]
    settled = merged[merged.village_id.isin(villages)]
    after = draw_around(settled, rest, townships=None, county=county.county.geometry.iloc[0])
    again, register = keep_codes(after, merged, register)
    assert sorted(again.index) == sorted(merged.index)
    assert shapely.area(shapely.symmetric_difference(again.geometry[new], merged.geometry[new])) <= 1
    assert shapely.coverage_is_valid(again.geometry.to_numpy())
    assert register.office == {new: tuple(sorted(villages))}


def test_numbers_go_on_after_all_that_were_given():
    assert next_code("371499001001001", ["371499001001001", "371499001001007", "371499001002099"]) == "371499001001008"
    assert next_code("网格甲", ["网格甲", "网格乙"]) == "网格甲-2"
    assert next_code("网格甲-2", ["网格甲", "网格甲-2", "网格甲-3"]) == "网格甲-4"
    with pytest.raises(ValueError, match="999"):
        next_code("371499001001001", ["371499001001999"])


def test_a_village_keeps_its_twelve_digits_when_another_is_built_west_of_it():
    county = KINDS["line"](2)
    named = county.units.set_axis([f"v{k}" for k in range(len(county.units))])
    before = drawn(county._replace(units=named.iloc[1:]))
    known = {village: code[:12] for code, village in before.village_id.items()}
    after = drawn(county._replace(units=named), known=known)
    assert after[after.village_id != "v0"].groupby("village_id").size().index.tolist()
    for code, village in after.village_id.items():
        assert (code[:12] == known[village]) if village in known else code[:12] not in known.values()
