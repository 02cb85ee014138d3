"""The map of a printed sheet: true to scale, names clear of one another, the page's classes, words escaped."""

import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import shapely

from maps.assets import STATIC
from maps.catalogue import LANGS
from maps.sheet import layers, legend
from maps.sheet.layout import PAPERS, columns_of
from maps.sheet.map_svg import draw_map
from maps.sheet.names import Box, Names
from maps.sheet.scale import bar_of, fit, round_denominator
from maps.sheet.spec import Ground, LineName, MapSpec, Place, Site, Table
from maps.symbol_shapes import OUTLINES
from maps.theme import MINUTE_BREAKS, MINUTE_COLOURS

SVG = "{http://www.w3.org/2000/svg}"
WEST, SOUTH = 490_000.0, 4_117_000.0


def county(*, width=20_000.0, height=30_000.0, sites=12, stretch=1.0):
    """A county with two townships, 300 places on a grid and sites close together."""
    outline = shapely.box(WEST, SOUTH, WEST + width, SOUTH + height)
    halves = [shapely.box(WEST, SOUTH + k * height / 2, WEST + width, SOUTH + (k + 1) * height / 2) for k in range(2)]
    road = shapely.linestrings([(WEST, SOUTH), (WEST + width, SOUTH + height)])
    middle = WEST + width / 2
    ground = Ground(
        outline,
        townships=(("河西镇", halves[0]), ("<河东乡>", halves[1])),
        rivers=(shapely.linestrings([(middle, SOUTH), (middle, SOUTH + height)]),),
        along=(LineName("徒骇河", "river", tuple((middle, SOUTH + height * k / 9, -90.0, 5e3) for k in range(1, 9))),),
        roads={"primary": road, "unclassified": shapely.affinity.rotate(road, 90)},
        stretch=stretch,
    )
    across, up = np.meshgrid(np.linspace(0.05, 0.95, 15), np.linspace(0.05, 0.95, 20))
    spots = np.column_stack([WEST + across.ravel() * width, SOUTH + up.ravel() * height]).tolist()
    times = itertools.cycle([0, 300, 301, 900, 2000, None])
    places = tuple(Place(f"村{k}", x, y, 100 + k, next(times)) for k, (x, y) in enumerate(spots))
    opened = tuple(Site(k + 1, f"第{k}便民服务中心", *spots[140 + k]) for k in range(sites))
    return MapSpec(ground, places, opened, ("star", "#D55E00"))


def drawn(spec, *, paper="A4", lang="zh"):
    layout = PAPERS[paper]
    return draw_map(
        spec, width_mm=layout.map_width(0.66), height_mm=layout.map_height, letters=layout.letters, lang=lang
    )


@pytest.mark.parametrize("paper", ["A4", "A3"])
@pytest.mark.parametrize("stretch", [1.0, 1.05])
def test_millimetres_of_the_map_are_metres_of_the_ground_by_its_scale(paper, stretch):
    found = drawn(county(stretch=stretch), paper=paper)
    root = ET.fromstring(found.svg)
    assert root.get("width") == f"{float(root.get('viewBox').split()[2]):g}mm"  # its units are millimetres
    outline = root.find(f"{SVG}g[@class='ground']/{SVG}path").get("d")
    xs = [float(pair.split()[0]) for pair in re.findall(r"[ML]([^MLZ]+)", outline)]
    ground_m = 20_000 / stretch
    assert max(xs) - min(xs) == pytest.approx(ground_m * 1000 / found.fit.denominator, rel=1e-3)
    assert (max(xs) - min(xs)) / found.fit.width_mm + 0.25 > 0.8  # the county fills its frame
    bar = ET.fromstring(legend.scale_bar(found.fit, most_mm=27, letters=1.0, lang="zh"))
    long = sum(float(part.get("width")) for part in bar.iterfind(f"{SVG}rect"))
    assert long == pytest.approx(float(bar.get("data-length-m")) * 1000 / found.fit.denominator, rel=1e-3)


@pytest.mark.parametrize(("least", "found"), [(99_000, 100_000), (375_564, 400_000), (374_000, 375_000), (1.0, 1)])
def test_the_scale_is_round_and_the_county_fits(least, found):
    assert round_denominator(least) == found


@pytest.mark.parametrize("metres", [900.0, 4_000.0, 60_000.0, 250_000.0])
def test_a_scale_bar_is_round_and_fits(metres):
    placed = fit((0, 0, metres, metres), width_mm=90, height_mm=160)
    length, long = bar_of(placed, 27)
    assert 5 < long <= 27
    assert float(f"{length:e}".split("e")[0]) in (1, 2, 2.5, 5)


