"""Callers of the service, each with an address and a host name of its own: nothing in the product knows of tests."""

import time

from starlette.testclient import TestClient

from api.main import create_app
from api.settings import Settings

HERE = "http://127.0.0.1:8000"


def call(settings: Settings, *, address: str = "127.0.0.1", **options) -> TestClient:
    """Return a caller at an address, by default one that sits at the machine."""
    return TestClient(create_app(settings), base_url=HERE, client=(address, 50000), **options)


def finished(client: TestClient, run: dict, *, seconds: float = 120) -> dict:
    """Wait for a run to end and return it with its result."""
    deadline = time.monotonic() + seconds
    while run["state"] in ("queued", "running"):
        assert time.monotonic() < deadline, run
        time.sleep(0.02)
        run = client.get(f"/api/runs/{run['id']}").json()["run"]
    return run


def asked(client: TestClient, path: str, body: dict, *, seconds: float = 120) -> dict:
    """Ask for a plan or a study and return its run once it has ended."""
    answer = client.post(path, json=body)
    assert answer.status_code in (200, 202), answer.text
    return finished(client, answer.json()["run"], seconds=seconds)
