"""A publication without an account: figures that never change, my village, remarks within limits, receipts."""

import hashlib
import json
from datetime import timedelta

import pytest
from published_site import GROUND, SLUG, call_from, frozen_body, publish_by_hand
from toy_county import NEIGHBOURHOODS, VILLAGES

from api import publication_views as views
from api.actions.publications import remarks as remarks_module
from layers.records.audit_search import AuditFilter, AuditLog
from layers.records.database_faults import DatabaseDownError
from layers.records.throttle import Limit

ADDRESS = f"/api/p/{SLUG}"
REMARKS = f"/api/publications/{SLUG}/comments"


@pytest.fixture
def elsewhere(client):
    """Somebody on another machine, without an account, while this one is in solo mode."""
    publish_by_hand(client.app)
    return call_from(client, "10.9.8.7")


def test_anyone_reads_a_publication_and_its_hash_is_that_of_its_very_bytes(client, elsewhere):
    told = elsewhere.get(ADDRESS).json()
    views.PublishedAnswer.model_validate(told)
    body = elsewhere.get(f"{ADDRESS}/body")
    assert hashlib.sha256(body.content).hexdigest() == told["sha"]
    assert json.loads(body.content) == told["frozen"] == frozen_body()
    (line,) = elsewhere.get("/api/publications").json()["publications"]
    views.PublicationAnswer.model_validate(line)
    assert (line["sha"], line["stage"], line["address"]) == (told["sha"], "open", f"/p/{SLUG}")
    assert elsewhere.get("/api/scenarios").status_code == 401, "all else is closed to them"


def test_what_a_browser_has_is_not_sent_again(elsewhere):
    for path in (ADDRESS, f"{ADDRESS}/body", f"{ADDRESS}/ground", f"{ADDRESS}/comments"):
        first = elsewhere.get(path)
        again = elsewhere.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        plain = elsewhere.get(path, headers={"Accept-Encoding": "identity"})
        assert plain.headers["ETag"] == first.headers["ETag"]
    assert elsewhere.get(f"{ADDRESS}/ground").content == GROUND


def test_what_is_not_published_is_not_there(elsewhere):
    for slug in ("none-of-these", "%00", "..%2f", "x" * 200):
        for path in ("", "/body", "/ground", "/places?q=x", "/comments", "/receipts/AAAA"):
            assert elsewhere.get(f"/api/p/{slug}{path}").status_code == 404


def test_every_place_is_found_by_name_initials_and_position(elsewhere):
    places = {**VILLAGES, **NEIGHBOURHOODS}
    told = frozen_body()["places"]
    for k, (id_, row) in enumerate(places.items()):
        assert id_ in {one["id"] for one in found(elsewhere, q=row[0])}
        assert found(elsewhere, lon=told["lon"][k] + 0.0005, lat=told["lat"][k])[0]["id"] == id_
    assert {one["id"] for one in found(elsewhere, q="dwz")} == {"00003", "00004"}
    assert [one["id"] for one in found(elsewhere, q="河东 dawang")] == ["00004"]
    assert found(elsewhere, q="") == found(elsewhere, q="没有这个村") == []
    near = found(elsewhere, lon=116.9, lat=37.2)
    assert (len(near), near[0]["metres"]) == (5, 0)


def found(caller, **asked):
    answer = caller.get(f"{ADDRESS}/places", params=asked)
    views.FoundPlaces.model_validate(answer.json())
    return answer.json()["places"]


def test_a_village_is_told_what_changes_for_it(elsewhere):
    (one,) = found(elsewhere, q="李家")
    assert one["before"] == {"seconds": None, "minutes": None, "site": ""}
    assert one["after"] == {"seconds": 400, "minutes": 6.7, "site": "大王庄"}
    by_code = found(elsewhere, q="00003")[0]
    assert (by_code["before"]["minutes"], by_code["after"]["minutes"]) == (7.9, 3.3), "471 s are 7.9 min everywhere"


def test_what_is_asked_for_is_bounded(elsewhere):
    for asked in ({"q": "x" * 51}, {"lon": 181, "lat": 0}, {"lon": "nan", "lat": 1}, {"lon": 1, "lat": "inf"}):
        assert elsewhere.get(f"{ADDRESS}/places", params=asked).status_code == 422


def say(caller, text="路太远", **more):
    return caller.post(REMARKS, json={"text": text, **more})


def test_a_remark_gets_a_receipt_and_the_receipt_tells_what_became_of_it(client, elsewhere):
    said = say(elsewhere, about_kind="village", about_id="00005", village_id="00005", stance="against", lon=117, lat=37)
    assert said.status_code == 201
    views.ReceivedAnswer.model_validate(said.json())
    code = said.json()["receipt"]
    told = elsewhere.get(f"{ADDRESS}/receipts/{code.lower()}").json()
    views.ReceiptAnswer.model_validate(told)
    assert (told["state"], told["answer"]) == ("new", "")
    assert "路太远" not in str(told)
    assert elsewhere.get(f"{ADDRESS}/comments").json() == {"heard": 1, "comments": []}, "nothing is shown unseen"
    (queued,) = client.get(REMARKS).json()["comments"]
    decided = client.put(f"{REMARKS}/{queued['id']}", json={"state": "accepted", "answer": "已在研究", "version": 1})
    assert decided.status_code == 200, decided.text
    assert elsewhere.get(f"{ADDRESS}/receipts/{code}").json()["answer"] == "已在研究"
    (shown,) = elsewhere.get(f"{ADDRESS}/comments").json()["comments"]
    views.ShownRemark.model_validate(shown)
    assert (shown["about"], shown["text"], shown["answer"]) == ("河东乡 李家", "路太远", "已在研究")
    assert elsewhere.get(f"{ADDRESS}/receipts/0000-0000-0000").status_code == 404


