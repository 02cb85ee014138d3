"""Charts: figures stand where they must, ticks are round, words are escaped, and grey print keeps series apart."""

import dataclasses
import itertools
import re
import xml.etree.ElementTree as ET

import pytest
from colours_seen import grey

from maps.catalogue import LANGS
from maps.charts import Axis, Chart, Mark, Series, chart
from maps.charts.looks import COLOURS, DASHES, MARKERS
from maps.charts.scale import round_step, scale_of
from maps.theme import MINUTE_COLOURS, UNREACHABLE

SVG = "{http://www.w3.org/2000/svg}"
BARS = Chart(
    "人数", "columns", Axis("分钟"), Axis("人", least=0, most=40), (Series("人数", values=(10, 40, None, 20)),),
    categories=("≤5", "5–10", "10–15", ">15"),
)  # fmt: skip
ROWS = Chart(
    "负荷", "rows", Axis("床位"), Axis(""), (Series("负荷", values=(80, 120)), Series("去年", values=(60, 90))),
    categories=("孙家村", "永兴庄村"), against=Series("容量", values=(100, 100)),
)  # fmt: skip
CURVES = Chart(
    "覆盖", "lines", Axis("分钟", least=0, most=30), Axis("%", least=0, most=100),
    (Series("甲", points=((0, 0), (15, 50), (30, 100))), Series("乙", points=((0, 0), (30, 50)))),
    marks=(Mark("x", 15, "时限"),),
)  # fmt: skip
ALL = [BARS, ROWS, CURVES, dataclasses.replace(CURVES, kind="steps"), dataclasses.replace(CURVES, kind="points")]


def drawn(spec, lang="zh"):
    return ET.fromstring(chart(spec, lang=lang))


def bars(root):
    found = root.iterfind(f".//{SVG}rect[@class='bar']")
    return [{key: float(bar.get(key)) for key in ("x", "y", "width", "height")} for bar in found]


def corners(root):
    """The points of the first curve."""
    course = root.find(f".//{SVG}path[@class='curve']").get("d")
    return [tuple(map(float, pair.split())) for pair in re.findall(r"[ML]([^MLZ]+)", course)]


def test_columns_are_as_high_as_their_figures_and_stand_on_one_line():
    found = bars(drawn(BARS))
    assert [round(bar["height"] / found[1]["height"], 3) for bar in found] == [0.25, 1.0, 0.5]  # none for None
    assert len({round(bar["y"] + bar["height"], 1) for bar in found}) == 1
    assert found[1]["height"] > 100


def test_rows_are_as_long_as_their_figures_and_what_they_are_held_against_has_its_place():
    root = drawn(ROWS)
    found = bars(root)
    unit = found[0]["width"] / 80
    assert [round(bar["width"] / unit) for bar in found] == [80, 60, 120, 90]
    lines = [one for one in root.iterfind(f"{SVG}line") if one.get("stroke-width") == "2.4"][1:]  # the first is the key
    assert [round((float(one.get("x1")) - found[0]["x"]) / unit) for one in lines] == [100, 100]


def test_points_of_a_curve_lie_where_their_figures_are():
    (x0, y0), (x1, y1), (x2, y2) = corners(drawn(CURVES))
    assert x1 - x0 == pytest.approx((x2 - x0) / 2, abs=0.02)
    assert y0 - y1 == pytest.approx((y0 - y2) / 2, abs=0.02)
    assert y0 > y2  # upwards


def test_steps_keep_the_earlier_figure_until_the_next():
    found = corners(drawn(dataclasses.replace(CURVES, kind="steps")))
    assert len(found) == 5
    assert found[1] == (found[2][0], found[0][1])
    assert found[3] == (found[4][0], found[2][1])


@pytest.mark.parametrize(("span", "count", "step"), [(40, 4, 10), (7.3, 4, 2), (0.9, 3, 0.5), (123_456, 5, 25_000)])
def test_steps_are_round(span, count, step):
    assert round_step(span, count) == pytest.approx(step)


def test_ticks_are_round_and_hold_every_figure():
    scale = scale_of([3.2, 17.9], 0, 220, from_zero=True, least=None, most=None)
    assert scale.ticks == (0, 5, 10, 15, 20)
    assert (scale.at(0), scale.at(20)) == (0, 220)
    assert scale_of([7.1, 7.4], 0, 220, from_zero=False, least=None, most=None).decimals == 1
    assert scale_of([5], 0, 220, from_zero=False, least=None, most=None).most > 5


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.kind)
@pytest.mark.parametrize("lang", LANGS)
def test_a_chart_says_what_it_shows_and_is_the_same_every_time(spec, lang):
    root = drawn(spec, lang)
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == spec.title
    for one in spec.series:
        assert one.name in root[1].text
    assert chart(spec, lang=lang) == chart(spec, lang=lang)


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.kind)
def test_nothing_that_a_strict_policy_would_keep_out_is_in_a_chart(spec):
    told = chart(spec, lang="zh")
    assert " style=" not in told
    assert "<style" not in told
    assert "<script" not in told
    assert not re.search(r"\son\w+=", told)


def test_names_are_words_whatever_is_in_them():
    name = '<b>"村&\x00</b>'
    told = chart(dataclasses.replace(ROWS, title=name, categories=(name, "b")), lang="en")
    root = ET.fromstring(told)
    assert "<b>" not in told
    assert root[0].text == '<b>"村&</b>'
    assert not root.findall(f".//{SVG}b")


def test_a_long_name_is_cut_and_said_in_full():
    name = "一个名字很长很长很长很长很长很长很长很长很长的地点"
    root = drawn(dataclasses.replace(ROWS, categories=(name, "短")))
    texts = [one for one in root.iterfind(f"{SVG}text") if one.find(f"{SVG}title") is not None]
    assert texts[0].find(f"{SVG}title").text == name
    assert texts[0].find(f"{SVG}title").tail.endswith("…")


def test_neighbouring_series_differ_in_grey_and_all_in_more_than_colour():
    for deuteranopia in (False, True):
        tones = [grey(colour, deuteranopia=deuteranopia) for colour in COLOURS[:4]]
        assert all(abs(a - b) > 20 for a, b in itertools.pairwise(tones))
    assert len(set(DASHES)) == len(set(MARKERS)) == len(COLOURS)
    fillings = re.findall(r"<pattern id=\"(fill-\w+-\d)\".*?</pattern>", chart(ROWS, lang="zh"))
    assert len(fillings) == 2
    assert "M0 6L6 0" in chart(ROWS, lang="zh")  # the second series is hatched


@pytest.mark.parametrize("deuteranopia", [False, True])
def test_classes_keep_apart_in_grey_and_under_deuteranopia(deuteranopia):
    tones = [grey(colour, deuteranopia=deuteranopia) for colour in MINUTE_COLOURS]
    assert all(near - far > 10 for near, far in itertools.pairwise(tones))


def test_no_way_is_hatched_among_classes():
    colours = (*MINUTE_COLOURS[:3], UNREACHABLE)
    one = dataclasses.replace(BARS.series[0], colours=colours, hatched=(3,))
    root = drawn(dataclasses.replace(BARS, series=(one,)))
    fills = [bar.get("fill") for bar in root.iterfind(f".//{SVG}rect[@class='bar']")]
    assert fills[:2] == list(MINUTE_COLOURS[:2])
    assert fills[2].startswith("url(#")
    assert root.find(f".//{SVG}pattern[@id='{fills[2][5:-1]}']/{SVG}path") is not None
