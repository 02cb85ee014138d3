"""Who may call: a route must say so, every role is asked, another machine and another site are refused."""

import anyio
import pytest
from callers import HERE, call
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from api.auth import LOCAL_USER, Allow, Public, Role, User, current_user, guarded_router
from api.body import BodyLimitMiddleware
from api.main import create_app
from api.origin import KnownHostMiddleware, SameOriginMiddleware
from api.settings import Settings

PLANNERS = {"planner", "official"}
HANDLERS = {"grid-worker", "desk"}
EVERYONE = PLANNERS | HANDLERS
ROLES = {
    ("GET", "/"): EVERYONE,
    ("GET", "/docs"): EVERYONE,
    ("GET", "/texts/{name}"): EVERYONE,
    ("GET", "/api/county"): EVERYONE,
    ("GET", "/api/layers/{name}"): EVERYONE,
    ("GET", "/api/search"): EVERYONE,
    ("GET", "/api/place"): EVERYONE,
    ("GET", "/api/access"): EVERYONE,
    ("POST", "/api/plans"): PLANNERS,
    ("POST", "/api/studies"): PLANNERS,
    ("GET", "/api/runs"): PLANNERS,
    ("GET", "/api/runs/{name}"): PLANNERS,
    ("GET", "/api/runs/{name}/events"): PLANNERS,
    ("GET", "/api/runs/{name}/plan-file"): PLANNERS,
    ("DELETE", "/api/runs/{name}"): PLANNERS,
    ("POST", "/api/runs/{name}/repeat"): PLANNERS,
    ("POST", "/api/closures"): PLANNERS,
    ("POST", "/api/incidents"): EVERYONE,
    ("GET", "/api/incidents"): HANDLERS,
    ("GET", "/api/incidents/{name}"): HANDLERS,
}
"""Who may do what, said a second time: a route that is opened to more people fails here first."""
PUBLIC = {("GET", "/health"), ("GET", "/favicon.ico")}
CALLS = {
    ("GET", "/texts/{name}"): ("/texts/none.js", None),
    ("GET", "/api/layers/{name}"): ("/api/layers/villages", None),
    ("GET", "/api/search"): ("/api/search?q=x", None),
    ("GET", "/api/place"): ("/api/place?lon=116.9&lat=37.2", None),
    ("POST", "/api/plans"): ("/api/plans", {"service": "elder-centre", "p": 1}),
    ("POST", "/api/studies"): ("/api/studies", {"kind": "why-here", "plan_id": "none"}),
    ("POST", "/api/closures"): ("/api/closures", {}),
    ("POST", "/api/incidents"): (
        "/api/incidents",
        {"category": "party", "lon": 1, "lat": 2, "idempotency_key": "who-may"},
    ),
}
"""Path and body of a call that the route would answer, where they are not plain."""


def routes_of(app):
    """(method, path) of every route that answers, from the API's own description and the router."""
    return {(method.upper(), path) for path, methods in app.openapi()["paths"].items() for method in methods}


def test_every_route_of_the_service_is_in_this_table(settings):
    assert routes_of(create_app(settings)) == set(ROLES) | PUBLIC


def test_the_description_names_the_roles(settings):
    paths = create_app(settings).openapi()["paths"]
    told = {key: set(paths[key[1]][key[0].lower()]["x-roles"]) for key in set(ROLES) | PUBLIC}
    assert told == ROLES | {key: set() for key in PUBLIC}


@pytest.fixture(scope="module")
def served(toy_data, tmp_path_factory):
    """One service for all calls of this file."""
    records = tmp_path_factory.mktemp("auth") / "app.sqlite"
    with call(Settings(data=toy_data, database_url=f"sqlite:///{records}")) as client:
        yield client


@pytest.fixture
def as_user(served):
    """Call the service as anybody."""
    overrides = served.app.dependency_overrides

    def become(*roles):
        overrides[current_user] = lambda: User("somebody", frozenset(roles))
        return served

    yield become
    overrides.clear()


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("route", sorted(ROLES))
def test_each_role_may_call_its_routes_and_no_other(as_user, route, role):
    method, path = route
    address, body = CALLS.get(route, (path.replace("{name}", "none"), None))
    status = as_user(role).request(method, address, json=body).status_code
    if role in ROLES[route]:
        assert status not in (401, 403)
    else:
        assert status == 403


@pytest.mark.parametrize("route", sorted(ROLES))
def test_whoever_has_no_role_is_refused_everywhere_in_words(as_user, route):
    method, path = route
    address, body = CALLS.get(route, (path.replace("{name}", "none"), None))
    answer = as_user().request(method, address, json=body)
    assert (answer.status_code, answer.json()["error"]) == (403, "role-missing")


@pytest.mark.parametrize("route", sorted(ROLES))
@pytest.mark.parametrize("address", ["192.168.1.7", "2001:db8::1", "testclient", "localhost", "", "128.0.0.1"])
def test_another_machine_is_refused_everywhere(served, route, address):
    method, path = route
    asked, body = CALLS.get(route, (path.replace("{name}", "none"), None))
    client = TestClient(served.app, base_url=HERE, client=(address, 50000))
    answer = client.request(method, asked, json=body)
    assert (answer.status_code, answer.json()["error"]) == (401, "only-local")


