"""Callers of the service, each with an address and a host name of its own: nothing in the product knows of tests."""

from starlette.testclient import TestClient

from api.main import create_app
from api.settings import Settings

HERE = "http://127.0.0.1:8000"


def call(settings: Settings, *, address: str = "127.0.0.1", **options) -> TestClient:
    """Return a caller at an address, by default one that sits at the machine."""
    return TestClient(create_app(settings), base_url=HERE, client=(address, 50000), **options)
