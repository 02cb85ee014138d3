"""The second port leads to https under its own names, and nowhere else."""

from __future__ import annotations

import anyio
import pytest
from starlette.testclient import TestClient

from api.redirecting import redirects_to_https


def caller(port=8443, address="10.0.0.5"):
    app = redirects_to_https(port, names=("grid.office", "fd00::1"))
    return TestClient(app, base_url="http://grid.office:8080", client=(address, 1), follow_redirects=False)


@pytest.mark.parametrize(
    ("method", "status"),
    [("GET", 301), ("HEAD", 301), ("POST", 308), ("PUT", 308), ("PATCH", 308), ("DELETE", 308), ("OPTIONS", 308)],
)
def test_reading_moves_and_writing_keeps_its_method(method, status):
    answer = caller().request(method, "/api/plans")
    assert (answer.status_code, answer.headers["Location"]) == (status, "https://grid.office:8443/api/plans")
    assert answer.headers["Connection"] == "close"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", "/"),
        ("/a%20b/%E4%B8%B4?q=%E9%82%91&x=1", "/a%20b/%E4%B8%B4?q=%E9%82%91&x=1"),
        ("//evil.example/x", "//evil.example/x"),
        ("/%0d%0aSet-Cookie:x", "/%0d%0aSet-Cookie:x"),
        ("/?", "/"),
    ],
)
def test_path_and_question_stay_as_they_were(path, place):
    answer = caller().get(f"http://grid.office{path}")
    assert answer.headers["Location"] == f"https://grid.office:8443{place}"


@pytest.mark.parametrize(
    ("host", "port", "place"),
    [
        ("grid.office:8080", 443, "https://grid.office/x"),
        ("GRID.office", 8443, "https://grid.office:8443/x"),
        ("[fd00::1]:80", 8443, "https://[fd00::1]:8443/x"),
        ("127.0.0.1", 443, "https://127.0.0.1/x"),
    ],
)
def test_the_name_stays_and_the_port_is_that_of_https(host, port, place):
    assert caller(port).get("/x", headers={"Host": host}).headers["Location"] == place


@pytest.mark.parametrize(
    "host", ["evil.example", "", "grid.office@evil.example", "grid.office.evil.example", "10.0.0.1"]
)
def test_another_name_is_led_nowhere(host):
    answer = caller().get("/x", headers={"Host": host})
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "grid.office" not in answer.text


def test_a_whole_address_as_one_asks_a_proxy_is_refused():
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "http://evil/", "raw_path": b"http://evil/", "query_string": b"",
             "headers": [(b"host", b"grid.office")], "client": ("10.0.0.5", 1), "scheme": "http"}  # fmt: skip
    anyio.run(redirects_to_https(443, names=("grid.office",)), scope, receive, send)
    assert sent[0]["status"] == 400


def test_its_answers_have_the_headers_but_promise_no_https():
    headers = caller().get("/x").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in headers
