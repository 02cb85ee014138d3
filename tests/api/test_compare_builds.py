"""Schemes on different builds of a county: rows by id, the layers that differ named, places of one build counted."""

import pytest
from callers import call
from toy_builds import built

from api.settings import Settings

ELDERS = {"service": "elder-centre", "limit_minutes": 10}


def scenario(client, name, sites):
    answer = client.post("/api/scenarios", json={"name": name, "question": {**ELDERS, "sites": sites}})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def _build_anew(tmp_path):
    """Build the county with one village gone, one new in its place, and more elders in a third."""
    villages, toml = ((tmp_path / "files" / name).read_text("utf-8") for name in ("villages.csv", "county.toml"))
    lines = villages.splitlines()
    kept = [line.replace(",100,80,10,", ",140,80,10,") for line in lines if not line.startswith("00006")]
    young = next(line for line in lines if line.startswith("00005")).replace("00005", "00009").replace("李家", "新村")
    without_roster = toml.replace("3900", "4000").partition("[layers.roster]")[0]
    built(
        tmp_path / "again",
        tmp_path / "data",
        villages_csv=("\n".join(lines), "\n".join([*kept, young])),
        county_toml=(toml, without_roster),
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A scenario on a build, and one on the next, in which one village is new, one gone, and one has grown."""
    tmp_path = tmp_path_factory.mktemp("builds")
    built(tmp_path / "files", tmp_path / "data")
    with call(Settings(data=tmp_path / "data", database_url=f"sqlite:///{tmp_path / 'app.sqlite'}")) as client:
        old = scenario(client, "旧", ["00002"])
        _build_anew(tmp_path)
        young = scenario(client, "新", ["00003"])
        answer = client.get(f"/api/compare?runs=today,{old},{young}")
        assert answer.status_code == 200, answer.text
        yield answer.json()


def test_layers_that_differ_are_named_and_places_of_one_build_are_counted(told):
    versions = told["versions"]
    assert versions["differ"] is True
    assert "villages" in versions["layers"]
    assert "roads" not in versions["layers"]
    assert versions["places"] == [
        {"id": "00006", "name": "河口", "township": "河东乡", "people": 60, "in": ["0", "A"]},
        {"id": "00009", "name": "新村", "township": "河东乡", "people": 80, "in": ["B"]},
    ]
    assert versions["people"] == [
        {"id": "00001", "name": "东庄", "township": "河西镇", "people": {"0": 100, "A": 100, "B": 140}}
    ]


def test_today_is_of_the_build_of_the_first_other_scheme(told):
    versions = [one["county_version"] for one in told["schemes"]]
    assert versions[0] == versions[1] != versions[2]


def test_only_places_of_both_builds_are_gained_or_lost(told):
    pair = next(one for one in told["differences"] if (one["from"], one["to"]) == ("A", "B"))
    assert sum(pair["people"].values()) == 750 - 60
    assert "河口" not in {one["name"] for one in pair["losers"]}
    at = told["places"]["ids"].index("00006")
    assert told["places"]["seconds"]["B"][at] is None
    assert told["places"]["people"][told["places"]["ids"].index("00001")] == 100
