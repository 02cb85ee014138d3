"""The names that the service answers to are settings; only who sits here is told them."""

from __future__ import annotations

import pytest
from callers import call
from starlette.testclient import TestClient

NAMES = "grid.office,10.0.0.9,fd00::1"


@pytest.fixture
def named(settings):
    with call(settings.model_copy(update={"hosts": NAMES})) as client:
        yield client


def from_elsewhere(client):
    return TestClient(client.app, base_url="http://grid.office", client=("10.0.0.5", 1))


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("grid.office", 200),
        ("Grid.Office:8443", 200),
        ("10.0.0.9", 200),
        ("[fd00::1]:8443", 200),
        ("[FD00:0:0::1]", 200),
        ("127.0.0.1", 200),
        ("localhost:8000", 200),
        ("grid.office.", 400),
        ("x.grid.office", 400),
        ("grid.office.evil.example", 400),
        ("10.0.0.90", 400),
        ("grid.office@evil.example", 400),
        ("", 400),
    ],
)
def test_a_set_name_is_answered_to_and_no_other(named, host, status):
    assert from_elsewhere(named).get("/health", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("lang", "told"),
    [("zh", "请改用 127.0.0.1、localhost、grid.office"), ("en", "Call it 127.0.0.1, localhost, grid.office")],
)
def test_who_sits_here_is_told_the_names_and_nobody_else(named, lang, told):
    wrong = {"Host": "evil.example"}
    here = named.get(f"/health?lang={lang}", headers=wrong)
    assert (here.status_code, here.json()["error"]) == (400, "foreign-host")
    assert told in here.json()["message"]
    there = from_elsewhere(named).get(f"/health?lang={lang}", headers=wrong)
    assert (there.status_code, there.json()["error"]) == (400, "foreign-host")
    for name in ("127.0.0.1", "localhost", "grid.office", "10.0.0.9", "fd00"):
        assert name not in there.text


def test_behind_the_proxy_the_caller_counts_and_not_the_proxy(settings):
    behind = settings.model_copy(update={"hosts": NAMES, "proxy": "127.0.0.1"})
    with call(behind) as client:
        for caller, is_told in (("127.0.0.1", True), ("10.0.0.5", False), ("", False)):
            answer = client.get("/health", headers={"Host": "evil.example", "X-Forwarded-For": caller})
            assert answer.status_code == 400
            assert ("grid.office" in answer.text) is is_told


@pytest.mark.parametrize(
    ("scheme", "origin", "status"),
    [
        ("https", "https://grid.office", 422),
        ("https", "http://grid.office", 403),
        ("http", "http://grid.office", 422),
        ("http", "https://grid.office", 422),
        ("https", "https://grid.office:8443", 403),
    ],
)
def test_under_https_nobody_writes_from_a_page_of_http(named, scheme, origin, status):
    client = TestClient(named.app, base_url=f"{scheme}://grid.office", client=("127.0.0.1", 1))
    assert client.post("/api/closures", headers={"Origin": origin}, json={"x": 1}).status_code == status
