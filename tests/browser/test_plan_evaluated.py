"""Whatever a scenario says, the figures that the page works out for it are those that the server tells of it."""

import base64
import shutil

import numpy as np
import pytest
from callers import call
from core_page import core_page
from toy_county import lon_lat

from api.settings import Settings
from gis.matrix_bytes import pack_matrix

pytestmark = pytest.mark.browser
# As the page does it: travel times are asked for by what of a content they depend on, figures worked out from them.
WORKED_OUT = """
async (content) => {
  const { requestBytes } = await import("/static/js/core/api.js");
  const { travelTimes } = await import("/static/js/plan/times.js");
  const { evaluationOf } = await import("/static/js/plan/evaluated.js");
  window.timesOf ??= travelTimes(requestBytes);
  const ground = await window.timesOf(content);
  const { measures, facilities } = evaluationOf({ ground, content, dragging: null });
  const people = facilities.map((one) => [ground.candidates[one.site].id, one.people]);
  return { measures, people: Object.fromEntries(people) };
}
"""
QUESTIONS = [
    {},
    {"mode": "walk"},
    {"base": "registered"},
    {"limit_minutes": 4.5},
    {"max_minutes": 5},
    {"capacity": 500},
    {"capacity": 12},
    {"unlimited": True},
    {"model": "budget", "budget_yuan": 10**9, "included": 3, "capacity": 600},
    {"model": "mclp", "p": 2},
    {"status": {"00001": "excluded"}},
]
EDITS = [
    {"op": "site-status", "target": "00005", "status": "required"},
    {"op": "new-candidate", "target": "新点", "at": list(lon_lat(3, 2))},
    {"op": "counted", "base": "registered", "group": "80+"},
    {"op": "place-people", "target": "00006", "people": 444},
    {"op": "road-speed", "target": "tertiary", "mode": "car", "speed_kmh": 5},
    {"op": "road-closed", "target": "横1路"},
    {"op": "road-slowed", "target": "横1路", "factor": 4},
    {"op": "road-built", "target": "新路", "start": list(lon_lat(0, 0)), "end": list(lon_lat(4, 3)), "speed_kmh": 15},
    {"op": "flooded", "target": "积水", "area": [lon_lat(2.4, 0.9), lon_lat(2.6, 0.9), lon_lat(2.5, 1.1)]},
    {"op": "standard", "limit_minutes": 7.5, "max_minutes": 6},
    {"op": "adopted", "target": "elder-centre", "sites": [{"target": "00002", "capacity": 400}]},
]
SIZED = [({"capacity": 500}, [{"op": "site-capacity", "target": "00003", "capacity": 300}, EDITS[-1]])]
CONTENTS = [*((fields, []) for fields in QUESTIONS), *(({}, [edit]) for edit in EDITS), *SIZED]


@pytest.fixture(scope="module")
def toy(toy_built, tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy")
    shutil.copytree(toy_built, folder / "data")
    with call(Settings(data=folder / "data")) as client:
        yield client


@pytest.fixture(scope="module")
def page(browser, toy):
    opened = core_page(browser)

    def ask(route):
        answer = toy.post("/api/matrices", json=route.request.post_data_json)
        route.fulfill(status=answer.status_code, body=answer.content, content_type=answer.headers["content-type"])

    opened.route("**/api/matrices", ask)
    yield opened
    opened.close()


@pytest.mark.parametrize(("fields", "edits"), CONTENTS)
def test_the_page_works_out_what_the_server_tells(page, toy, fields, edits):
    sites = ["00001", "00003", *(edit["target"] for edit in edits if edit["op"] == "new-candidate")]
    question = {"service": "elder-centre", "sites": sites, **fields}
    answer = toy.post("/api/evaluations", json={**question, "edits": edits})
    assert answer.status_code == 200, answer.text
    plan = answer.json()["plan"]
    assert plan["allocated_by"] == "nearest"  # else the page says that its own loads are provisional
    found = page.evaluate(WORKED_OUT, {"question": question, "edits": edits})
    assert found["measures"] == {name: plan["measures"].get(name) for name in found["measures"]}
    assert found["people"] == {one["id"]: one["people"] for one in plan["facilities"]}


KEPT = """
async (packed) => {
  const { travelTimes } = await import("/static/js/plan/times.js");
  const bytes = Uint8Array.from(atob(packed), (one) => one.charCodeAt(0));
  let asked = 0;
  const timesOf = travelTimes(async () => { asked += 1; return bytes.buffer; });
  const under = (target) => timesOf({ question: { service: "x" }, edits: [{ op: "road-closed", target }] });
  const counts = [];
  for (const road of ["a", "b", "c", "c", "b", "a"]) {
    await under(road);
    await new Promise((go) => { setTimeout(go); });
    counts.push(asked);
  }
  return counts;
}
"""


@pytest.mark.parametrize(("places", "asked"), [(20, [1, 2, 3, 3, 3, 3]), (3000, [1, 2, 3, 3, 3, 4])])
def test_of_a_large_county_fewer_travel_times_are_kept(page, places, asked):
    about = {
        "candidate_ids": [], "candidate_positions": [], "candidate_names": [], "candidate_townships": None,
        "candidate_origins": [], "demand_ids": [],
    }  # fmt: skip
    packed = pack_matrix(np.zeros((places, places), np.int32), about)
    assert page.evaluate(KEPT, base64.b64encode(packed).decode()) == asked
