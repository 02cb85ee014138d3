"""The toy county, built once and served by the application."""

import pytest
from callers import call
from toy_county import write_toy_county

from api.settings import Settings
from layers.build import build_county


@pytest.fixture(scope="session")
def toy_data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy")
    build_county(write_toy_county(folder / "files"), data_dir=folder / "data")
    return folder / "data"


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
