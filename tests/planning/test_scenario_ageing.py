"""Elders of a later year by cohort: worked out by hand, summed exactly, its assumptions shown with the plan."""

import numpy as np
import pandas as pd
import pytest
from edit_oracle import older
from hypothesis import given
from hypothesis import strategies as st

from maps.catalogue import LANGS, has_text, text
from planning.groups import COLUMNS
from planning.scenario import ageing
from planning.scenario.ageing import AGED_GROUPS, FROM_YEAR, NEEDED, SURVIVAL, aged
from planning.scenario.edits import YEARS

BANDS = ["age_60_plus", "age_65_plus", "age_80_plus"]


def people(*rows):
    return pd.DataFrame(list(rows), columns=list(NEEDED))


@st.composite
def villages(draw):
    made = []
    for _ in range(draw(st.integers(1, 8))):
        resident = draw(st.integers(0, 3000))
        over_60 = draw(st.integers(0, resident))
        over_65 = draw(st.integers(0, over_60))
        over_80 = draw(st.integers(0, over_65))
        made.append((resident, over_60, over_65, over_80, draw(st.integers(0, resident - over_60))))
    return people(*made)


def test_ten_years_on_those_of_fifty_are_sixty_as_far_as_they_live():
    nobody_but_working = people((1000, 0, 0, 0, 0))
    then = aged(nobody_but_working, 2030)
    of_50 = 135.5 * 0.979 * 0.967
    of_55 = 113.4 * 0.967 * 0.949
    assert then["age_60_plus"].tolist() == [round(of_50) + round(of_55)]
    assert then["age_65_plus"].tolist() == [round(of_55)]
    assert then["age_80_plus"].tolist() == [0]


def test_the_oldest_stay_the_oldest():
    then = aged(people((100, 100, 100, 100, 0)), 2035)
    assert then[BANDS].to_numpy().tolist() == [[13, 13, 13]]  # 100 · 0.51³


def test_in_the_year_of_the_figures_nothing_changes():
    now = people((900, 300, 200, 30, 80), (50, 20, 10, 1, 3))
    assert aged(now, FROM_YEAR)[BANDS].equals(now[BANDS])


@given(villages(), st.sampled_from(YEARS))
def test_it_is_what_following_each_cohort_on_its_own_comes_to(units, year):
    found, expected = aged(units, year), older(units, year)
    assert np.abs(found[BANDS].to_numpy() - expected[BANDS].to_numpy()).max() <= 1  # a remainder may go next door
    assert found[BANDS].sum().tolist() == expected[BANDS].sum().tolist()


@given(villages(), st.sampled_from(YEARS))
def test_bands_lie_within_each_other_and_nothing_else_changes(units, year):
    found = aged(units, year)
    assert (found["age_80_plus"] <= found["age_65_plus"]).all()
    assert (found["age_65_plus"] <= found["age_60_plus"]).all()
    assert (found["age_80_plus"] >= 0).all()
    assert found["age_60_plus"].sum() <= found["resident"].sum() + 2
    assert found.drop(columns=BANDS).equals(units.drop(columns=BANDS))


@pytest.mark.parametrize("year", [2019, 2033])
def test_years_between_the_steps_are_refused(year):
    with pytest.raises(ValueError, match=str(year)):
        aged(people((1, 0, 0, 0, 0)), year)


@pytest.mark.parametrize("lang", LANGS)
def test_the_assumptions_are_shown_with_the_result(lang):
    shown = text(lang, "page.note.aged-estimate")
    assert all(f"{share:.3f}" in shown for share in SURVIVAL.values())
    assert str(FROM_YEAR) in shown


def test_every_basis_has_its_words():
    for year in YEARS:
        for group in AGED_GROUPS:
            assert has_text(f"planning.weights.{year}-{COLUMNS[group]}")
            assert has_text(f"planning.weights.{year}-registered-{COLUMNS[group]}")
    assert ageing.STEP_YEARS == 5
