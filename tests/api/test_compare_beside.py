"""Beside a comparison: a trade-off curve with the schemes on it, the fewest added sites, what the public said."""

from datetime import UTC, datetime, timedelta

import pytest
from callers import asked

ELDERS = {"service": "elder-centre", "limit_minutes": 10}


@pytest.fixture
def schemes(client):
    best = asked(client, "/api/plans", {**ELDERS, "p": 2})["id"]
    placed = client.post("/api/scenarios", json={"name": "一处", "question": {**ELDERS, "sites": ["00006"]}})
    return ["today", best, placed.json()["id"]]


def compared(client, schemes, **more):
    return client.get("/api/compare", params={"runs": ",".join(schemes), **more})


def curve_of(client, run, curve="mean-worst", **more):
    return asked(client, "/api/studies", {"kind": "frontier", "plan_id": run, "curve": curve, **more})


def test_schemes_lie_on_the_curve_by_their_own_figures(client, schemes):
    study = curve_of(client, schemes[1])
    told = compared(client, schemes, study=study["id"]).json()
    curve, points = told["curve"], study["result"]["frontier"]["points"]
    assert [(one["first"], one["second"], one["opened"]) for one in curve["points"]] == [
        (one["first"], one["second"], one["opened"]) for one in points
    ]
    measures = {one["key"]: one["measures"] for one in told["schemes"]}
    for one in curve["schemes"]:
        assert one["x"] == pytest.approx(measures[one["key"]]["mean_s"] / 60)
        assert one["y"] == pytest.approx(measures[one["key"]]["worst_s"] / 60)
    best = next(one for one in curve["schemes"] if one["key"] == "A")
    assert best["x"] == pytest.approx(min(point["x"] for point in curve["points"])), "the p-median is its one end"
    assert {one["key"] for one in curve["schemes"]}.isdisjoint(curve["elsewhere"])
    letters = {"0": "现状"}
    assert all(f">{letters.get(one['key'], one['key'])}</text>" in curve["chart"] for one in curve["schemes"])
    assert all(len(point["names"]) == len(point["opened"]) for point in curve["points"])


def test_a_scheme_on_other_ground_is_not_marked_and_a_curve_of_none_is_refused(client, schemes):
    study = curve_of(client, schemes[1])["id"]
    walking = asked(client, "/api/plans", {**ELDERS, "p": 2, "mode": "walk"})["id"]
    told = compared(client, [*schemes[1:], walking], study=study).json()["curve"]
    assert told["elsewhere"] == ["C"]
    refused = compared(client, ["today", walking], study=study)
    assert [(one["code"], one["field"]) for one in refused.json()["faults"]] == [("compare-study", "study")]
    assert compared(client, schemes, study=schemes[1]).status_code == 422


def test_coverage_curves_mark_schemes_by_sites_people_and_yuan(client, schemes):
    for curve, more in (("coverage-number", {}), ("coverage-budget", {"budget_yuan": 50_000_000})):
        study = curve_of(client, schemes[1], curve, **more)["id"]
        answer = compared(client, schemes, study=study)
        told = answer.json()
        at = {one["key"]: (one["x"], one["y"]) for one in told["curve"]["schemes"]}
        scheme = told["schemes"][1]
        across = len(scheme["sites"]) if curve == "coverage-number" else scheme["spent_yuan"] / 10_000
        assert at["A"] == pytest.approx((across, scheme["measures"]["people_within_limit"]))


def test_the_fewest_added_sites_of_each_pair_that_is_asked_for(client, schemes):
    told = compared(client, schemes, made_good="0-B,A-B").json()["made_good"]
    alone = [client.get(f"/api/compare/made-good?runs={one},{schemes[2]}").json() for one in schemes[:2]]
    same = ("status", "count", "bound", "proof", "added", "yuan")
    assert [[one[name] for name in same] for one in told] == [[one[name] for name in same] for one in alone]
    assert [(one["from"], one["to"]) for one in told] == [("0", "B"), ("A", "B")]
    for wrong in ("0-C", "A", "A-A"):
        refused = compared(client, schemes, made_good=wrong)
        assert [one["code"] for one in refused.json()["faults"]] == ["compare-made-good"]


def test_what_the_public_said_of_a_scheme_is_counted_and_nobody_is_quoted(client, schemes):
    assert compared(client, schemes).json()["heard"] == []
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    notice = {"runs": [schemes[1]], "title": "公示", "text": "征求意见", "closes_at": until, "slug": "yanglao-1"}
    assert client.post("/api/publications", json=notice).status_code == 201
    for words, stance in (("路太远", "against"), ("很好", "for"), ("张三家最远", "against")):
        said = {"text": words, "stance": stance}
        assert client.post("/api/publications/yanglao-1/comments", json=said).status_code == 201
    (heard,) = compared(client, schemes).json()["heard"]
    assert (heard["key"], heard["slug"], heard["stage"]) == ("A", "yanglao-1", "open")
    assert (heard["total"], heard["answered"]) == (3, 0)
    assert heard["stances"] == {"against": 2, "for": 1}
    assert "张三" not in str(heard)
