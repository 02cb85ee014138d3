"""The state of a service, for those who look after it: what is short, what is old, what does not work."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from api.actions.workplace import Workplace
from api.certificates import expires_at
from api.messages.state import channel_states
from api.settings import Settings
from gis.faults import FaultsError
from layers.records.database_facts import DatabaseFacts, database_facts
from layers.records.database_faults import DatabaseDownError
from maps.catalogue import Lang, has_text, text
from planning.incidents.deadlines import CHINA_TIME

LOW_DISK_MB = 1024
OLD_BACKUP = timedelta(days=7)
SHORT_CERTIFICATE = timedelta(days=30)
CLOCK_OFF_S = 2.0
_FILES = "files"


def service_state(
    at_work: Workplace, parts: Mapping[str, Mapping[str, Any]], *, now: datetime, lang: Lang
) -> dict[str, Any]:
    """Return the state of the service as JSON, what is to be done first.

    Parameters
    ----------
    at_work
    parts
        As health tells them.
    now
    lang
        Of the sentences.
    """
    settings = at_work.settings
    facts = _facts(at_work)
    disk = _disk(settings.data)
    told: dict[str, Any] = {
        "disk": disk,
        "sizes": _sizes(at_work, facts),
        "backup": _backup(facts, now),
        "runs": dict(facts.runs) if facts else {},
        "messages": _messages(at_work, lang),
        "certificate": _certificate(settings, now),
        "clock": {"off_s": round(facts.off_s, 3)} if facts and facts.off_s is not None else None,
        "versions": _versions(facts),
        "parts": {name: {**part, "words": part_words(name, part, lang)} for name, part in parts.items()},
    }
    warnings = [{"code": code, "words": words} for code, words in _warnings(told, lang, has_facts=facts is not None)]
    return {"warnings": warnings, **told}


def part_words(name: str, part: Mapping[str, Any], lang: Lang) -> str:
    """Return in words how a part of the service is, and what to do."""
    state = str(part["state"])
    keys = (
        f"service.part-state.{name}-{state}",
        f"service.part-state.{state}",
        f"error.{name}-{state}",
        f"error.{state}",
    )
    key = next((key for key in keys if has_text(key)), "service.part-state.other")
    return text(lang, key, state=state)


def _facts(at_work: Workplace) -> DatabaseFacts | None:
    try:
        return database_facts(at_work.database.get())
    except DatabaseDownError:
        return None


def _messages(at_work: Workplace, lang: Lang) -> list[dict[str, Any]]:
    try:
        return channel_states(at_work.database.get(), at_work.settings, lang=lang)
    except DatabaseDownError:
        return []


def _disk(folder: Path) -> dict[str, int] | None:
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return {"free_mb": usage.free >> 20, "total_mb": usage.total >> 20}


def _sizes(at_work: Workplace, facts: DatabaseFacts | None) -> dict[str, float | None]:
    settings = at_work.settings
    return {
        "database_mb": _mb(facts.size_bytes) if facts else None,
        "cache_mb": round(settings.cache.size_mb(), 1),
        "cache_limit_mb": settings.cache.limit_mb,
        "files_mb": _mb(_size_of(settings.data / _FILES)),
    }


def _size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder; what goes away meanwhile counts no more."""
    total = 0
    for path, _folders, files in os.walk(folder):
        for name in files:
            try:
                total += (Path(path) / name).stat().st_size
            except OSError:
                continue
    return total


def _backup(facts: DatabaseFacts | None, now: datetime) -> dict[str, Any] | None:
    if facts is None or facts.backup is None:
        return None
    age = (now - facts.backup.at) / timedelta(days=1)
    return {"made_at": _moment(facts.backup.at), "file": facts.backup.file, "age_days": round(age, 2)}


def _certificate(settings: Settings, now: datetime) -> dict[str, Any] | None:
    """Return when the certificate ends, ``None`` where there is none or another program has it."""
    ends = certificate_end(settings)
    if ends is None:
        return None
    return {"expires_at": _moment(ends), "days_left": int((ends - now) / timedelta(days=1) // 1)}


def certificate_end(settings: Settings) -> datetime | None:
    """Return the instant at which the certificate of this service ends, ``None`` if it has none that can be read."""
    if settings.cert is None:
        return None
    with suppress(FaultsError):
        return expires_at(settings.cert)
    return None


def _versions(facts: DatabaseFacts | None) -> dict[str, str]:
    database = {"database": f"{facts.kind} {facts.version}", "tables": facts.revision} if facts else {}
    return {"program": version("countygrid"), **database, "python": platform.python_version()}


def _warnings(told: Mapping[str, Any], lang: Lang, *, has_facts: bool) -> Iterator[tuple[str, str]]:
    """Yield what is to be done, the most urgent first."""
    for name, part in told["parts"].items():
        if part["state"] != "ok":
            yield f"part-{name}", f"{text(lang, f'service.part.{name}')}{text(lang, 'service.colon')}{part['words']}"
    disk, backup = told["disk"], told["backup"]
    if disk is not None and disk["free_mb"] < LOW_DISK_MB:
        yield "disk-low", text(lang, "service.warning.disk-low", free_mb=disk["free_mb"])
    if has_facts and backup is None:
        yield "backup-never", text(lang, "service.warning.backup-never")
    elif backup is not None and backup["age_days"] > OLD_BACKUP / timedelta(days=1):
        yield "backup-old", text(lang, "service.warning.backup-old", days=int(backup["age_days"]))
    yield from _certificate_warnings(told["certificate"], lang)
    clock = told["clock"]
    if clock is not None and abs(clock["off_s"]) > CLOCK_OFF_S:
        yield "clock-off", text(lang, "service.warning.clock-off", seconds=round(abs(clock["off_s"]), 1))


def _certificate_warnings(certificate: Mapping[str, Any] | None, lang: Lang) -> Iterator[tuple[str, str]]:
    days = certificate.get("days_left") if certificate else None
    if days is not None and days < SHORT_CERTIFICATE / timedelta(days=1):
        code = "certificate-over" if days < 0 else "certificate-short"
        yield code, text(lang, f"service.warning.{code}", days=abs(int(days)))


def _mb(size: int) -> float:
    return round(size / 2**20, 1)


def _moment(at: datetime) -> str:
    return at.astimezone(CHINA_TIME).isoformat(timespec="seconds")
