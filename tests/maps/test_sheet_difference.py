"""Minutes gained and lost on a map: classes that add up, apart in colour, to colour-blind eyes and in grey."""

import itertools

import pytest
from colours_seen import grey, lightness

from maps.sheet.difference import CLASSES, Change, change_of, mark
from maps.sheet.spec import Changed
from maps.theme import CHANGE_BREAKS, GAIN_COLOURS, LOSS_COLOURS


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (600, 600, Change("same")),
        (600, 660, Change("same")),  # a minute more is still the same
        (600, 661, Change("lose", 0)),
        (600, 900, Change("lose", 0)),  # five minutes are not more than five
        (600, 901, Change("lose", 1)),
        (600, 1201, Change("lose", 2)),
        (1201, 600, Change("gain", 2)),
        (661, 600, Change("gain", 0)),
        (600, None, Change("gone")),
        (None, 600, Change("newly")),
        (None, None, Change("neither")),
    ],
)
def test_each_change_is_in_one_class(before, after, found):
    assert change_of(Changed("村", 0, 0, 1, before, after)) == found
    assert found in CLASSES


@pytest.mark.parametrize("deuteranopia", [False, True])
@pytest.mark.parametrize("colours", [GAIN_COLOURS, LOSS_COLOURS])
def test_classes_of_one_side_are_apart_by_lightness(colours, deuteranopia):
    seen = [grey(colour, deuteranopia=deuteranopia) for colour in colours]
    assert all(one - other > 15 for one, other in itertools.pairwise(seen))  # darker the more minutes


def test_sides_have_their_own_shapes():
    drawn = {change: mark(5, 5, 2, change) for change in CLASSES}
    assert len(set(drawn.values())) == len(CLASSES)
    gains = [drawn[Change("gain", k)] for k in range(len(CHANGE_BREAKS))]
    losses = [drawn[Change("lose", k)] for k in range(len(CHANGE_BREAKS))]
    assert all("<circle" in one and "<path" not in one for one in gains)
    assert all("<path" in one and "<circle" not in one for one in losses)


def test_losing_stands_out_from_the_ground():
    assert all(abs(lightness(colour) - lightness("#fcfbf8")) > 0.2 for colour in LOSS_COLOURS[1:])
