"""Matters of residents: declared, granted at once, looked into afterwards by a sample that anybody can draw again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gis.faults import FaultsError
from planning.incidents.events import IncidentEvent
from planning.incidents.flows import FLOWS, first_move, move_of
from planning.incidents.matters import MATTER, MATTER_MOVES, MATTER_STATES
from planning.incidents.sampling import draw
from planning.incidents.states import apply, possible, replay

NINE = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
DECLARED = {
    "flow": MATTER, "id": "m-1", "category": "livelihood", "matter": "v-01", "proxy": "coordinator",
    "lon": 116.9, "lat": 37.2, "cell": "371499001001001", "township": "T1", "county_version": "v", "level": "township",
}  # fmt: skip


def lived(*moves):
    """Events of moves as (move, actor, post, data), a minute apart."""
    steps = [("declare", "village", "grid-worker", DECLARED), *moves]
    return [
        IncidentEvent(n, MATTER_MOVES[move].kind, NINE + timedelta(minutes=n), {"actor": actor, "post": post, **data})
        for n, (move, actor, post, data) in enumerate(steps, start=1)
    ]


GRANT = ("grant", "desk", "township-desk", {})
SAMPLE = ("sample", "county", "county-desk", {"seed": "2026-12"})


def test_a_matter_is_granted_at_once_drawn_and_upheld():
    case = replay(lived(GRANT, SAMPLE, ("uphold", "checker", "checker", {})))
    assert (case.flow, case.state, case.level, case.version) == (MATTER, "upheld", "township", 4)
    assert case.facts == {"matter": "v-01", "proxy": "coordinator", "seed": "2026-12"}
    assert case.has_ended


def test_whoever_granted_neither_upholds_nor_revokes():
    case = replay(lived(("grant", "desk", "county-desk", {}), SAMPLE))
    for move, data in (("uphold", {}), ("revoke", {"reason": "not-entitled"})):
        event = IncidentEvent(
            4, MATTER_MOVES[move].kind, case.at, {"actor": "desk", "post": "county-desk", **data}
        )  # fmt: skip
        with pytest.raises(FaultsError) as refused:
            apply(case, event)
        assert [fault.code for fault in refused.value.faults] == ["case-not-by-handler"]
        assert move not in possible(case, actor="desk", posts=["county-desk"], now=case.at)
        assert move in possible(case, actor="other", posts=["county-desk"], now=case.at)


@pytest.mark.parametrize(
    ("lived_so_far", "step", "code"),
    [
        ([], SAMPLE, "case-move-not-now"),
        ([], ("grant", "village", "grid-worker", {}), "case-not-your-post"),
        ([GRANT], ("sample", "desk", "township-desk", {"seed": "x"}), "case-not-your-post"),
        ([GRANT], ("sample", "county", "county-desk", {}), "case-data-missing"),
        ([GRANT, SAMPLE], ("revoke", "c", "checker", {"reason": "weather"}), "case-data-wrong"),
        ([GRANT], ("refuse", "desk", "township-desk", {"reason": "not-entitled"}), "case-move-not-now"),
    ],
)
def test_what_the_table_of_matters_does_not_allow_is_refused(lived_so_far, step, code):
    with pytest.raises(FaultsError) as refused:
        replay(lived(*lived_so_far, step))
    assert code in {fault.code for fault in refused.value.faults}


def test_moves_of_incidents_are_no_moves_of_matters():
    assert not {"assign", "accept", "check-good", "pause"} & set(MATTER_MOVES)
    assert {row.target for row in MATTER_MOVES.values()} == {*MATTER_STATES, "refused", "same"}
    assert (first_move(MATTER), first_move("incident")) == ("declare", "report")
    assert all(move_of(row.kind, flow=flow) == move for flow, rows in FLOWS.items() for move, row in rows.items())


def test_a_sample_is_the_same_in_any_order_and_another_by_another_seed():
    ids = [f"m-{n}" for n in range(1000)]
    drawn = draw(ids, seed="2026-12", percent=5)
    assert len(drawn) == 50
    assert draw(reversed([*ids, *ids]), seed="2026-12", percent=5) == drawn
    assert len(set(drawn) & set(draw(ids, seed="2027-01", percent=5))) < 15
    assert set(drawn) <= set(draw(ids, seed="2026-12", percent=10)), "a larger share of the same seed holds it"
    assert draw(["m-7"], seed="x", percent=0.1) == ["m-7"], "at least one of any"
    assert draw([], seed="x", percent=5) == draw(ids, seed="x", percent=0) == []
    with pytest.raises(ValueError, match="percent"):
        draw(ids, seed="x", percent=101)


def test_the_sample_of_a_seed_is_this_one_on_every_machine():
    assert draw([f"m-{n}" for n in range(20)], seed="2026-12", percent=15) == SAMPLE_OF_20


SAMPLE_OF_20 = ["m-18", "m-19", "m-9"]
