"""Figures as people read them: halves up, shares down, the same whoever writes them."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.figures import gap_of, hours_of, minutes_of, rounded, share_of


def test_minutes_are_rounded_halves_up_as_a_person_would():
    for seconds in range(20_000):
        exact = (Decimal(seconds) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)
        assert minutes_of(seconds) == f"{exact:,}", seconds
    assert minutes_of(471) == "7.9"


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0.0"), (3599, "1.0"), (180, "0.1"), (360_000, "100"), (68_014_075, "18,893")]
)
def test_person_seconds_are_hours(seconds, told):
    assert hours_of(seconds) == told


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_only_everybody_is_a_hundred_per_cent(part, more):
    whole = part + more
    assert share_of(whole, whole) == "100%"
    assert share_of(part, whole) != "100%"
    told = Decimal(share_of(part, whole).rstrip("%"))
    assert 0 <= Decimal(100 * part) / whole - told < Decimal("0.1")


@given(st.floats(0, 1))
def test_a_gap_is_never_told_smaller_than_it_is(gap):
    assert float(gap_of(gap).rstrip("%")) >= 100 * gap - 1e-9


@pytest.mark.parametrize(("value", "decimals", "told"), [(0.5, 0, "1"), (1234.25, 1, "1,234.3"), (2.125, 2, "2.13")])
def test_other_figures_go_up_at_a_half(value, decimals, told):
    assert rounded(value, decimals) == told
