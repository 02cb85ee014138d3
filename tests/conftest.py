"""Fixtures that every room shares: a data directory, and each of the two kinds of database."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from built_once import built_once
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text
from toy_county import write_toy_county

from layers.build import build_county
from layers.records.database import Database, open_database, sqlite_url

# The same examples on every run, and no clock: a loaded machine must not turn a test red.
settings.register_profile("steady", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("steady")

CLUSTER_SCRIPT = Path(__file__).parents[1] / ".ci" / "postgis.sh"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    path.mkdir()
    return path


@pytest.fixture(scope="session")
def shared_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all processes of this run, or of both runs of `make test`: COUNTYGRID_TEST_SHARED."""
    given, own = os.environ.get("COUNTYGRID_TEST_SHARED"), tmp_path_factory.getbasetemp()
    folder = Path(given) if given else own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def toy_built(shared_dir: Path) -> Path:
    """Data of the toy county, built once for all processes: copy it before anything is written there."""

    def build(folder: Path) -> None:
        build_county(write_toy_county(folder / "files"), data_dir=folder / "data")

    return built_once(shared_dir, "toy", build) / "data"


@pytest.fixture(scope="session")
def toy_data(toy_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy county, for the tests of this process."""
    return shutil.copytree(toy_built, tmp_path_factory.mktemp("toy") / "data")


@pytest.fixture(scope="session")
def postgis_url() -> Iterator[str]:
    """COUNTYGRID_TEST_DATABASE_URL, or a throw-away cluster where PostgreSQL is installed."""
    given = os.environ.get("COUNTYGRID_TEST_DATABASE_URL")
    if given:
        yield given
        return
    if not (shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))):
        reason = "PostgreSQL is not installed and COUNTYGRID_TEST_DATABASE_URL is not set"
        if os.environ.get("CI") == "true":
            raise pytest.UsageError(reason)
        pytest.skip(reason)
    folder = tempfile.mkdtemp(prefix="countygrid-postgis-")
    started = subprocess.run([CLUSTER_SCRIPT, "start", folder], capture_output=True, text=True, check=False)
    try:
        if started.returncode != 0:
            raise pytest.UsageError(f"the PostGIS test cluster did not start: {started.stderr}")
        yield started.stdout.strip()
    finally:
        subprocess.run([CLUSTER_SCRIPT, "stop", folder], check=True)


@pytest.fixture(params=["sqlite", "postgis"])
def database_url(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[str]:
    """An empty database of its own: a SQLite file, then a schema on PostGIS."""
    if request.param == "sqlite":
        yield sqlite_url(data_dir)
        return
    server = make_url(request.getfixturevalue("postgis_url")).set(drivername="postgresql+psycopg")
    schema = f"test_{uuid.uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public"))
        connection.execute(text(f"CREATE SCHEMA {schema}"))
        own = server.update_query_dict({"options": f"-csearch_path={schema},public"})
        yield own.render_as_string(hide_password=False)
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """That database, opened with its tables."""
    opened = open_database(database_url)
    yield opened
    opened.close()
