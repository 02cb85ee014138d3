"""The toy county, served by the application."""

import pytest
from callers import call

from api.settings import Settings


@pytest.fixture(autouse=True)
def nobody_has_an_account(request):
    """Take away what a service notes beside the county once there are accounts: each test has its own records."""
    yield
    if "toy_data" in request.fixturenames:
        (request.getfixturevalue("toy_data") / "accounts-exist").unlink(missing_ok=True)


@pytest.fixture
def settings(toy_data, tmp_path):
    return Settings(data=toy_data, database_url=f"sqlite:///{tmp_path / 'app.sqlite'}")


@pytest.fixture
def client(settings):
    with call(settings) as made:
        yield made
