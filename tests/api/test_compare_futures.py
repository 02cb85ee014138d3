"""Ranges beside a comparison: those of a run of just these schemes, for whoever may see the schemes."""

import io

import openpyxl
import pytest
from callers import asked

ELDERS = {"service": "elder-centre", "p": 2, "limit_minutes": 10}


@pytest.fixture
def schemes(client):
    best = asked(client, "/api/plans", ELDERS)["id"]
    placed = client.post("/api/scenarios", json={"name": "两处", "question": {**ELDERS, "sites": ["00005", "00006"]}})
    return ["today", best, placed.json()["id"]]


def futures(client, schemes, **options):
    return asked(client, "/api/futures", {"runs": schemes, "count": 12, **options})


def compared(client, schemes, **more):
    return client.get("/api/compare", params={"runs": ",".join(schemes), **more})


def test_the_ranges_of_a_run_stand_beside_the_figures(client, schemes):
    run = futures(client, schemes)
    told = compared(client, schemes, futures=run["id"]).json()
    assert told["futures"] == {"run": run["id"], **run["result"]}
    assert compared(client, schemes).json()["futures"] is None
    assert {**told, "futures": None} == compared(client, schemes).json()


def test_other_schemes_another_order_and_other_runs_are_refused(client, schemes):
    run = futures(client, schemes)["id"]
    for others, named in (([*schemes[1:]], run), (schemes[::-1], run), (schemes, schemes[1]), (schemes, "0" * 32)):
        refused = compared(client, others, futures=named)
        assert refused.status_code == 422
        assert [(one["code"], one["field"]) for one in refused.json()["faults"]] == [("compare-futures", "futures")]
    assert compared(client, schemes, futures="a'b").status_code == 422


def test_ranges_of_a_scenario_that_was_changed_since_are_refused(client, schemes):
    run = futures(client, schemes)["id"]
    body = {"question": {**ELDERS, "sites": ["00001", "00006"]}, "edits": [], "expected_revision": 1}
    assert client.put(f"/api/scenarios/{schemes[2]}", json=body).status_code == 200
    assert compared(client, schemes, futures=run).status_code == 422


def test_the_workbook_holds_every_range_every_pair_and_every_place_chosen(client, schemes):
    run = futures(client, schemes, resolve=3)
    found = run["result"]
    book = openpyxl.load_workbook(io.BytesIO(compared(client, schemes, futures=run["id"], **{"as": "xlsx"}).content))
    ranges = list(book["范围"].iter_rows(min_row=2, values_only=True))
    keys = {f"{one['key']}": one["key"] for one in found["schemes"]}
    units = {one["name"]: (one["code"], 60 if one["unit"] == "seconds" else 1) for one in found["figures"]}
    for scheme, name, _, *figures in ranges:
        code, scale = units[name]
        spread = found["ranges"][keys[scheme.split()[0]]][code]
        told = [spread[one] for one in ("today", "p5", "median", "p95", "least", "most")]
        assert figures[:6] == pytest.approx([value / scale for value in told])
    assert len(ranges) == sum(map(len, found["ranges"].values()))
    pairs = list(book["谁更好"].iter_rows(min_row=2, values_only=True))
    assert sorted(row[3:6] for row in pairs) == sorted(
        (one["first"], one["alike"], one["second"]) for pair in found["pairs"] for one in pair["figures"].values()
    )
    chosen = list(book["入选次数"].iter_rows(min_row=2, values_only=True))
    assert [(row[1], row[4]) for row in chosen] == [(one["id"], one["times"]) for one in found["resolved"][0]["chosen"]]
    said = [row[1] for row in book["说明"].iter_rows(min_row=2, values_only=True)]
    assert all(one["words"] in said for one in found["assumptions"])
