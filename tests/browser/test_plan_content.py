"""What a step makes of a scenario: sites keep their place, one status a place, edits replace or complete."""

import pytest
from core_page import core_page

pytestmark = pytest.mark.browser
CHANGE = """async ([content, steps]) => {
  const change = await import("/static/js/plan/content.js");
  return steps.reduce((now, [name, ...told]) => change[name](now, ...told), content);
}"""
EMPTY = {"question": {"service": "clinic"}, "edits": []}


@pytest.fixture(scope="module")
def changed(browser):
    page = core_page(browser)
    yield lambda *steps: page.evaluate(CHANGE, [EMPTY, [list(step) for step in steps]])
    page.close()


def test_a_site_keeps_its_place_among_the_others_and_so_its_number(changed):
    placed = changed(["withSites", ["c", "a", "b", "a"]], ["withSiteMoved", "a", "d"])
    assert placed["question"]["sites"] == ["c", "d", "b"]
    solved = changed(["withSites", ["c", "a", "b"]], ["withSites", ["a", "b", "e", "c"]])
    assert solved["question"]["sites"] == ["c", "a", "b", "e"]
    fewer = changed(["withSites", ["c", "a", "b"]], ["withSites", ["b", "c"]])
    assert fewer["question"]["sites"] == ["c", "b"]
    kept = changed(["withSites", ["a", "b"]], ["withSiteMoved", "a", "b"])
    assert kept["question"]["sites"] == ["a", "b"]


def test_a_place_has_one_status_and_none_once_it_is_taken_back(changed):
    said = changed(["withStatus", ["a", "b"], "required"], ["withStatus", ["b"], "excluded"])
    assert {edit["target"]: edit["status"] for edit in said["edits"]} == {"a": "required", "b": "excluded"}
    assert changed(["withStatus", ["a"], "required"], ["withStatus", ["a"], None])["edits"] == []


def test_an_edit_about_one_thing_replaces_and_one_about_all_is_completed(changed):
    road = {"op": "road-slowed", "target": "r1", "factor": 2}
    slower = changed(["withEdit", road], ["withEdit", {**road, "factor": 3}])
    assert slower["edits"] == [{**road, "factor": 3}]
    counted = changed(
        ["withEdit", {"op": "counted", "base": "registered"}], ["withEdit", {"op": "counted", "year": 2030}]
    )
    assert counted["edits"] == [{"op": "counted", "base": "registered", "year": 2030}]


def test_an_emptied_field_is_left_to_the_service(changed):
    assert changed(["withFields", {"p": 4}], ["withFields", {"p": None}]) == EMPTY


def test_a_site_goes_with_the_place_that_was_proposed_for_it(changed):
    place = {"op": "new-candidate", "target": "新点", "at": [116.9, 37.2]}
    assert changed(["withEdit", place], ["withSites", ["a", "新点"]])["question"]["sites"] == ["a", "新点"]


def test_another_service_takes_along_what_is_changed_about_roads_only(changed):
    edits = [{"op": op, "target": "x"} for op in ("road-closed", "flooded", "site-status", "place-people")]
    steps = [["withEdit", edit] for edit in edits]
    assert [edit["op"] for edit in changed(*steps, ["roadEditsOf"])] == ["road-closed", "flooded"]
