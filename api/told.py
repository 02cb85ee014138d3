"""Refusals on the command line: their texts on standard error and exit code 1, never a trace."""

from __future__ import annotations

import typer

from api.explain import ApiError
from api.wording import fault_lines
from gis.faults import FaultsError
from maps.catalogue import Lang, text


class told:  # noqa: N801 - reads as a statement
    """Turn refusals into their texts and exit code 1."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        """Say what was refused."""
        if isinstance(error, FaultsError):
            typer.echo("\n".join(fault_lines(error.faults, self.lang, always=True)), err=True)
            raise typer.Exit(1)
        if isinstance(error, OSError):
            told = text(self.lang, "cli.cannot-write", file=error.filename or "", reason=error.strerror or str(error))
            typer.echo(told, err=True)
            raise typer.Exit(1)
        if isinstance(error, ApiError):
            typer.echo(text(self.lang, f"error.{error.code}", **error.params), err=True)
            raise typer.Exit(1)
