"""Commands for the tables that an office edits: list them, take one along as an Excel file, send it back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.help import SpokenTyper
from api.cli.options import AsJson, Lang, lang_of, print_json
from api.cli.told import told
from api.settings import Settings

table = SpokenTyper(no_args_is_help=True, add_completion=False)

Note = Annotated[str, typer.Option()]
Since = Annotated[str, typer.Option(metavar="YYYY-MM-DD")]
Version = Annotated[int | None, typer.Option(min=0)]
Days = Annotated[int, typer.Option(min=1, max=366)]


@table.command("list")
def list_(*, as_json: AsJson = False, lang: Lang = None) -> None:
    """List the tables with the version of each that is in force."""
    from api.actions.tables_at_rest import tables_at_rest
    from api.cli.table_words import listed_lines

    with told(lang_of(lang)):
        tables = tables_at_rest(Settings())
    printed: Any = listed_lines(tables, lang_of(lang))
    print_json(tables.versions(tables.edited)) if as_json else typer.echo("\n".join(printed))


@table.command("export")
def export(kind: str, file: Path, *, version: Version = None, lang: Lang = None) -> None:
    """Write a table as an Excel file: the newest version, unless another is asked for."""
    from api.actions.tables import as_workbook
    from api.cli.table_words import known_kind, records_if_any

    with told(lang_of(lang)):
        wanted = known_kind(kind)
        with records_if_any(Settings()) as store:
            content = as_workbook(store, wanted, version, lang=lang_of(lang))
        if content is None:
            from api.explain import ApiError

            raise ApiError(404, "unknown-table-version", version=int(version or 0))
        file.write_bytes(content)
    typer.echo(str(file))


@table.command("import")
def import_(
    kind: str,
    file: Path,
    *,
    note: Note = "",
    since: Since = "",
    expected_version: Version = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Check a table from an Excel or CSV file in full and save it as a new version."""
    from api.cli.table_words import import_table, saved_json, saved_lines

    with told(lang_of(lang)):
        saved = import_table(
            Settings(), kind, file, note=note, since=since, expected_version=expected_version, lang=lang_of(lang)
        )
    print_json(saved_json(kind, saved)) if as_json else typer.echo("\n".join(saved_lines(kind, saved, lang_of(lang))))


@table.command("dry-run")
def dry_run(kind: str, file: Path, *, days: Days = 31, as_json: AsJson = False, lang: Lang = None) -> None:
    """Tell what a table from a file would have made of the incidents of the past weeks; nothing is saved."""
    from api.cli.dry_run_words import dry_run_lines, try_file

    with told(lang_of(lang)):
        found = try_file(Settings(), kind, file, days=days, lang=lang_of(lang))
    print_json(found) if as_json else typer.echo("\n".join(dry_run_lines(found, lang_of(lang))))
