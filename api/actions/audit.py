"""The audit: looked through, checked from the first row to the last, taken along."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, select

from api.actions.accounts.areas import Areas
from api.audit_words import COLUMNS, WIDTHS, AuditWords
from api.settings import Settings
from gis.faults import Fault, FaultsError
from layers.records.audit import FIRST_HASH, Broken, Head, broken_links, head_of, is_guarded
from layers.records.audit_heads import heads_file, noted_heads
from layers.records.audit_search import AuditFilter, AuditLog
from layers.records.audit_verified import Verified, last_verified, note_verified, verified_file
from layers.records.database import Database, open_database
from layers.records.tables import audit as audit_table
from layers.whole_files import replace_file
from maps.catalogue import Lang, text
from maps.report.long_workbook import write_long_workbook
from planning.incidents.deadlines import CHINA_TIME

MOST_ROWS = 100_000
"""So many rows go into one workbook, the newest."""
FIELDS = ("person", "action", "kind", "object", "from", "to")
_LONGEST = 100


@dataclass(frozen=True)
class Checked:
    """What a check of all rows found.

    Parameters
    ----------
    head
        The last row.
    broken
        Every place where the chain does not hold.
    unnoted
        How many rows at the end were not noted outside the database.
    """

    head: Head
    broken: tuple[Broken, ...]
    unnoted: int


@dataclass(frozen=True)
class ChainState:
    """What can be told of the chain at a glance.

    Parameters
    ----------
    head
    is_guarded
        Whether the database refuses changes.
    is_noted
        Whether the last head that was noted outside the database is still there; ``None`` if none was noted.
    verified
        The last check of all rows.
    """

    head: Head
    is_guarded: bool
    is_noted: bool | None
    verified: Verified | None


def asked_filter(typed: Mapping[str, str]) -> AuditFilter:
    """Return what is asked for.

    Parameters
    ----------
    typed
        Under ``FIELDS``, as typed; both days count.

    Raises
    ------
    FaultsError
        ``grant-bad-day``, ``audit-bad-word``, each with its field.
    """
    faults: list[Fault] = []
    for name in FIELDS:
        word = typed.get(name, "")
        if len(word) > _LONGEST or not word.isprintable():
            faults.append(Fault("audit-bad-word", layer="audit", field=name, value=word[:40]))
    days = {name: _day(typed.get(name, ""), name, faults) for name in ("from", "to")}
    if faults:
        raise FaultsError(faults)
    person, action, kind, name = (typed.get(name, "").strip() for name in ("person", "action", "kind", "object"))
    until = days["to"] + timedelta(days=1) if days["to"] else None
    return AuditFilter(person, action, kind, name, since=days["from"], until=until)


def chain_state(database: Database, settings: Settings) -> ChainState:
    """Return what can be told of the chain without reading all of it."""
    heads = _heads(settings)
    noted = noted_heads(heads)
    with database.reading() as connection:
        hashes = {0: FIRST_HASH}
        if noted:
            asked = select(audit_table.c.pos, audit_table.c.hash).where(audit_table.c.pos == max(noted))
            hashes = {row.pos: row.hash for row in connection.execute(asked)}
        is_noted = hashes.get(max(noted)) == noted[max(noted)] if noted else None
        return ChainState(head_of(connection), is_guarded(connection), is_noted, last_verified(verified_file(heads)))


def check_chain(settings: Settings, *, head: str = "") -> Checked:
    """Check every row, and note that it was done.

    Parameters
    ----------
    settings
    head
        Hash, or the beginning of one, that somebody kept of a row: the chain has to lead there.

    Raises
    ------
    FaultsError
        ``audit-bad-head``; ``audit-nothing`` if there is no database.
    """
    if head and not re.fullmatch(r"[0-9a-f]{8,64}", head):
        raise FaultsError([Fault("audit-bad-head", layer="audit", field="head", value=head[:80])])
    heads = _heads(settings)
    database = _opened(settings)
    try:
        noted = noted_heads(heads)  # before the rows: what is written meanwhile is noted later
        with database.reading() as connection:
            broken = broken_links(connection, heads=noted)
            last = head_of(connection)
            known = select(audit_table.c.pos).where(audit_table.c.hash.startswith(head)).limit(1)
            if head and connection.scalar(known) is None:
                broken.append(Broken(0, "head-gone"))
    finally:
        database.close()
    note_verified(verified_file(heads), Verified(datetime.now(UTC), last, len(broken)))
    return Checked(last, tuple(broken), max(0, last.pos - max(noted, default=0)))


def export_audit(log: AuditLog, asked: AuditFilter, path: Path, *, lang: Lang, areas: Areas | None = None) -> int:
    """Write what is asked for into a workbook, the newest 100,000 rows at most; return how many there are."""
    words = AuditWords(log.names(), lang, areas)
    told = map(words.row, log.all(asked, most=MOST_ROWS))
    return write_long_workbook(
        path,
        ([row[column] for column in COLUMNS] for row in told),
        name=text(lang, "audit.title"),
        headings=[text(lang, f"audit.column-{column}") for column in COLUMNS],
        widths=WIDTHS,
    )


def export_all(settings: Settings, path: Path, *, lang: Lang) -> int:
    """Write the audit into a workbook; as ``export_audit``.

    Raises
    ------
    FaultsError
        ``audit-nothing`` if there is no database.
    """
    database = _opened(settings)
    try:
        log = AuditLog(database)
        written: list[int] = []
        replace_file(path, lambda draft: written.append(export_audit(log, AuditFilter(), draft, lang=lang)))
        return written[0]
    finally:
        database.close()


def checked_json(found: Checked, lang: Lang) -> dict[str, Any]:
    """Return what a check found as JSON."""
    return {
        "sound": not found.broken,
        "rows": found.head.pos,
        "head": found.head.hash,
        "unnoted": found.unnoted,
        "broken": [{"pos": one.pos, "code": one.code, "words": broken_words(one, lang)} for one in found.broken],
    }


def broken_words(one: Broken, lang: Lang) -> str:
    """Return in words where the chain does not hold."""
    return text(lang, f"audit.broken.{one.code}", pos=one.pos)


def _opened(settings: Settings) -> Database:
    """Open the database without making one, and without setting aside one that is damaged."""
    url = make_url(settings.records_url)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        raise FaultsError([Fault("audit-nothing", layer="audit", file=Path(str(url.database)).name)])
    return open_database(settings.records_url, data_dir=settings.data)


def _heads(settings: Settings) -> Path:
    return heads_file(settings.data, make_url(settings.records_url))


def _day(word: str, field: str, faults: list[Fault]) -> datetime | None:
    if not word.strip():
        return None
    try:
        return datetime.combine(date.fromisoformat(word.strip()), time(), tzinfo=CHINA_TIME)
    except (ValueError, OverflowError):
        faults.append(Fault("grant-bad-day", layer="audit", field=field, value=word[:40]))
        return None
