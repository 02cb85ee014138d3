"""Every answer carries the headers that keep a browser to what it needs, refusals and errors of our own too."""

from __future__ import annotations

import json
import re

import pytest
from callers import call
from starlette.testclient import TestClient

from api.headers import DEFAULT_HEADERS
from api.main import create_app
from api.serving import _said
from maps.docs_page import render_docs
from maps.pages import digests

STRICT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
ANSWERS = [
    ("/health", {}, 200),
    ("/api/county", {}, 200),
    ("/openapi.json", {}, 200),
    ("/favicon.ico", {}, 204),
    ("/static/css/map_page.css", {}, 200),
    ("/static/none.css", {}, 404),
    ("/none", {}, 404),
    ("/api/layers/none", {}, 422),
    ("/api/search", {}, 422),
    ("/health", {"Host": "evil.example"}, 400),
]


def lacking(answer):
    told = set(DEFAULT_HEADERS) - {"Content-Security-Policy"}
    return {name for name in told if answer.headers.get(name) != DEFAULT_HEADERS[name]}


@pytest.mark.parametrize(("path", "headers", "status"), ANSWERS)
def test_every_kind_of_answer_has_them(client, path, headers, status):
    answer = client.get(path, headers=headers)
    assert answer.status_code == status
    assert not lacking(answer)
    assert answer.headers["Content-Security-Policy"] == STRICT
    assert "Strict-Transport-Security" not in answer.headers, "only https may promise it"


def test_refused_writes_and_large_bodies_have_them(client):
    for answer in (
        client.post("/api/plans", headers={"Origin": "http://evil.example"}, json={}),
        client.post("/api/plans", content=b"x" * 70_000),
        client.post("/api/plans", json={}),
        client.put("/health"),
    ):
        assert answer.status_code >= 400
        assert not lacking(answer)
        assert answer.headers["Content-Security-Policy"] == STRICT


def test_an_error_of_our_own_has_them(settings):
    app = create_app(settings)

    @app.get("/fails")
    async def fails():
        raise RuntimeError("of our own")

    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 1), raise_server_exceptions=False) as caller:
        answer = caller.get("/fails")
    assert (answer.status_code, answer.json()["error"]) == (500, "unexpected")
    assert not lacking(answer)
    assert answer.headers["Content-Security-Policy"] == STRICT


def test_pages_bring_their_own_policy_without_inline_exceptions(client):
    for path in ("/plan", "/incidents", "/docs"):
        answer = client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert answer.status_code == 200
        assert not lacking(answer)
        assert "script-src 'self' 'sha256-" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        for needed in ("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert needed in policy


def test_the_description_is_drawn_from_this_machine_by_one_digested_script(client):
    answer = client.get("/docs")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert loaded
    assert [client.get(path).status_code for path in loaded] == [200] * len(loaded)
    inline = re.findall(r"<script>(.*?)</script>", answer.text, flags=re.DOTALL)
    assert len(inline) == 1
    assert digests(*inline) in answer.headers["Content-Security-Policy"]
    assert not re.findall(r"<style|\sstyle=|\son\w+=", answer.text)
    assert "</script>" not in render_docs("x", description="/</script>").html.split("<script>")[1].split("</script>")[0]


@pytest.mark.parametrize(("told", "is_secure"), [("https", True), ("http", False), ("", False)])
def test_https_is_promised_under_https_alone(settings, told, is_secure):
    behind = settings.model_copy(update={"proxy": "127.0.0.1"})
    with call(behind) as client:
        headers = {"X-Forwarded-For": "127.0.0.1"} | ({"X-Forwarded-Proto": told} if told else {})
        answer = client.get("/health", headers=headers)
    assert answer.headers.get("Strict-Transport-Security") == ("max-age=31536000" if is_secure else None)


def test_what_the_protocol_itself_refuses_has_them():
    head, _, body = _said(408, "Request Timeout", "request-timeout", "https").partition(b"\r\n\r\n")
    for name, value in DEFAULT_HEADERS.items():
        assert f"\r\n{name}: {value}" in head.decode()
    assert b"Strict-Transport-Security" in head
    assert json.loads(body)["error"] == "request-timeout"
    assert b"Strict-Transport-Security" not in _said(408, "Request Timeout", "request-timeout", "http")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/", "no-store"),
        ("/plan", "private, no-cache"),
        ("/incidents", "private, no-cache"),
        ("/api/me", "no-store"),
        ("/api/county", "no-store"),
        ("/api/layers/villages", "private, no-cache"),
        ("/api/runs", "no-store"),
        ("/api/incidents", "no-store"),
        ("/api/tables/rooms.xlsx", "private, no-cache"),
        ("/docs", "no-store"),
        ("/audit", "no-store"),
        ("/none", "no-store"),
    ],
)
def test_only_the_browser_of_the_caller_may_keep_an_answer(client, path, told):
    assert client.get(path, follow_redirects=False).headers["Cache-Control"] == told


def test_public_files_may_be_kept_by_anybody(client):
    answer = client.get("/static/css/office.css")
    assert answer.headers["ETag"]
    assert "Cache-Control" not in answer.headers


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_cookie_is_for_this_service_and_under_https_for_https_alone(settings, scheme):
    with TestClient(create_app(settings), base_url=f"{scheme}://127.0.0.1", client=("127.0.0.1", 5)) as client:
        told = client.get("/?lang=en").headers.get_list("set-cookie")
    assert told
    for one in told:
        assert ("Secure" in one) == (scheme == "https")
        assert "HttpOnly" in one
        assert "SameSite=lax" in one
