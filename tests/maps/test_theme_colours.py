"""Colours that colour-blind readers can tell apart, and classes that fit their breaks."""

import itertools
import json

import pytest
from colours_seen import lightness

from maps.theme import (
    FACILITY_SYMBOLS,
    MINUTE_BREAKS,
    MINUTE_COLOURS,
    PEOPLE_COLOURS,
    PLAN_SYMBOLS,
    STANDING_SYMBOLS,
    STATUS_SYMBOLS,
    theme,
)


def test_there_is_one_colour_more_than_there_are_breaks():
    assert len(MINUTE_COLOURS) == len(MINUTE_BREAKS) + 1
    assert list(MINUTE_BREAKS) == sorted(set(MINUTE_BREAKS))


@pytest.mark.parametrize("ramp", [MINUTE_COLOURS, PEOPLE_COLOURS])
def test_a_ramp_darkens_with_every_class(ramp):
    # Lightness alone orders the classes, so no kind of colour blindness and no grey print can mix them up.
    steps = [lightness(colour) for colour in ramp]
    assert all(darker < lighter * 0.85 for lighter, darker in itertools.pairwise(steps))


def test_no_two_kinds_look_alike():
    symbols = [*PLAN_SYMBOLS, *STANDING_SYMBOLS, *FACILITY_SYMBOLS.values()]
    assert len(set(symbols)) == len(symbols)


def test_services_get_their_symbols_by_their_order_and_more_of_them_begin_anew():
    count = len(PLAN_SYMBOLS) + 1
    drawn = theme([{"name": f"s{k}", "facility_kinds": [f"kind-{k}"]} for k in range(count)])
    assert [tuple(one.values()) for one in drawn["plans"].values()] == [*PLAN_SYMBOLS, PLAN_SYMBOLS[0]]
    assert tuple(drawn["facilities"]["kind-1"].values()) == STANDING_SYMBOLS[1]
    assert {kind: tuple(drawn["facilities"][kind].values()) for kind in FACILITY_SYMBOLS} == FACILITY_SYMBOLS


def test_statuses_differ_in_shape_from_one_another_and_from_everything_else_on_the_map():
    others = {shape for shape, _ in (*PLAN_SYMBOLS, *STANDING_SYMBOLS, *FACILITY_SYMBOLS.values())}
    shapes = [shape for shape, _ in STATUS_SYMBOLS.values()]
    assert len(set(shapes)) == len(shapes)
    assert not others & set(shapes)


def test_the_theme_is_plain_data():
    assert json.loads(json.dumps(theme()))["measures"]["plan"]["breaks"] == list(MINUTE_BREAKS)


def contrast(one: str, other: str) -> float:
    """WCAG 2.1."""
    light, dark = sorted((lightness(one), lightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_name_on_the_ground_can_be_read():
    ground = theme()["ground"]
    for kind in ("townships", "villages", "roads", "rivers"):
        for paper in ("land", "settlement", "outside"):
            assert contrast(ground["names"][kind]["colour"], ground[paper]) >= 4.5, (kind, paper)


def test_the_ground_stays_behind_what_is_planned():
    ground = theme()["ground"]
    papers = [ground[key] for key in ("land", "settlement", "outside")]
    for shape, colour in (*PLAN_SYMBOLS, *FACILITY_SYMBOLS.values()):
        assert all(contrast(colour, paper) > 1.8 for paper in papers), (shape, colour)
    assert min(map(lightness, papers)) > 0.7


def test_lines_of_the_ground_differ_by_more_than_their_hue():
    ground = theme()["ground"]
    assert ground["townships"]["dash"]
    roads = list(ground["roads"].values())
    for greater, smaller in itertools.pairwise(roads):
        assert all(a > b or a == b == 0 for a, b in zip(greater["widths"], smaller["widths"], strict=True))
    for road in (*roads, ground["otherRoad"]):
        assert len(road["widths"]) == len(ground["zooms"])
        assert lightness(road["casing"]) < 0.8 * lightness(road["colour"])
    assert lightness(ground["rivers"]["colour"]) < 0.75 * lightness(ground["land"])