@pytest.mark.parametrize("paper", ["A4", "A3"])
@pytest.mark.parametrize("sites", [5, 40, 120])
def test_no_name_lies_on_another_or_on_a_site(paper, sites):
    found = drawn(county(sites=sites), paper=paper)
    boxes = [name.box for name in found.names]
    assert not any(one.meets(other) for one, other in itertools.combinations(boxes, 2))
    assert found.unnamed + sum("便民" in name.text for name in found.names) == sites
    frame = Box(0, 0, found.fit.width_mm, found.fit.height_mm)
    assert all(box.is_within(frame) for box in boxes)
    if sites == 5:
        assert found.unnamed == 0
        assert {"河西镇", "<河东乡>", "徒骇河"} <= {name.text for name in found.names}


def test_a_name_without_room_is_not_written():
    names = Names(Box(0, 0, 30, 3))
    assert names.beside("甲乙丙", 2.5, 15, 1.5, radius=1) is not None
    assert names.beside("甲乙丙", 2.5, 15, 1.5, radius=1) is not None
    assert names.beside("甲乙丙", 2.5, 15, 1.5, radius=1) is None


def test_a_name_along_a_line_is_turned_with_it_and_takes_its_room():
    names = Names(Box(0, 0, 60, 60))
    found = names.along("徒骇河", 2.0, [(30, 30, 0.0, 1.0), (30, 30, 90.0, 20.0)])
    assert found.turned == 90.0  # at the first spot the line is not straight for so long
    assert found.box.bottom - found.box.top > 2 * (found.box.right - found.box.left)
    assert names.along("徒骇河", 2.0, [(30, 32, 90.0, 20.0)]) is None


def test_places_have_the_page_s_classes_and_no_way_is_crossed_out():
    limits = [limit * 60 for limit in MINUTE_BREAKS]
    assert [layers.class_of(limit) for limit in limits] == list(range(len(limits)))  # a limit is in the lower one
    assert [layers.class_of(limit + 1) for limit in limits] == list(range(1, len(limits) + 1))
    assert MINUTE_COLOURS[0] in layers.dot(1, 1, 1, layers.class_of(0))
    assert layers.dot(1, 1, 1, layers.class_of(None)).count("<path") == 1
    assert "<path" not in layers.dot(1, 1, 1, 3)


@pytest.mark.parametrize("lang", LANGS)
def test_the_legend_has_every_class_and_only_what_is_on_the_map(lang):
    spec = county()
    rows = [words for _picture, words in legend.legend_rows(spec, service="X", letters=1.0, lang=lang)]
    assert rows[: len(MINUTE_COLOURS) + 1] == legend.class_words(lang)
    bare = MapSpec(Ground(None), tuple(one for one in spec.places if one.seconds is not None), spec.sites, spec.symbol)
    assert len(legend.legend_rows(bare, service="X", letters=1.0, lang=lang)) == len(MINUTE_COLOURS) + 1


def test_names_on_the_map_are_words_whatever_is_in_them():
    found = drawn(county())
    assert "&lt;河东乡&gt;" in found.svg
    assert "<河东乡>" not in found.svg
    assert " style=" not in found.svg


def test_roads_closed_and_built_are_drawn_and_told():
    spec = county()
    line = shapely.linestrings([(WEST, SOUTH), (WEST + 9_000, SOUTH)])
    changed = MapSpec(spec.ground, spec.places, spec.sites, spec.symbol, (("closed", line), ("built", line)))
    root = ET.fromstring(drawn(changed).svg)
    kinds = [part.get("class") for part in root.iterfind(f"{SVG}g[@class='changes']/{SVG}path")]
    assert kinds == ["closed", "built"]
    more = len(legend.legend_rows(changed, service="X", letters=1.0, lang="zh"))
    assert more == len(legend.legend_rows(spec, service="X", letters=1.0, lang="zh")) + 2


def test_a_county_without_any_ground_is_drawn_from_its_places():
    spec = county()
    found = drawn(MapSpec(Ground(None), spec.places, spec.sites, spec.symbol))
    assert found.svg.count("<circle") == len(spec.places)


def test_outlines_of_symbols_are_those_of_the_page():
    script = (STATIC / "js" / "core" / "symbols.js").read_text(encoding="utf-8")
    told = dict(re.findall(r'^  (\w+): "(M[^"]+)",$', script, flags=re.MULTILINE))
    assert told == dict(OUTLINES)


@pytest.mark.parametrize(
    ("count", "parts", "left_out"), [(0, 1, 0), (24, 1, 0), (61, 2, 0), (102, 3, 0), (300, 3, 192)]
)
def test_a_table_shows_as_many_rows_as_can_be_read_and_counts_the_rest(count, parts, left_out):
    rows = tuple((str(k), f"村{k}", "镇", "1") for k in range(count))
    found = columns_of(Table("", ("#", "a", "b", "c"), rows, wide=(0, 1, 2, 3), narrow=(0, 1, 3), tight=(0, 1)))
    assert (len(found.parts), found.left_out) == (parts, left_out)
    assert [row[0] for part in found.parts for row in part] == [str(k) for k in range(count - left_out)]
    assert {len(row) for part in found.parts for row in part} <= {len(found.head)}
