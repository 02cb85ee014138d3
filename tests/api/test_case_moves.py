"""A case from report to rating by the people of a county, each in their own area, over HTTP."""

import pytest
from callers import call
from signed_in import account, caller, key_for

from api.settings import Settings


@pytest.fixture
def served(toy_data, database_url):
    with call(Settings(data=toy_data, database_url=database_url)) as client:
        yield client


@pytest.fixture
def office(served):
    """Everybody who has to do with a case of one cell, and a desk of another township."""
    return Office(served)


class Office:
    def __init__(self, client):
        self.app = client.app
        self.database = client.app.state.workplace.database.get()
        territory = client.app.state.workplace.territory(needs_parts=True)
        self.cell, self.township = next((c, t) for c, t in territory.cells.items() if t)
        other = next(t for t in territory.townships if t != self.township)
        place = client.app.state.workplace.county.demand.loc[
            client.app.state.workplace.county.cell_facts[self.cell][0]
        ].geometry
        self.place = {"lon": place.x, "lat": place.y}
        self.keys = 0
        self.worker = self.somebody("worker", "grid-worker", "cell", self.cell)
        self.desk = self.somebody("desk", "township-desk", "township", self.township)
        self.checker = self.somebody("checker", "checker", "township", self.township)
        self.elsewhere = self.somebody("elsewhere", "township-desk", "township", other)
        self.county = self.somebody("county", "county-desk", "county", "*")

    def somebody(self, name, *grant):
        return caller(self.app, key_for(self.database, account(self.database, name, grant)))

    def report(self, **told):
        body = {"category": "traffic", **self.place, "text": "坑", "idempotency_key": f"r{self.next()}", **told}
        return self.desk.post("/api/incidents", json=body).json()

    def next(self):
        self.keys += 1
        return self.keys

    def move(self, by, case, move, *, expect=200, key=None, **data):
        told = {"move": move, "expected_version": case["version"], "key": key or f"k{self.next()}", "data": data}
        answer = by.post(f"/api/incidents/{case['id']}/events", json=told)
        assert answer.status_code == expect, answer.text
        return answer.json()


def test_a_case_lives_from_report_to_rating(office):
    case = office.report(reporter={"name": "王大爷", "phone": "13800001111"})
    assert (case["state"], case["level"], case["step"]) == ("assigned", "grid", "accept")
    assert case["reported_at"] < min(case["step_due_at"], case["due_at"]), "which comes first depends on the hour"
    for by, move, data in (
        (office.worker, "accept", {}),
        (office.worker, "arrive", {}),
        (office.worker, "handle", {"outcome": "solved", "text": "已填平"}),
        (office.worker, "feed-back", {"outcome": "told"}),
        (office.checker, "check-good", {}),
        (office.desk, "close", {}),
        (office.desk, "rate", {"stars": 5}),
    ):
        case = office.move(by, case, move, **data)
    assert (case["state"], case["stars"], case["step"], case["step_due_at"]) == ("closed", 5, None, None)
    assert [event["kind"] for event in case["events"]][:4] == ["reported", "assigned", "accepted", "arrived"]
    assert [event["text"] for event in case["events"] if event["text"]] == ["坑", "已填平"]
    assert case["reporter"] == {"name": "王大爷", "phone": "13800001111"}
    listed = office.desk.get("/api/incidents?state=closed").json()
    assert [(one["id"], one["version"]) for one in listed] == [(case["id"], case["version"])]
    assert "坑" not in str(listed)


def test_nobody_moves_what_is_not_theirs_and_nobody_checks_their_own(office):
    case = office.report()
    office.move(office.elsewhere, case, "note", expect=404, text="x")
    assert office.elsewhere.get(f"/api/incidents/{case['id']}").status_code == 404
    told = office.move(office.worker, case, "close", expect=422)
    assert {fault["code"] for fault in told["faults"]} == {"case-move-not-now"}
    for move, data in (("accept", {}), ("handle", {"outcome": "solved"}), ("feed-back", {"outcome": "told"})):
        case = office.move(office.desk, case, move, **data)
    told = office.move(office.desk, case, "check-good", expect=422)
    assert {fault["code"] for fault in told["faults"]} == {"case-not-by-handler"}
    assert "check-good" not in case["moves"]


