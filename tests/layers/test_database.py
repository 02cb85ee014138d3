from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import IntegrityError

from layers.records.database import Database, open_database, sqlite_url
from layers.records.revisions import migration_config
from layers.records.tables import metadata


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"spatial_ref_sys"}


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_migrations_make_exactly_the_tables_of_records(database: Database) -> None:
    with database.writing() as connection:
        command.check(migration_config(connection))  # raises if a migration is missing


def test_opening_again_changes_nothing(database: Database, database_url: str) -> None:
    before = _tables(database)
    open_database(database_url).close()
    assert _tables(database) == before == {"alembic_version", *metadata.tables}


def test_several_databases_are_made_at_once_in_one_process(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / f'{n}.sqlite'}" for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(open_database, urls))
    assert all(_tables(one) == {"alembic_version", *metadata.tables} for one in made)
    for one in made:
        one.close()


ROW = text(
    "INSERT INTO incident (id, idempotency_key, county_version, lon, lat, created_at) "
    "VALUES (:id, 'key', 'v', 116.87, 37.19, '2026-03-02 01:00:00')"
)


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(ROW, [{"id": "first"}, {"id": "second with the same key"}])
    with database.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM incident")) == 0


def test_sqlite_is_durable_and_strict(data_dir: Path) -> None:
    database = open_database(sqlite_url(data_dir / "not yet there"))
    with database.reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 4_000}
    database.close()


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.writing() as writer:
        writer.execute(text("DELETE FROM incident"))
        with database.reading() as reader:
            assert reader.scalar(text("SELECT count(*) FROM incident")) == 0


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x"])
def test_a_url_that_cannot_hold_records_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///FILE or postgresql://"):
        open_database(url)


@pytest.mark.parametrize("database_url", ["postgis"], indirect=True)
def test_postgis_keeps_a_point_beside_lon_and_lat(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(ROW, {"id": "1"})
    with database.reading() as connection:
        assert connection.scalar(text("SELECT ST_AsEWKT(geom) FROM incident")) == "SRID=4490;POINT(116.87 37.19)"


def test_plain_postgresql_works_where_postgis_may_not_be_installed(postgis_url: str) -> None:
    """An owner who is no administrator cannot install PostGIS into a fresh database."""
    server = make_url(postgis_url).set(drivername="postgresql+psycopg")
    owner = server.set(username="plain_owner", password="plain", database="plain")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE ROLE plain_owner LOGIN PASSWORD 'plain'"))
        connection.execute(text("CREATE DATABASE plain OWNER plain_owner"))
        try:
            database = open_database(owner.render_as_string(hide_password=False))
            columns = {column["name"] for column in inspect(database.engine).get_columns("incident")}
            database.close()
        finally:
            connection.execute(text("DROP DATABASE plain WITH (FORCE)"))
            connection.execute(text("DROP ROLE plain_owner"))
    engine.dispose()
    assert "lon" in columns
    assert "geom" not in columns
