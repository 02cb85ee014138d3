"""Who may call: a route must say so, another machine and another site are refused."""

import pytest
from callers import HERE
from fastapi import Depends, FastAPI
from starlette.testclient import TestClient

from api.auth import Allow, Public, Role, guarded_router
from api.origin import SameOriginMiddleware


def guarded_app():
    app = FastAPI()
    router = guarded_router()

    @router.post("/act", dependencies=[Depends(Allow(Role.PLANNER))])
    def act():
        return "done"

    @router.get("/seen", dependencies=[Depends(Public())])
    def seen():
        return "by all"

    app.include_router(router)
    app.add_middleware(SameOriginMiddleware)
    return app


def test_a_route_that_does_not_say_who_may_call_it_cannot_be_declared():
    router = guarded_router()
    with pytest.raises(RuntimeError, match="/open does not say"):
        router.get("/open")(lambda: None)


def test_allowing_nobody_is_a_mistake():
    with pytest.raises(ValueError, match="at least one"):
        Allow()


@pytest.mark.parametrize(
    ("host", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.168.1.7", 401), ("example.org", 401)]
)
def test_only_this_machine_may_act(host, status):
    client = TestClient(guarded_app(), client=(host, 5000))
    assert client.post("/act").status_code == status
    assert client.get("/seen").status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"), [("http://127.0.0.1:8000", 200), ("http://evil.example", 403), ("null", 403)]
)
def test_another_site_cannot_act_through_the_browser(origin, status):
    client = TestClient(guarded_app(), base_url=HERE, client=("127.0.0.1", 5000))
    assert client.post("/act", headers={"Origin": origin}).status_code == status
    assert client.get("/seen", headers={"Origin": origin}).status_code == 200
