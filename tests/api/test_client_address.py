"""Whose address counts: that of the connection, unless the one named proxy says otherwise."""

from __future__ import annotations

import pytest
from callers import HERE, call
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from api.client import ClientAddressMiddleware, canonical_address
from api.settings import Settings

CLAIMS = [
    "127.0.0.1",
    "::1",
    "testclient",
    "localhost",
    "10.0.0.9",
    "10.0.0.9, 127.0.0.1",
    "127.0.0.1, 10.0.0.9",
    "",
    "unknown",
    "[::1]:80",
    "*",
    "127.0.0.1" + " " * 300,
]
HEADERS = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "Client-IP", "True-Client-IP", "Via")


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("192.168.1.7", 401), ("testclient", 401)])
def test_without_a_proxy_no_header_changes_who_calls(served, header, claim, address, status):
    client = TestClient(served.app, base_url=HERE, client=(address, 50000))
    value = f"for={claim}" if header == "Forwarded" else claim
    assert client.get("/docs", headers={header: value}).status_code == status


@pytest.fixture(scope="module")
def served(toy_data):
    with call(Settings(data=toy_data)) as client:
        yield client


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("127.0.0.1", 200),
        ("10.0.0.9, 127.0.0.1", 200),
        ("10.0.0.9,127.0.0.1", 200),
        ("127.0.0.1:55555", 200),
        ("[::1]:55555", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("127.0.0.1, 10.0.0.9", 401),
        ("10.0.0.9", 401),
        ("::1, 2001:db8::1", 401),
        ("127.0.0.1,", 401),
        ("", 401),
        ("unknown", 401),
        ("testclient", 401),
        ("[::1", 401),
        ("127.0.0.1.evil.example", 401),
    ],
)
@pytest.mark.parametrize("proxy", ["127.0.0.1", "172.17.0.2", "fd00::2"])
def test_of_what_the_named_proxy_says_the_last_address_counts(settings, proxy, claim, status):
    behind = settings.model_copy(update={"proxy": proxy})
    with call(behind, address=proxy) as client:
        assert client.get("/api/county", headers={"X-Forwarded-For": claim}).status_code == status


def test_a_proxy_that_does_not_say_from_whom_makes_nobody_local(settings):
    with call(settings.model_copy(update={"proxy": "127.0.0.1"})) as client:
        assert client.get("/api/county").status_code == 401
        assert client.get("/health").status_code == 200


def test_several_headers_are_one_list(settings):
    with call(settings.model_copy(update={"proxy": "127.0.0.1"})) as client:
        for values, status in ((("127.0.0.1", "10.0.0.9"), 401), (("10.0.0.9", "127.0.0.1"), 200)):
            headers = [("X-Forwarded-For", value) for value in values]
            assert client.get("/api/county", headers=headers).status_code == status


def test_another_machine_is_not_the_proxy(settings):
    with call(settings.model_copy(update={"proxy": "172.17.0.2"}), address="172.17.0.22") as client:
        assert client.get("/api/county", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 401


SCHEMES = [
    ("https", "https"),
    ("HTTPS", "https"),
    ("http", "http"),
    ("http, https", "https"),
    ("https, http", "http"),
    ("", "http"),
    ("ftp", "http"),
    ("https;", "http"),
]


@pytest.mark.parametrize(("told", "scheme"), SCHEMES)
def test_the_named_proxy_says_by_which_scheme_the_caller_came(told, scheme):
    assert _scheme_behind("127.0.0.1", proxy="127.0.0.1", told=told) == scheme


@pytest.mark.parametrize("proxy", ["", "172.17.0.2"])
def test_nobody_else_makes_a_call_secure(proxy):
    assert _scheme_behind("127.0.0.1", proxy=proxy, told="https") == "http"


def _scheme_behind(address, *, proxy, told):
    async def app(scope, receive, send):
        await PlainTextResponse(Request(scope).url.scheme)(scope, receive, send)

    client = TestClient(ClientAddressMiddleware(app, proxy=proxy), base_url=HERE, client=(address, 50000))
    headers = {"X-Forwarded-Proto": told, "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Protocol": "https"}
    return client.get("/", headers=headers | {"X-Forwarded-Ssl": "on", "Front-End-Https": "on"}).text


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("", ""),
        ("testclient", ""),
        ("127.1", ""),
        ("127.0.0.01", ""),
    ],
)
def test_an_address_has_one_form(words, address):
    assert canonical_address(words) == address


@pytest.mark.parametrize("proxy", ["10.0.0.1, 10.0.0.2", "*", "10.0.0.0/8", "proxy.example"])
def test_a_proxy_is_one_address(proxy):
    with pytest.raises(ValueError, match="IP"):
        Settings(proxy=proxy)


def test_an_empty_proxy_is_none():
    assert Settings(proxy=" ").proxy == ""
