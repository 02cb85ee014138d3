"""Commands that keep what a site has: backup while the service runs, restore into a new place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.options import AsJson, Lang, lang_of, print_json
from api.cli.told import told
from api.settings import Settings

Keep = Annotated[int | None, typer.Option(min=1)]
Into = Annotated[Path, typer.Option(metavar="FOLDER")]
DatabaseUrl = Annotated[str, typer.Option(metavar="URL")]


def backup(file: Path, *, keep: Keep = None, as_json: AsJson = False, lang: Lang = None) -> None:
    """Write records, builds and layers into one archive, also while the service runs."""
    from datetime import datetime

    from api.actions.backup import make_backup
    from api.cli.backup_words import backup_json, backup_lines, lacking_lines, unpruned_lines

    with told(lang_of(lang)):
        made = make_backup(Settings(), file, made_at=datetime.now().astimezone().replace(microsecond=0), keep=keep)
    for line in [*lacking_lines(made.manifest, lang_of(lang)), *unpruned_lines(made, lang_of(lang))]:
        typer.echo(line, err=True)
    print_json(backup_json(made)) if as_json else typer.echo("\n".join(backup_lines(made, lang_of(lang))))


def restore(
    file: Path, *, into: Into, database_url: DatabaseUrl = "", as_json: AsJson = False, lang: Lang = None
) -> None:
    """Check a backup and put it into an empty folder; nothing appears there before everything is checked."""
    from api.actions.backup import restore as put_back
    from api.cli.backup_words import lacking_lines, manifest_json, restore_lines

    with told(lang_of(lang)):
        manifest = put_back(file, into, database_url=_checked_url(database_url))
    for line in lacking_lines(manifest, lang_of(lang)):
        typer.echo(line, err=True)
    printed: Any = restore_lines(manifest, into, lang_of(lang), url=database_url)
    print_json(manifest_json(manifest)) if as_json else typer.echo("\n".join(printed))


def _checked_url(url: str) -> str:
    """Return the URL if it names a database of records; else raises what a setting would."""
    from pydantic import ValidationError

    from gis.faults import Fault, FaultsError

    try:
        return Settings(database_url=url).database_url
    except ValidationError:
        raise FaultsError([Fault("restore-bad-url", field="--database-url")]) from None
