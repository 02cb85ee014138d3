"""Where figures end: what still fits, and what is one too many."""

from __future__ import annotations

import pytest

from gis.faults import FaultsError
from planning.siting.problem import LARGEST_OBJECTIVE, SitingProblem


@pytest.mark.parametrize("seconds", [0, 1])
def test_people_alone_may_not_reach_what_a_reader_of_json_holds_however_near_they_live(seconds: int) -> None:
    half = LARGEST_OBJECTIVE // 2
    SitingProblem.from_arrays([[seconds], [seconds]], [half, half - 1])
    with pytest.raises(FaultsError) as told:
        SitingProblem.from_arrays([[seconds], [seconds]], [half, half])
    assert [fault.code for fault in told.value.faults] == ["objective-too-large"]
