"""A small site to be backed up: a build with a layer, incidents, and databases to restore into."""

from __future__ import annotations

import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import geopandas as gpd
from acts import REPORTED
from newest_cases import newest
from shapely import LineString
from sqlalchemy import create_engine, inspect, make_url, text

from layers.records import revisions
from layers.records.database import open_database
from layers.records.engines import engine_for
from layers.records.incidents import IncidentStore
from layers.store import write_build, write_layer
from planning.incidents.events import Assignment, assigned, reported

ROOT = Path(__file__).parents[1]
MADE_AT = datetime(2026, 11, 29, 20, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 1, 0, 0, 123456, tzinfo=UTC)
VERSIONS = ("0123456789abcdef", "fedcba9876543210")
DESK = Assignment(None, "county", "desk", "county-desk", "outside-cells")


def write_county(data_dir: Path) -> None:
    """Store two builds that share a layer."""
    rivers = gpd.GeoDataFrame(
        {"name": ["徒骇河"]}, index=["1"], geometry=[LineString([(116.8, 37.1), (116.9, 37.2)])], crs=4490
    )
    rivers.index.name = "id"
    layer = write_layer(data_dir, "rivers", rivers)
    for version in VERSIONS:
        layers = {"rivers": {"version": layer, "count": 1}}
        told = {"name": "临邑县", "code": "371424", "crs": "EPSG:4548", "warnings": []}
        write_build(data_dir, {"version": version, **told, "layers": layers})


def report(store: IncidentStore, name: str, *, words: str = "路灯不亮", lon: float = 116.87) -> None:
    first = reported(name, at=NOW, category="party", lon=lon, lat=37.0, cell=None, county_version=VERSIONS[1])
    then = assigned(
        DESK,
        seq=2,
        at=NOW + timedelta(seconds=1),
        due_at=NOW.isoformat(),
        workdays=0,
        calendar="weekdays",
        route_seconds=None,
    )
    store.report([first, then], idempotency_key=name, act=REPORTED, texts={"text-1": words})


def write_incidents(url: str, *, count: int) -> None:
    database = open_database(url)
    store = IncidentStore(database)
    for number in range(count):
        report(store, f"i{number}", words=f"第{number}件 “路灯” \\ / 🚧", lon=116.0 + number / 7)
    database.close()


def events_of(url: str) -> dict[str, object]:
    """Return every incident with its events, as the program reads them."""
    database = open_database(url)
    store = IncidentStore(database)
    found = {one: store.events(one) for one in newest(database)}
    database.close()
    return found


def tables_of(url: str) -> set[str]:
    """Return the names of the tables in a database, whatever their revision, without PostGIS's own."""
    engine = engine_for(make_url(url))
    try:
        return set(inspect(engine).get_table_names()) - {"spatial_ref_sys"}
    finally:
        engine.dispose()


def without_marks(names: Iterable[str]) -> set[str]:
    """Return the files of a restored folder without what it notes of its records."""
    marks = ("accounts-exist", "restored-at")
    return {name for name in names if name not in marks and not name.startswith("audit-heads-")}


@contextmanager
def empty_schema(server_url: str) -> Iterator[str]:
    """Yield the URL of a schema of its own on a server, dropped at the end."""
    server = make_url(server_url).set(drivername="postgresql+psycopg")
    schema = f"test_{uuid.uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
        own = server.update_query_dict({"options": f"-csearch_path={schema},public"})
        yield own.render_as_string(hide_password=False)
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


def further_migrations(folder: Path, *, tables: int = 3, rest_s: float = 0.0) -> Path:
    """Return a copy of the migrations with one more, which makes tables slowly."""
    shutil.copytree(Path(revisions.__file__).parents[1] / "migrations", folder, dirs_exist_ok=True)
    (folder / "versions" / "9999_later.py").write_text(
        f"""import time
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999", {revisions.newest_revision()!r}
def upgrade():
    for number in range({tables}):
        op.create_table(f"later_{{number}}", sa.Column("id", sa.Integer, primary_key=True))
        time.sleep({rest_s})
""",
        encoding="utf-8",
    )
    return folder


def start(code: str, *args: object) -> subprocess.Popen[str]:
    """Start a process that says when it is ready and goes on when told."""
    pipe = subprocess.PIPE
    head = "import sys\nfrom pathlib import Path\n"
    command = [sys.executable, "-c", head + code, *map(str, args)]
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