def test_what_is_sent_twice_is_kept_once(elsewhere):
    key = "a-key-of-this-browser"
    first, again = (say(elsewhere, key=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = say(elsewhere, "别的话", key=key)
    assert (other.status_code, other.json()["faults"][0]["code"]) == (422, "remark-key-used")
    assert say(elsewhere).json()["receipt"] != say(elsewhere).json()["receipt"]


def test_everything_that_is_wrong_with_a_remark_is_told(elsewhere):
    answer = say(
        elsewhere, "  ", about_kind="site", about_id="none", village_id="none", lon=1.0, phone="call me", name="x" * 60
    )
    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.json()["faults"]} == {
        *("remark-empty", "remark-about-nothing", "remark-unknown-village"),
        *("remark-half-position", "remark-bad-phone", "remark-bad-name"),
    }
    assert all(fault["expected"] and fault["mend"] for fault in answer.json()["faults"])
    for body in ({"text": "x" * 2001}, {"text": "a", "channel": "paper"}, {"text": "a", "key": "short"}, {}):
        assert elsewhere.post(REMARKS, json=body).status_code == 422


def test_a_remark_is_on_the_scheme_a_village_a_site_or_a_figure(client, elsewhere):
    about = [
        {"kind": "scheme", "id": "", "name": "方案整体"},
        {"kind": "village", "id": "00001", "name": "河西镇 东庄"},
        {"kind": "site", "id": "00004", "name": "大王庄"},
        {"kind": "figure", "id": "mean_s", "name": "平均用时"},
    ]
    for one in about:
        assert say(elsewhere, about_kind=one["kind"], about_id=one["id"]).status_code == 201
    assert [one["about"] for one in client.get(REMARKS).json()["comments"]] == about[::-1]


def test_an_address_and_a_publication_take_so_many_remarks_an_hour(elsewhere, client, monkeypatch):
    monkeypatch.setattr(remarks_module, "PER_ADDRESS", Limit(3, timedelta(hours=1)))
    monkeypatch.setattr(remarks_module, "PER_PUBLICATION", Limit(5, timedelta(hours=1)))
    statuses = [say(elsewhere).status_code for _ in range(4)]
    assert statuses == [201, 201, 201, 429]
    other = call_from(client, "10.9.8.8")
    assert [say(other).status_code for _ in range(3)] == [201, 201, 429]
    refused = say(other)
    assert refused.json()["error"] == "too-many-remarks"
    assert "60" in refused.json()["message"]


def test_all_addresses_of_one_home_count_together():
    assert remarks_module.home_of("2001:db8:1:2:3::4") == remarks_module.home_of("2001:db8:1:2:ffff::1")
    assert remarks_module.home_of("10.0.0.1") != remarks_module.home_of("10.0.0.2")
    assert remarks_module.home_of("") == "nowhere"


def test_the_address_of_who_says_something_is_kept_nowhere(client, elsewhere):
    say(elsewhere, name="王秀英", phone="138 0000 0000")
    log = AuditLog(client.app.state.workplace.database.get())
    (row,) = log.page(AuditFilter(action="remark.received")).entries
    assert (row.from_addr, row.account_id) == ("", None)
    assert "王秀英" not in str(row)


def test_after_its_time_nobody_writes_and_everybody_reads(client):
    publish_by_hand(client.app, days=-1)
    caller = call_from(client, "10.9.8.7")
    assert caller.get(ADDRESS).json()["stage"] == "closed"
    late = say(caller)
    assert (late.status_code, late.json()["faults"][0]["code"]) == (422, "publication-closed")


def test_a_withdrawn_publication_says_so_and_why(client, elsewhere):
    before = elsewhere.get(ADDRESS).json()
    done = client.post(f"/api/publications/{SLUG}/withdraw", json={"reason": "数据有误"})
    assert (done.status_code, done.json()["stage"]) == (200, "withdrawn")
    after = elsewhere.get(ADDRESS).json()
    assert (after["stage"], after["reason"], after["sha"]) == ("withdrawn", "数据有误", before["sha"])
    assert say(elsewhere).json()["faults"][0]["code"] == "publication-withdrawn"
    assert elsewhere.get("/api/publications").json()["publications"][0]["reason"] == "数据有误"
    assert client.post("/api/publications/none-of-it/withdraw", json={"reason": "x"}).status_code == 404


def test_while_the_records_are_down_what_was_read_is_still_read(client, elsewhere, monkeypatch):
    told = elsewhere.get(ADDRESS).json()

    def down():
        raise DatabaseDownError("silent")

    at_work = client.app.state.workplace
    at_work.published.forget(SLUG)
    monkeypatch.setattr(at_work.database, "get", down)
    assert elsewhere.get(ADDRESS).json() == told
    assert found(elsewhere, q="李家")
    assert say(elsewhere).status_code == 503


def test_a_file_that_is_damaged_is_told(client, elsewhere):
    at_work = client.app.state.workplace
    sha = elsewhere.get(ADDRESS).json()["sha"]
    made = publish_by_hand(client.app, slug="another-one", body={**frozen_body(), "title": "另一个"})
    at_work.files.path_of(made.body_sha).write_bytes(b"x")
    lost = elsewhere.get("/api/p/another-one")
    assert (lost.status_code, lost.json()["error"]) == (503, "publication-lost")
    assert elsewhere.get(ADDRESS).json()["sha"] == sha