def test_a_move_sent_again_is_done_once_and_a_stale_one_is_refused(office):
    case = office.report()
    moved = office.move(office.worker, case, "accept", key="phone-1")
    assert office.move(office.worker, case, "accept", key="phone-1")["version"] == moved["version"]
    assert office.move(office.desk, case, "note", expect=409, text="x")["faults"][0]["code"] == "incident-moved-on"
    office.move(office.worker, moved, "arrive", expect=409, key="phone-1")


def test_a_pause_moves_both_deadlines_and_another_place_is_routed_again(office):
    case = office.report(category="environment")
    before = (case["step_due_at"], case["due_at"])
    case = office.move(office.desk, case, "pause", reason="weather")
    assert (case["state"], case["step_due_at"]) == ("paused", None)
    case = office.move(office.desk, case, "resume")
    assert case["state"] == "assigned"
    assert (case["step_due_at"], case["due_at"]) >= before
    case = office.move(office.county, case, "move", lon=1.0, lat=2.0)
    assert (case["state"], case["cell"], case["level"], case["reason"]) == ("assigned", None, "county", "outside-cells")
    assert office.desk.get(f"/api/incidents/{case['id']}").status_code == 404


def test_what_changed_since_a_position_comes_in_order_to_those_whose_it_is(office):
    cases = [office.report() for _ in range(3)]
    listed = office.desk.get("/api/incidents?after=0").json()
    assert [one["id"] for one in listed] == [case["id"] for case in cases]
    last = listed[-1]["pos"]
    office.move(office.worker, cases[0], "accept")
    changed = office.desk.get(f"/api/incidents?after={last}").json()
    assert [(one["id"], one["state"]) for one in changed] == [(cases[0]["id"], "accepted")]
    assert office.elsewhere.get("/api/incidents?after=0").json() == []


def test_what_is_erased_is_gone_from_the_case_and_from_the_records(office):
    case = office.report(text="李某家的狗", reporter={"phone": "13800001111"})
    case = office.move(office.desk, case, "note", text="李某电话")
    case = office.move(office.county, case, "erase", what=["person", "texts"])
    assert (case["text"], case["reporter"]) == ("", {})
    assert not any(event["text"] for event in case["events"])
    with office.database.reading() as connection:
        left = connection.exec_driver_sql("SELECT value FROM secret WHERE subject_kind = 'incident'").scalars().all()
    assert set(left) == {""}
    again = {"category": "traffic", **office.place, "text": "李某家的狗", "idempotency_key": "r1"}
    assert office.desk.post("/api/incidents", json=again).json()["id"] == case["id"]


def test_a_case_is_merged_into_one_that_goes_on_and_into_no_other(office):
    first, twin, ended = office.report(), office.report(), office.report()
    ended = office.move(office.desk, ended, "void", reason="test")
    for into, code in (("nothing", "case-other-unknown"), (ended["id"], "case-other-ended")):
        told = office.move(office.desk, twin, "merge", expect=422, into=into)
        assert [fault["code"] for fault in told["faults"]] == [code]
    merged = office.move(office.desk, twin, "merge", into=first["id"])
    assert (merged["state"], merged["merged_into"]) == ("merged", first["id"])


def test_parts_of_a_case_become_cases_of_their_own_once(office):
    case = office.report()
    wrong = office.move(office.desk, case, "split", expect=422, parts=[{"category": "weather"}, {"who": "x"}])
    assert {fault["field"] for fault in wrong["faults"]} == {"parts.0.category", "parts.1"}
    assert len(office.desk.get("/api/incidents").json()) == 1
    parts = [{"category": "environment", "text": "垃圾"}, {}]
    split = office.move(office.desk, case, "split", key="s", parts=parts)
    assert office.move(office.desk, case, "split", key="s", parts=parts)["parts"] == split["parts"]
    found = {one["id"]: one["category"] for one in office.desk.get("/api/incidents").json()}
    assert [found[part] for part in split["parts"]] == ["environment", "traffic"]
    assert len(found) == 3


def test_a_desk_is_shown_what_may_be_the_same_as_far_as_it_is_its_business_and_merges_it(office):
    first, second, _other = office.report(), office.report(), office.report(category="party")
    (alike,) = office.desk.get(f"/api/incidents/{second['id']}/duplicates").json()
    assert (alike["id"], alike["state"], alike["metres"]) == (first["id"], first["state"], 0)
    assert office.elsewhere.get(f"/api/incidents/{second['id']}/duplicates").status_code == 404
    office.move(office.desk, second, "merge", into=first["id"])
    for one in (first, second):
        assert office.desk.get(f"/api/incidents/{one['id']}/duplicates").json() == []
