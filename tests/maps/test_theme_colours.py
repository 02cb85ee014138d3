"""Colours that colour-blind readers can tell apart, and classes that fit their breaks."""

import itertools
import json

import pytest

from maps.theme import (
    FACILITY_SYMBOLS,
    MINUTE_BREAKS,
    MINUTE_COLOURS,
    PEOPLE_COLOURS,
    PLAN_SYMBOLS,
    STATUS_SYMBOLS,
    theme,
)


def lightness(colour: str) -> float:
    """Relative luminance of an sRGB colour, WCAG 2.1."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_there_is_one_colour_more_than_there_are_breaks():
    assert len(MINUTE_COLOURS) == len(MINUTE_BREAKS) + 1
    assert list(MINUTE_BREAKS) == sorted(set(MINUTE_BREAKS))


@pytest.mark.parametrize("ramp", [MINUTE_COLOURS, PEOPLE_COLOURS])
def test_a_ramp_darkens_with_every_class(ramp):
    # Lightness alone orders the classes, so no kind of colour blindness and no grey print can mix them up.
    steps = [lightness(colour) for colour in ramp]
    assert all(darker < lighter * 0.85 for lighter, darker in itertools.pairwise(steps))


@pytest.mark.parametrize("symbols", [PLAN_SYMBOLS, FACILITY_SYMBOLS])
def test_no_two_kinds_look_alike(symbols):
    assert len(set(symbols.values())) == len(symbols)


def test_statuses_differ_in_shape_from_one_another_and_from_everything_else_on_the_map():
    others = {shape for symbols in (PLAN_SYMBOLS, FACILITY_SYMBOLS) for shape, _ in symbols.values()}
    shapes = [shape for shape, _ in STATUS_SYMBOLS.values()]
    assert len(set(shapes)) == len(shapes)
    assert not others & set(shapes)


def test_the_theme_is_plain_data():
    assert json.loads(json.dumps(theme()))["measures"]["plan"]["breaks"] == list(MINUTE_BREAKS)
