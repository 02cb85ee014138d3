"""An official adopts a scheme on a page after it was heard, and takes the decision back: plain forms, no script."""

import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from callers import call
from published_site import publish_by_hand

from api.settings import Settings
from layers.current import current_version

SENT = {"decision": "示范发〔2026〕12号", "from_date": "2027-01-01"}


@pytest.fixture
def client(toy_data, tmp_path):
    shutil.copytree(toy_data, tmp_path / "data")
    with call(Settings(data=tmp_path / "data"), follow_redirects=False) as made:
        made.headers["Accept"] = "text/html"
        yield made


def scenario(client, *sites):
    body = {"name": "方案甲", "question": {"service": "elder-centre", "sites": list(sites)}}
    return client.post("/api/scenarios", json=body).json()["id"]


def published(client, reference, slug="gongshi"):
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    body = {"runs": [reference], "title": "公示", "closes_at": until, "slug": slug}
    assert client.post("/api/publications", json=body).status_code == 201
    return f"/hearings/{slug}"


def test_a_scheme_that_was_heard_is_adopted_and_the_decision_taken_back(client, monkeypatch):
    monkeypatch.setattr("api.actions.publications.published.FRESH_S", 0.0)
    hearing = published(client, scenario(client, "00003", "00006"))
    before = current_version(client.app.state.settings.data)
    link = re.search(r'href="(/adoptions/new[^"]+)"', client.get(hearing).text)[1]
    form = client.get(link).text
    for told in ("大王庄", "河口", before[:12], "方案甲(第 1 版)"):
        assert told in form
    named = re.search(r'name="scenario" value="([^"]+)"', form)[1]
    assert client.post("/adoptions/new", data={**SENT, "scenario": named}).headers["Location"] == "/adoptions"
    register = client.get("/adoptions").text
    after = current_version(client.app.state.settings.data)
    for told in (SENT["decision"], "大王庄、河口", before[:12], after[:12], "有效"):
        assert told in register
    assert SENT["decision"] in client.get(hearing).text, "the publication tells the decision"
    assert "adoptions/new" not in client.get(hearing).text
    assert SENT["decision"] in client.get("/p/gongshi").text, "whoever said something reads what was decided"
    assert client.get("/api/p/gongshi").json()["adopted"] == SENT
    action = re.search(r'action="(/adoptions/\w+/withdraw)"', register)[1]
    refused = client.post(action, data={"reason": " "})
    assert (refused.status_code, "details open" in refused.text) == (422, True)
    assert client.post(action, data={"reason": "预算未批"}).status_code == 303
    assert SENT["decision"] not in client.get("/p/gongshi").text
    assert client.get("/api/p/gongshi").json()["adopted"] is None
    register = client.get("/adoptions").text
    assert "预算未批" in register
    assert "大王庄、河口" in register, "what it had planned is still told"
    assert "/withdraw" not in register
    assert current_version(client.app.state.settings.data) == before


def test_what_was_published_is_adopted_though_the_scenario_goes_on(client):
    kept = scenario(client, "00003")
    hearing = published(client, kept)
    more = {"question": {"service": "elder-centre", "sites": ["00006"]}, "expected_revision": 1}
    assert client.put(f"/api/scenarios/{kept}", json=more).status_code == 200
    link = re.search(r'href="(/adoptions/new[^"]+)"', client.get(hearing).text)[1]
    form = client.get(link).text
    assert "大王庄" in form
    assert "河口" not in form


def test_a_form_that_says_too_little_is_shown_again_with_what_was_typed(client):
    kept = scenario(client, "00003")
    wrong = client.post("/adoptions/new", data={**SENT, "scenario": f"{kept}@1", "from_date": "明年"})
    assert wrong.status_code == 422
    assert SENT["decision"] in wrong.text
    assert "2027-01-01" in wrong.text, "what a date looks like"
    assert "大王庄" in wrong.text


@pytest.mark.parametrize("named", ["", "none", "none@x", "0" * 32])
def test_a_scenario_that_there_is_not_is_told_on_the_page(client, named):
    told = client.get("/adoptions/new", params={"scenario": named})
    assert told.status_code == 422
    assert "现在不能采纳" in told.text
    assert "<form class" not in told.text


def test_a_publication_of_a_plan_that_is_no_scenario_says_what_to_do(client):
    publish_by_hand(client.app)
    assert "采纳以情景为准" in client.get("/hearings/yanglao-2026").text
