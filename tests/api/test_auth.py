"""A route must say who may call it, and in solo mode only this machine calls."""

import pytest
from callers import HERE, call
from fastapi.routing import APIRoute
from signed_in import leaves
from starlette.routing import Mount
from starlette.testclient import TestClient

from api.access.rights import NOUNS
from api.access.roles import Role
from api.auth import LOCAL_USER, Allow, GuardedRoute, guarded_router
from api.main import PublicFiles, create_app
from api.settings import Settings


@pytest.fixture(scope="module")
def served(toy_data, tmp_path_factory):
    """One service for all calls of this file."""
    records = tmp_path_factory.mktemp("auth") / "app.sqlite"
    with call(Settings(data=toy_data, database_url=f"sqlite:///{records}")) as client:
        yield client


def test_a_route_that_does_not_say_who_may_call_it_cannot_be_declared():
    router = guarded_router()
    with pytest.raises(RuntimeError, match="/open does not say"):
        router.get("/open")(lambda: None)
    assert not [route for route in router.routes if isinstance(route, APIRoute)]


def test_allowing_nobody_is_a_mistake():
    with pytest.raises(ValueError, match="at least one"):
        Allow()


def test_nothing_is_served_beside_the_guarded_routes_and_the_public_files(settings):
    """The framework's own pages stand behind no guard."""
    others = [route for route in leaves(create_app(settings).routes) if not isinstance(route, GuardedRoute)]
    assert [(route.path, isinstance(route.app, PublicFiles)) for route in others if isinstance(route, Mount)] == [
        ("/static", True)
    ]
    assert len(others) == 1


def test_the_roles_are_these_in_this_order():
    """Kept in records and shown in lists: a new one comes at the end."""
    assert [role.value for role in Role] == [
        "planner", "official", "grid-worker", "township-desk", "county-desk", "department", "checker",
        "administrator", "public",
    ]  # fmt: skip
    assert {grant.role for grant in LOCAL_USER.grants} == set(Role) - {Role.PUBLIC}


@pytest.mark.parametrize("address", ["192.168.1.7", "2001:db8::1", "testclient", "localhost", "", "128.0.0.1"])
@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/api/county", "/api/incidents", "/api/me"])
def test_another_machine_is_refused_in_solo_mode(served, path, address):
    client = TestClient(served.app, base_url=HERE, client=(address, 50000))
    answer = client.get(path)
    assert (answer.status_code, answer.json()["error"]) == (401, "only-local")
    assert client.get("/health").status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1"])
def test_this_machine_calls_in_every_role_in_solo_mode(served, host):
    client = TestClient(served.app, base_url=HERE, client=(host, 50000))
    told = client.get("/api/me").json()
    assert told["solo"]
    assert {grant["role"] for grant in told["grants"]} == {role.value for role in Role} - {"public"}


def test_administrators_see_no_cases_and_planners_no_people():
    assert Role.ADMINISTRATOR not in {*NOUNS["incident"].read, *NOUNS["incident"].write, *NOUNS["plan"].read}
    assert Role.PLANNER not in {*NOUNS["incident"].read, *NOUNS["account"].read, *NOUNS["audit"].read}
