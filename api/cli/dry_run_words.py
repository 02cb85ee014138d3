"""What the command that tries a table does and says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.actions.cases.dry_run import KINDS, try_table, view_dry_run
from api.actions.table_changes import TableChangedError, change_of_file
from api.actions.table_kinds import kind_here
from api.actions.tables_at_rest import tables_of
from api.cli.table_words import known_kind, records_database, refuse_no_file
from api.settings import Settings
from gis.faults import Fault, FaultsError
from layers.records.documents import DocumentStore
from maps.catalogue import Lang, has_text, text


def try_file(settings: Settings, kind: str, file: Path, *, days: int, lang: Lang) -> dict[str, Any]:
    """Return what a table from a file would have made of the incidents of the past weeks.

    Raises
    ------
    FaultsError
        With everything that is wrong with the file.
    """
    wanted = known_kind(kind)
    if kind not in KINDS:
        raise FaultsError([Fault("table-unknown", field="KIND", value=kind, params={"known": ", ".join(KINDS)})])
    refuse_no_file(wanted, file)
    now = datetime.now(UTC)
    with records_database(settings) as database:
        store = DocumentStore(database)
        here = kind_here(store, settings.data, wanted)
        try:
            content = file.read_bytes()
            read = change_of_file(store, here, content, file.name, expected_version=None, lang=lang, must_say=False)
        except TableChangedError as error:
            raise FaultsError(error.faults) from error
        run = try_table(database, tables_of(store.in_force(at=now)), wanted, read.rows, now=now, days=days)
    return view_dry_run(run, kind=kind, days=days)


def dry_run_lines(found: dict[str, Any], lang: Lang) -> Iterator[str]:
    """Yield what would be otherwise: who would be asked, and what due when."""
    yield text(lang, "cli.dry-run.cases", days=found["days"], count=found["cases"])
    yield text(lang, "cli.dry-run.rerouted", count=found["rerouted"])
    for route in found["routes"]:
        before, after = (_post(route[side], lang) for side in ("before", "after"))
        named = ", ".join(route["examples"])
        yield "  " + text(lang, "cli.dry-run.route", before=before, after=after, count=route["count"], named=named)
    if not found["deadlines"]:
        yield text(lang, "cli.dry-run.no-deadline")
    for moved in found["deadlines"]:
        step = _word(f"incident.step.{moved['step']}", moved["step"], lang)
        yield text(lang, "cli.dry-run.deadlines", **{**moved, "step": step})
        for one in moved["examples"]:
            told = {side: one[side] or text(lang, "cli.dry-run.none") for side in ("before", "after")}
            yield "  " + text(lang, "cli.dry-run.example", id=one["id"], **told)


def _post(one: dict[str, str], lang: Lang) -> str:
    level = _word(f"incident.level.{one['level']}", one["level"], lang)
    post = _word(f"incident.asked-post.{one['post']}", one["post"], lang)
    unit = _word(f"incident.unit.{one['unit']}", one["unit"], lang)
    return text(lang, "cli.dry-run.post", level=level, post=f"{post} {unit}".strip())


def _word(key: str, otherwise: str, lang: Lang) -> str:
    return text(lang, key) if has_text(key) else otherwise
