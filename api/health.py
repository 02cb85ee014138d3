"""What works and what does not, found out beside the requests, so that asking never waits for what is down."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text as sql

from api.actions.cases.passing import ESCALATE, LATE_AFTER, Passing
from api.actions.workplace import Workplace
from api.explain import ApiError
from api.messages.state import messages_part
from api.runs.worker import Worker
from gis.faults import FaultsError
from layers.current import current_version, pointed_version
from layers.records.database_faults import DatabaseDownError
from layers.records.ticker import last_made
from layers.soundness import damaged_layers
from layers.store import read_build

Part = dict[str, Any]
_PATIENCE_S = 1.5
"""So long an answer waits for the parts; then those that have not answered are told as silent."""
_FRESH_S = 0.4
_STALE_S = 1.2
"""What is known is told as it is while younger than this, and looked up anew once older than fresh."""
_SILENT = {"state": "silent"}
_OF_RECORDS = frozenset({"clocks", "messages"})
"""Parts that only the database can tell of: while it is down, that is told of the database alone."""
_LOW_DISK_MB = 100
_SEVERE = frozenset({"county", "database", "jobs"})
_LOG = logging.getLogger(__name__)


class Health:
    """Looks after the parts of the service, each in a thread of its own and never twice at once.

    Parameters
    ----------
    looks
        By name of a part: finds out its state, a dict with ``state`` ``ok`` or the code of what is wrong.
    """

    def __init__(self, looks: Mapping[str, Callable[[], Part]]) -> None:
        self._looks = dict(looks)
        self._threads = {name: ThreadPoolExecutor(1, thread_name_prefix=f"health-{name}") for name in looks}
        self._running: dict[str, Future[Part]] = {}
        self._known: dict[str, tuple[float, Part]] = {}

    async def parts(self) -> dict[str, Part]:
        """Return the state of every part, within a second and a half."""
        now = time.monotonic()
        for name in self._looks:
            if name not in self._running and now - self._seen_at(name) > _FRESH_S:
                self._look(name)
        stale = {
            name: asyncio.wrap_future(running)
            for name, running in self._running.items()
            if now - self._seen_at(name) > _STALE_S
        }
        if stale:
            await asyncio.wait(stale.values(), timeout=_PATIENCE_S)
        silent = {name for name, look in stale.items() if not look.done()}
        told = {name: _SILENT if name in silent else self._known.get(name, (0, _SILENT))[1] for name in self._looks}
        if told.get("database", _SILENT)["state"] != "ok":
            told |= {name: {"state": "ok"} for name in _OF_RECORDS & told.keys() if told[name] == _SILENT}
        return told

    def close(self) -> None:
        """Begin no more looks."""
        for thread in self._threads.values():
            thread.shutdown(wait=False, cancel_futures=True)

    def _seen_at(self, name: str) -> float:
        return self._known[name][0] if name in self._known else float("-inf")

    def _look(self, name: str) -> None:
        """Start a look; its result is taken over by the loop that started it."""
        running = self._threads[name].submit(_looked, name, self._looks[name])
        self._running[name] = running
        loop = asyncio.get_running_loop()

        def done(found: Future[Part]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._take, name, found)

        running.add_done_callback(done)

    def _take(self, name: str, found: Future[Part]) -> None:
        self._running.pop(name, None)
        if found.cancelled():
            return
        self._known[name] = time.monotonic(), found.result()


def _looked(name: str, look: Callable[[], Part]) -> Part:
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - whatever it is, the part does not work
        _LOG.error("health of %s cannot be found out: %s", name, error)
        return {"state": "failing"}


def looks_at(at_work: Workplace, worker: Worker, passing: Passing) -> dict[str, Callable[[], Part]]:
    """Return what to look at: county, layers, database, data folder, cache, jobs, clocks of cases, messages."""
    return {
        "county": lambda: _county(at_work),
        "layers": lambda: _layers(at_work),
        "database": lambda: _database(at_work),
        "data": lambda: _data(at_work),
        "cache": lambda: _cache(at_work),
        "jobs": lambda: _jobs(worker),
        "clocks": lambda: _clocks(at_work, passing),
        "messages": lambda: _messages(at_work),
    }


def status_of(parts: Mapping[str, Part]) -> str:
    """Return ``ready``, ``degraded`` where the rest works, or ``down`` where plans or reports do not."""
    wrong = {name for name, part in parts.items() if part["state"] != "ok"}
    return "down" if wrong & _SEVERE else "degraded" if wrong else "ready"


def _county(at_work: Workplace) -> Part:
    try:
        county = at_work.county_as_built.county
    except ApiError as error:
        return {"state": error.code}
    except FaultsError as error:
        return {"state": "county-damaged", "file": error.faults[0].file}
    told = {"name": county.name, "version": county.version}
    if current_version(at_work.settings.data) != county.version or pointed_version(at_work.settings.data) is None:
        return {"state": "ok", **told, "note": "pointer-damaged"}
    return {"state": "ok", **told}


def _layers(at_work: Workplace) -> Part:
    version = current_version(at_work.settings.data)
    if version is None:
        return {"state": "ok"}  # told of the county
    try:
        layers = read_build(at_work.settings.data, version)["layers"]
    except FaultsError as error:
        return {"state": "damaged", "file": error.faults[0].file}
    seen = damaged_layers(at_work.settings.data, {name: str(one["version"]) for name, one in layers.items()})
    met = at_work.county_as_built.county.unreadable() if version == at_work.county_as_built.county.version else []
    wrong = [name for name in layers if name in seen or name in met]
    return {"state": "damaged", "layers": wrong} if wrong else {"state": "ok"}


def _database(at_work: Workplace) -> Part:
    kind = "sqlite" if at_work.settings.records_url.startswith("sqlite") else "postgresql"
    try:
        database = at_work.database.get()
        with database.reading() as connection:
            connection.execute(sql("SELECT id FROM incident LIMIT 1"))
            database.refuse_read_only(connection)
        if database.refused_write is not None:
            database.try_to_write()
    except DatabaseDownError as error:
        return {"state": error.reason, "kind": kind}
    aside = at_work.database.set_aside
    return {"state": "ok", "kind": kind, **({"set_aside": aside} if aside else {})}


def _data(at_work: Workplace) -> Part:
    folder = at_work.settings.data
    if not folder.is_dir():
        return {"state": "missing"}
    probe = folder / f".health-{os.getpid()}"
    try:
        probe.write_bytes(b"0" * 4096)
    except OSError as error:
        return {"state": "not-writable", "reason": error.strerror}
    finally:
        with contextlib.suppress(OSError):  # read-only
            probe.unlink()
    free_mb = shutil.disk_usage(folder).free >> 20
    return {"state": "ok" if free_mb >= _LOW_DISK_MB else "nearly-full", "free_mb": free_mb}


def _cache(at_work: Workplace) -> Part:
    cache = at_work.settings.cache
    told = {"size_mb": round(cache.size_mb(), 1), "limit_mb": cache.limit_mb}
    return {"state": "ok" if cache.is_written() else "not-writable", **told}


def _jobs(worker: Worker) -> Part:
    return {"state": "ok" if worker.is_alive else "stopped", "waiting": worker.waiting}


def _clocks(at_work: Workplace, passing: Passing) -> Part:
    try:
        last = last_made(at_work.database.get(), ESCALATE)
    except DatabaseDownError:
        return {"state": "ok"}  # told of the database
    is_late = passing.age > LATE_AFTER and (last is None or datetime.now(UTC) - last > LATE_AFTER)
    told = {"last_at": last.isoformat(timespec="seconds")} if last else {}
    return {"state": "late" if is_late else "ok", **told}


def _messages(at_work: Workplace) -> Part:
    try:
        return messages_part(at_work.database.get(), at_work.settings, now=datetime.now(UTC))
    except DatabaseDownError:
        return {"state": "ok"}  # told of the database
