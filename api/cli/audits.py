"""Commands for the audit: check its chain, take it along as an Excel file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from api.cli.help import SpokenTyper
from api.cli.options import AsJson, Lang, lang_of, print_json
from api.cli.told import told
from api.settings import Settings

audit = SpokenTyper(no_args_is_help=True, add_completion=False)
Head = Annotated[str, typer.Option(metavar="HASH")]


@audit.command("verify")
def verify(*, as_json: AsJson = False, head: Head = "", lang: Lang = None) -> None:
    """Check every row of the audit: exit 0 sound, 1 not."""
    from api.actions.audit import check_chain, checked_json
    from api.cli.audit_words import checked_lines

    with _told(lang):
        found = check_chain(Settings(), head=head)
    if as_json:
        print_json(checked_json(found, lang_of(lang)))
    else:
        typer.echo("\n".join(checked_lines(found, lang_of(lang))))
    raise typer.Exit(1 if found.broken else 0)


@audit.command("export")
def export(file: Path, *, lang: Lang = None) -> None:
    """Write the audit as an Excel file, the newest 100,000 rows at most."""
    from api.actions.audit import export_all

    with _told(lang):
        export_all(Settings(), file, lang=lang_of(lang))
    typer.echo(str(file))


@contextmanager
def _told(lang: str | None) -> Iterator[None]:
    from api.explain import ApiError
    from layers.records.database_faults import DatabaseDownError

    with told(lang_of(lang), name_of=lambda fault, _lang: "--head" if fault.field == "head" else fault.field):
        try:
            yield
        except DatabaseDownError as error:
            raise ApiError(503, f"database-{error.reason}") from None
