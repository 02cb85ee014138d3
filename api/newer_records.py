"""Whether the records were made by a newer program, told in a sentence before anything is served."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import make_url

from api.explain import ApiError
from layers.records.database import Database
from layers.records.database_faults import DatabaseDownError, DownReason
from layers.records.engines import engine_for
from layers.records.revisions import revision_of

_PATIENCE_S = 1.0


def refuse_newer_records(url: str) -> None:
    """Refuse to serve records whose tables this program does not know; nothing in them is changed.

    Parameters
    ----------
    url
        Of the records. A database that does not answer at once is no reason to refuse: it may come back.

    Raises
    ------
    ApiError
        ``database-other-version``.
    """
    found: list[DownReason] = []
    look = threading.Thread(target=_look, args=(url, found), name="revision", daemon=True)
    look.start()
    look.join(_PATIENCE_S)
    if "other-version" in found:
        raise ApiError(1, "database-other-version")


def _look(url: str, found: list[DownReason]) -> None:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).exists():
        return  # looking would make it
    try:
        database = Database(engine_for(parsed))
        try:
            with database.reading() as connection:
                revision_of(connection)
        finally:
            database.close()
    except DatabaseDownError as error:
        found.append(error.reason)
