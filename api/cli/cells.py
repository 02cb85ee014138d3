"""Commands for cells: list them, split one, merge some, their versions, their attributes as an Excel file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.help import SpokenTyper
from api.cli.options import AsJson, Lang, lang_of, print_json
from api.cli.told import told
from maps.catalogue import text

if TYPE_CHECKING:
    from api.actions.workplace import Workplace

cells = SpokenTyper(no_args_is_help=True, add_completion=False)


@contextmanager
def _at_work(lang: Lang) -> Iterator[Workplace]:
    from api.actions.workplace import Workplace
    from api.settings import Settings

    with told(lang_of(lang)):
        at_work = Workplace(Settings())
        try:
            yield at_work
        finally:
            at_work.close()


@cells.command("list")
def list_(*, as_json: AsJson = False, lang: Lang = None) -> None:
    """List the cells with their villages and households."""
    from api.actions.cells.attributes import list_cells

    with _at_work(lang) as at_work:
        found = list_cells(at_work.county_as_built)
    if as_json:
        print_json(found)
        return
    for row in found:
        typer.echo("\t".join(str(row[name] or "") for name in ("code", "name", "households", "village_name")))


@cells.command("split")
def split_(
    code: str, *, parts: Annotated[int, typer.Option(min=2, max=30)] = 2, as_json: AsJson = False, lang: Lang = None
) -> None:
    """Split a cell into compact parts with as many houses in each; its code is retired for good."""
    from api.actions.cells.keeping import split
    from layers.records.audit import COMMAND_LINE

    with _at_work(lang) as at_work:
        made = split(at_work, code, parts=parts, actor=COMMAND_LINE)
    _print(made, as_json=as_json, lang=lang)


@cells.command("merge")
def merge_(codes: list[str], *, as_json: AsJson = False, lang: Lang = None) -> None:
    """Merge neighbouring cells of a township; the new one belongs to the village of the first."""
    from api.actions.cells.keeping import merge
    from layers.records.audit import COMMAND_LINE

    with _at_work(lang) as at_work:
        made = merge(at_work, codes, actor=COMMAND_LINE)
    _print(made, as_json=as_json, lang=lang)


@cells.command("versions")
def versions_(*, as_json: AsJson = False, lang: Lang = None) -> None:
    """List which cells counted from when on, the last version first."""
    from api.actions.cells.keeping import versions

    with _at_work(lang) as at_work:
        found = versions(at_work)
    if as_json:
        print_json(found)
        return
    for one in found:
        told_of = {
            **one,
            "new": len(one["parents"]),
            "retired": len(one["retired"]),
            "valid_from": one["valid_from"][:16],
        }
        typer.echo(text(lang_of(lang), "cli.cells.version", **{name: told_of[name] for name in _TOLD}))


@cells.command("export")
def export(file: Path, *, lang: Lang = None) -> None:
    """Write names, households and villages of all cells as an Excel file."""
    from api.actions.cells.attributes import cells_workbook

    with _at_work(lang) as at_work:
        file.write_bytes(cells_workbook(at_work.county_as_built, lang=lang_of(lang)))
    typer.echo(str(file))


@cells.command("import")
def import_(file: Path, *, as_json: AsJson = False, lang: Lang = None) -> None:
    """Take names, households and villages of cells from an Excel or CSV file, all of them or none."""
    from api.actions.cells.attributes import import_cells
    from gis.faults import Fault, FaultsError
    from layers.records.audit import COMMAND_LINE

    with _at_work(lang) as at_work:
        if not file.is_file():
            raise FaultsError([Fault("table-missing-file", "cells", file=file.name)])
        made = import_cells(at_work, file.read_bytes(), file.name, lang=lang_of(lang), actor=COMMAND_LINE)
    _print(made, as_json=as_json, lang=lang)


_TOLD = ("version", "valid_from", "new", "retired", "county_version")


def _print(made: dict[str, Any], *, as_json: bool, lang: Lang) -> None:
    if as_json:
        print_json(made)
        return
    key = "cli.cells.made" if made["version"] else "cli.cells.nothing"
    params = {"new": "、".join(made["parents"]) or "–", "retired": "、".join(made["retired"]) or "–"}
    typer.echo(text(lang_of(lang), key, **params, version=made["version"], county_version=made["county_version"]))
