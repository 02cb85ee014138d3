"""What a server does beside its first requests: it says how accounts are set up, and settles."""

from __future__ import annotations

import gc
from contextlib import suppress
from datetime import UTC, datetime

from fastapi import FastAPI

from api.actions.accounts.set_up import new_code
from api.settings import Settings
from layers.records.database_faults import DatabaseDownError
from maps.catalogue import text


def begin(app: FastAPI, settings: Settings, address: str) -> None:
    """Say how accounts are set up; once the county has been read, take it out of the search for what nobody needs.

    A county is a million objects that stay: looking through all of them stops everybody for a fifth of a second.
    """
    _say_set_up_code(app, settings, address)
    if app.state.reading.ident is not None:
        app.state.reading.join()
    gc.freeze()


def _say_set_up_code(app: FastAPI, settings: Settings, address: str) -> None:
    """Say how accounts are set up, while there are none; a database that is down is told by other means."""
    with suppress(DatabaseDownError):
        code = new_code(app.state.workplace.database.get(), now=datetime.now(UTC))
        if code is not None:
            print(text(settings.lang, "cli.set-up", address=f"{address}/setup?code={code}"), flush=True)  # noqa: T201
