"""What is asked of an earlier build of the county is answered of that build, by every route that tells of one."""

import gzip
import json

import pytest
from callers import call, finished
from toy_county import write_toy_county

from api.settings import Settings
from gis.matrix_bytes import unpack_matrix
from layers.build import build_county

QUESTION = {"service": "elder-centre", "p": 2, "sites": ["00001", "00003"]}


def built(folder, data, *, moved=""):
    """Build the toy county, with people moved to 00005, which is called `moved` there."""
    toml = write_toy_county(folder)
    if moved:
        file = folder / "villages.csv"
        text = file.read_text(encoding="utf-8")
        assert "李家" in text
        text = text.replace("李家", moved).replace(",300,350,80,60,9,", ",600,650,150,110,20,")
        file.write_text(text.replace(",800,900,150,110,20,", ",500,600,80,60,9,"), encoding="utf-8")
    return build_county(toml, data_dir=data).version


@pytest.fixture
def served(tmp_path, database_url):
    """The plan of before and the versions of before and after, and a service that serves the later one."""
    data = tmp_path / "data"
    before = built(tmp_path / "files", data)
    with call(Settings(data=data, database_url=database_url)) as client:
        plan = client.post("/api/evaluations", json=QUESTION).json()["plan"]
        after = built(tmp_path / "new", data, moved="新李家")
        assert before != after
        yield client, plan, after


def test_each_build_has_its_own_figures_times_names_and_ground(served):
    client, earlier, after = served
    before = earlier["county_version"]
    assert client.post(f"/api/evaluations?build={before}", json=QUESTION).json()["plan"] == earlier
    assert (
        client.post(f"/api/evaluations?build={after}", json=QUESTION).json()["plan"]["measures"] != earlier["measures"]
    )
    for build, name, other in ((before, "李家", "新李家"), (after, "新李家", "李家")):
        query = f"?build={build}"
        about = unpack_matrix(client.post(f"/api/matrices{query}", json=QUESTION).content)[1]
        assert about["county_version"] == build
        assert client.get(f"/api/county{query}").json()["version"] == build
        villages = client.get(f"/api/layers/villages{query}").json()["features"]
        names = {one["properties"]["name"] for one in villages}
        assert name in names
        assert other not in names
        assert [one["name"] for one in client.get(f"/api/search{query}&q={name}").json()][:1] == [name]
        found = client.post(f"/api/names{query}", json={"names": [name]}).json()["names"]
        assert [one["id"] for one in found[0]["matches"]] == ["00005"]
        ground = client.get(f"/api/ground{query}").content
        told = json.loads(ground if ground[:1] == b"{" else gzip.decompress(ground))
        assert name in {text for *_at, text in told["names"]["villages"]}
        run = finished(
            client, client.post(f"/api/plans{query}", json={"service": "elder-centre", "p": 2}).json()["run"]
        )
        assert run["result"]["county_version"] == build


def test_without_a_build_the_current_one_answers(served):
    client, _earlier, after = served
    assert client.post("/api/evaluations", json=QUESTION).json()["plan"]["county_version"] == after


@pytest.mark.parametrize(("build", "status"), [("0" * 16, 503), ("../../etc/passwd", 422), ("current", 422), ("", 422)])
def test_a_build_that_is_not_there_is_refused(served, build, status):
    client, *_ = served
    for answer in (
        client.get("/api/layers/villages", params={"build": build}),
        client.post("/api/evaluations", params={"build": build}, json=QUESTION),
    ):
        assert answer.status_code == status
        assert answer.json()["faults"]


def test_a_build_of_another_county_is_refused(served, tmp_path):
    client, earlier, _after = served
    toml = write_toy_county(tmp_path / "other")
    text = toml.read_text(encoding="utf-8").replace('code = "371499"', 'code = "371498"')
    toml.write_text(text.replace("示范县", "邻县"), encoding="utf-8")
    build_county(toml, data_dir=tmp_path / "data")
    for path in ("/api/layers/villages", "/api/ground", "/api/county"):
        answer = client.get(path, params={"build": earlier["county_version"]})
        assert answer.status_code == 422
        assert [one["code"] for one in answer.json()["faults"]] == ["other-county"]