def test_a_call_without_an_address_is_nobodys():
    async def ask(scope_client):
        app, sent = guarded_app(), []

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/kept", "raw_path": b"/kept", "query_string": b"",
                 "headers": [(b"host", b"127.0.0.1")], "client": scope_client, "scheme": "http", "root_path": "",
                 "server": ("127.0.0.1", 80), "http_version": "1.1", "asgi": {"version": "3.0"}}  # fmt: skip
        await app(scope, receive, send)
        return sent[0]["status"]

    assert anyio.run(ask, None) == 401
    assert anyio.run(ask, ("", 0)) == 401
    assert anyio.run(ask, ("127.0.0.1", 0)) == 200


def guarded_app():
    app = FastAPI()
    router = guarded_router()

    @router.post("/act", dependencies=[Depends(Allow(Role.PLANNER))])
    @router.delete("/act", dependencies=[Depends(Allow(Role.PLANNER))])
    @router.put("/act", dependencies=[Depends(Allow(Role.PLANNER))])
    @router.patch("/act", dependencies=[Depends(Allow(Role.PLANNER))])
    def act():
        return "done"

    @router.get("/kept", dependencies=[Depends(Allow(Role.DESK))])
    def kept():
        return "for the desk"

    @router.get("/seen", dependencies=[Depends(Public())])
    def seen():
        return "by all"

    app.include_router(router)
    app.add_middleware(SameOriginMiddleware)
    app.add_middleware(KnownHostMiddleware)
    return app


def test_a_route_that_does_not_say_who_may_call_it_cannot_be_declared():
    router = guarded_router()
    with pytest.raises(RuntimeError, match="/open does not say"):
        router.get("/open")(lambda: None)
    assert not [route for route in router.routes if isinstance(route, APIRoute)]


def test_allowing_nobody_is_a_mistake():
    with pytest.raises(ValueError, match="at least one"):
        Allow()


def test_the_roles_are_these_in_this_order():
    """Kept in records and shown in lists: a new one comes at the end."""
    assert [role.value for role in Role] == ["planner", "official", "grid-worker", "desk"]
    assert LOCAL_USER.roles == frozenset(Role)


@pytest.mark.parametrize("order", [("http://127.0.0.1:8000", "http://evil.example"), ("http://evil.example", HERE)])
def test_of_several_origins_none_may_be_another_site(order):
    client = TestClient(guarded_app(), base_url=HERE, client=("127.0.0.1", 5000))
    assert client.post("/act", headers=[("Origin", origin) for origin in order]).status_code == 403


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1", 200), ("127.8.9.1", 200), ("::1", 200), ("192.168.1.7", 401), ("example.org", 401)],
)
def test_only_this_machine_may_act(host, status):
    client = TestClient(guarded_app(), base_url=HERE, client=(host, 5000))
    assert client.post("/act").status_code == status
    assert client.get("/seen").status_code == 200


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


@pytest.mark.parametrize(("size", "is_refused"), [(60_000, False), (65_000, False), (66_000, True), (10**6, True)])
def test_a_body_above_64_kib_is_refused(settings, size, is_refused):
    with call(settings) as client:
        body = '{"category":"party","lon":1,"lat":2,"idempotency_key":"k","text":"%s"}'
        answer = client.post("/api/incidents", content=body % ("x" * (size - len(body) + 2)))
    assert answer.status_code == (413 if is_refused else 422)
    assert answer.json()["faults"] or is_refused


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(("size", "status"), [(64 * 1024, 422), (64 * 1024 + 1, 413)])
def test_the_limit_itself_may_be_sent(settings, size, status, whole):
    body = b'{"service":' + b" " * (size - 13) + b"0}"
    with call(settings) as client:
        sent = body if whole else iter((body[:40_000], body[40_000:]))
        answer = client.post("/api/plans", content=sent, headers={"Content-Type": "application/json"})
    assert (len(body), answer.status_code) == (size, status)
    assert [fault["field"] for fault in answer.json()["faults"]] == (["service"] if status == 422 else [])


def test_a_report_that_comes_in_pieces_is_put_together_and_half_of_one_is_not_taken(settings):
    report = b'{"category":"party","lon":1,"lat":2,"idempotency_key":"pieces"}'
    with call(settings) as client:
        headers = {"Content-Type": "application/json"}
        taken = client.post("/api/incidents", content=iter((report[:20], report[20:])), headers=headers)
        assert taken.status_code == 201

    passed = []

    async def behind(*_told):
        passed.append(True)

    async def broken_off():
        return parts.pop(0)

    parts = [{"type": "http.request", "body": report, "more_body": True}, {"type": "http.disconnect"}]
    scope = {"type": "http", "headers": []}
    anyio.run(BodyLimitMiddleware(behind, limit=1000), scope, broken_off, behind)
    assert passed == []

    async def reads(_scope, receive, _send):
        passed.append((await receive())["body"])

    parts += [{"type": "http.request", "body": report[:20], "more_body": True}]
    parts += [{"type": "http.request", "body": report[20:]}]
    anyio.run(BodyLimitMiddleware(reads, limit=1000), scope, broken_off, behind)
    assert passed == [report]


def test_a_body_that_does_not_say_how_long_it_is_is_counted(settings):
    def drops(count):
        yield from (b" " * 1000 for _ in range(count))
        yield b"{}"

    with call(settings) as client:
        for count, status in ((60, 422), (66, 413), (2000, 413)):
            answer = client.post("/api/plans", content=drops(count), headers={"Content-Type": "application/json"})
            assert answer.status_code == status
    assert answer.json()["error"] == "http-413"
