"""The least level at which a plan exists, where some levels take longer than others."""

from itertools import count

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from siting_capacity import beds

from planning.siting.engine.capacity.coverage import LoadedCover
from planning.siting.engine.capacity.levels import close_in
from planning.siting.limits import Limits


@given(st.integers(0, 30), st.integers(0, 30), st.dictionaries(st.integers(0, 30), st.integers(0, 5000)), st.booleans())
def test_the_least_level_is_found_however_hard_some_levels_are(truth, levels, hard, stepwise):
    known = [0, levels]

    def ask(level, looks):
        if looks >= hard.get(level, 0):
            if level < truth:
                known[0] = max(known[0], level + 1)
            else:
                known[1] = min(known[1], level)
        return known[0], known[1]

    assert close_in(0, levels, ask, Limits(), stepwise=stepwise) == (min(truth, levels),) * 2


def test_a_level_that_is_too_hard_keeps_nobody_from_the_others():
    asked = []

    def ask(level, _looks):
        asked.append(level)
        return (0, min(level for level in [*asked, 16] if level >= 9))

    close_in(0, 16, ask, Limits(lambda: len(asked) > 12), stepwise=False)
    assert {0, 8, 9} <= set(asked)


def test_a_spell_ends_without_ending_what_it_is_part_of():
    whole = Limits()
    spell = whole.spell(2)
    assert [spell.reached() for _ in range(4)] == [False, False, True, True]
    assert (whole.reached(), spell.reason) == (False, None)
    assert Limits(lambda: True).spell(2).reached()


def test_a_search_ends_with_a_plan_that_costs_nothing():
    problem = beds(slack=1.2, n=200, m=40, p=8)
    costs, looks = np.where(problem.values <= np.quantile(problem.values, 0.4), 0, -1), count()
    everyone, limits = np.ones(200, np.int64), Limits(lambda: next(looks) > 400)
    cover = LoadedCover(problem, costs, everyone, sites=8, limits=limits, below=1)
    assert cover.plan is not None
    assert (cover.finished, cover.bound, cover.certificate()) == (True, 0, None)
