"""Refusals on the command line: their texts on standard error and exit code 1, never a trace."""

from __future__ import annotations

import typer

from api.cli.wording import fault_lines, field_of
from api.explain import ApiError, NameOf
from api.file_words import file_words
from gis.faults import FaultsError
from maps.catalogue import Lang, text


class told:  # noqa: N801 - reads as a statement
    """Turn refusals into their texts and exit code 1."""

    def __init__(self, lang: Lang, *, name_of: NameOf = field_of) -> None:
        self.lang, self.name_of = lang, name_of

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        """Say what was refused."""
        if isinstance(error, FaultsError):
            typer.echo("\n".join(fault_lines(error.faults, self.lang, always=True, name_of=self.name_of)), err=True)
            raise typer.Exit(1)
        if isinstance(error, OSError):
            typer.echo(file_words(error, self.lang), err=True)
            raise typer.Exit(1)
        if isinstance(error, ApiError):
            typer.echo(text(self.lang, f"error.{error.code}", **error.params), err=True)
            raise typer.Exit(1)
        if error is not None and (reason := _why_down(error)) is not None:
            typer.echo(text(self.lang, f"error.database-{reason}"), err=True)
            raise typer.Exit(1)


def _why_down(error: BaseException) -> str | None:
    """Return why the database is down, if that is what an error says."""
    from layers.records.database_faults import DatabaseDownError

    return error.reason if isinstance(error, DatabaseDownError) else None
