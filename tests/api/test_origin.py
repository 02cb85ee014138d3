"""Another site and another name are refused, whoever calls."""

import pytest
from callers import HERE
from fastapi import Depends, FastAPI
from starlette.testclient import TestClient

from api.auth import Public, guarded_router
from api.origin import KnownHostMiddleware, SameOriginMiddleware


def guarded_app():
    app = FastAPI()
    router = guarded_router()

    @router.api_route("/act", methods=["POST", "PUT", "PATCH", "DELETE"], dependencies=[Depends(Public())])
    def act():
        return "done"

    @router.get("/seen", dependencies=[Depends(Public())])
    def seen():
        return "by all"

    app.include_router(router)
    app.add_middleware(SameOriginMiddleware)
    app.add_middleware(KnownHostMiddleware)
    return app


@pytest.mark.parametrize("order", [("http://127.0.0.1:8000", "http://evil.example"), ("http://evil.example", HERE)])
def test_of_several_origins_none_may_be_another_site(order):
    client = TestClient(guarded_app(), base_url=HERE, client=("127.0.0.1", 5000))
    assert client.post("/act", headers=[("Origin", origin) for origin in order]).status_code == 403


OWN = "http://127.0.0.1:8000"
ORIGINS = [
    (OWN, 200),
    ("https://127.0.0.1:8000", 200),
    ("HTTP://127.0.0.1:8000", 200),
    ("http://evil.example", 403),
    ("http://127.0.0.1", 403),
    ("http://127.0.0.1:9000", 403),
    ("http://evil.example:8000", 403),
    ("http://x127.0.0.1:8000", 403),
    ("http://1.127.0.0.1:8000", 403),
    ("http://127.0.0.1:8000.evil.example", 403),
    ("http://evil.example@127.0.0.1:8000", 403),
    ("http://localhost:8000", 403),
    ("127.0.0.1:8000", 403),
    ("ftp://127.0.0.1:8000", 403),
    ("null", 403),
    ("", 403),
    ("http://[::1", 403),
    ("http://[::1]x", 403),
    ("http://[v1.x]:8000", 403),
    ("http://127.0.0.1:8000, http://evil.example", 403),
]


@pytest.mark.parametrize(("origin", "status"), ORIGINS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_another_site_cannot_act_through_the_browser(method, origin, status):
    client = TestClient(guarded_app(), base_url=HERE, client=("127.0.0.1", 5000))
    assert client.request(method, "/act", headers={"Origin": origin}).status_code == status
    assert client.get("/seen", headers={"Origin": origin}).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:8000", 200),
        ("localhost:9", 200),
        ("LOCALHOST", 200),
        ("[::1]:8000", 200),
        ("testserver", 400),
        ("rebound.example", 400),
        ("0.0.0.0", 400),
        ("127.0.0.2", 400),
        ("192.168.1.5:8000", 400),
        ("[::]", 400),
        ("127.0.0.1.evil.example", 400),
        ("evil.example:127", 400),
        ("localhost@evil.example", 400),
        ("evil.example@localhost", 400),
        ("localhost/evil", 400),
        ("evil.example/localhost", 400),
        ("", 400),
        ("[::1", 400),
        ("[", 400),
        ("a b", 400),
    ],
)
def test_only_our_own_names_are_answered_to(host, status):
    client = TestClient(guarded_app(), base_url=HERE, client=("127.0.0.1", 5000))
    answer = client.get("/seen", headers={"Host": host})
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["error"] == "foreign-host"


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 200), ("none", 200), ("cross-site", 403), ("same-site", 403), ("", 403)]
)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_what_a_browser_says_of_the_site_counts_where_it_names_no_origin(method, site, status):
    client = TestClient(guarded_app(), base_url=HERE, client=("127.0.0.1", 5000))
    assert client.request(method, "/act", headers={"Sec-Fetch-Site": site}).status_code == status
    assert client.get("/seen", headers={"Sec-Fetch-Site": site}).status_code == 200, "links may lead here"
