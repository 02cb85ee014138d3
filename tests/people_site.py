"""A service with accounts, on a database of its own, and its administrator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from callers import call
from signed_in import account, caller, key_for
from sqlalchemy import func, select

from api.settings import Settings
from layers.records.database import Database
from layers.records.tables import audit


@contextmanager
def people_site(county: Path, data: Path, url: str, **settings: Any) -> Iterator[Any]:
    """Yield the application, which keeps its notes in a folder of its own beside a county that others use too."""
    data.mkdir(exist_ok=True)
    for name in ("layers", "builds", "current"):
        (data / name).symlink_to(county / name)
    with call(Settings(data=data, database_url=url, **settings)) as client:
        yield client.app


def administrator(app: Any, *, by: str = "cookie", name: str = "root") -> Any:
    """Return an administrator with a password as a caller."""
    database = app.state.workplace.database.get()
    made = account(database, name, ("administrator", "county", "*"), password_hash="h")
    return caller(app, key_for(database, made, kind="browser" if by == "cookie" else "token"), by=by)


def rows_of(database: Database) -> int:
    """Return how many rows the audit has."""
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(audit)) or 0
