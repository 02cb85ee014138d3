"""What is told of each cell, as a list and as a table that goes out to Excel and comes back."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame

from api.actions.cells.keeping import change_cells
from api.actions.open_county import OpenCounty
from api.actions.table_changes import LARGEST_FILE, safe_name
from api.actions.workplace import Workplace
from gis.cells.changes import Changed
from gis.cells.kept_codes import as_told
from gis.cells.register import CodeRegister
from gis.faults import Fault, FaultsError, Param
from layers.cell_versions import LAYER
from layers.records.audit import Act, Actor
from layers.records.cell_versions import KIND
from layers.sources.tables.edited_table import AboutWords, read_edited_table
from maps.catalogue import Lang
from maps.report.table_workbook import TableFacts, about_labels, about_sheets, table_workbook
from maps.table_words import table_words
from planning.tables.checking import check_table
from planning.tables.definition import Column, Row, RowFault, TableKind

_MOST_HOUSEHOLDS = 5000
NAME = "cells"
CELLS = TableKind(
    NAME,
    columns=(
        Column("code", "text", characters=60),
        Column("name", "text", characters=60),
        Column("households", "whole", maximum=_MOST_HOUSEHOLDS),
        Column("village", "text", characters=60),
        Column("village_name", "text", characters=60, is_optional=True),
        Column("township", "text", characters=60, is_optional=True),
    ),
    key=("code",),
    defaults=(),
    noun="incident-table",
    may_grow=True,
    most_rows=20_000,
)
"""Without what the ground says of a row."""


def list_cells(at_hand: OpenCounty) -> list[dict[str, Any]]:
    """Return every cell with its village, township and households."""
    return [{**row, "households": None if row["households"] == "" else row["households"]} for row in _rows(at_hand)]


def cells_workbook(at_hand: OpenCounty, *, lang: Lang) -> bytes:
    """Return the cells as an Excel file."""
    kind = _kind(at_hand)
    rows = [{**row, "households": 0 if row["households"] == "" else row["households"]} for row in _rows(at_hand)]
    facts = TableFacts(0, at_hand.county.version)
    return table_workbook(kind, rows, facts, words=table_words(kind, lang), lang=lang)


def import_cells(at_work: Workplace, content: bytes, name: str, *, lang: Lang, actor: Actor) -> dict[str, Any]:
    """Take names, households and villages of cells from a file, all of them or none.

    Parameters
    ----------
    at_work
    content
    name
        Of the file.
    lang
    actor

    Returns
    -------
    dict
        As ``split``; version 0 if the file changes nothing.

    Raises
    ------
    FaultsError
        Every fault of the file, by row and column; ``county-moved-on``.
    """
    at_hand = at_work.county_as_built
    rows = _read(at_hand, content, name, lang)
    changes = _changes(at_hand, rows)
    if not changes:
        return {"version": 0, "county_version": at_hand.county.version, "parents": {}, "retired": []}
    act = Act(actor, "cell.told", KIND, detail={"count": len(changes)})
    return change_cells(at_work, at_hand, lambda cells, register: _told(cells, register, changes), act)


def _told(cells: GeoDataFrame, register: CodeRegister, changes: Mapping[str, Mapping[str, Any]]) -> Changed:
    told = {code: {**register.told.get(code, {}), **columns} for code, columns in changes.items()}
    moved = {
        code: tuple(sorted({*register.office.get(code, ()), str(cells.loc[code, "village_id"]), columns["village_id"]}))
        for code, columns in changes.items()
        if "village_id" in columns
    }
    after = CodeRegister(
        retired=register.retired,
        parents=register.parents,
        moved_m2=register.moved_m2,
        office={**register.office, **moved},
        told={**register.told, **told},
    )
    return as_told(cells, after), after


def _read(at_hand: OpenCounty, content: bytes, name: str, lang: Lang) -> list[Row]:
    if len(content) > LARGEST_FILE:
        params: dict[str, Param] = {"limit": LARGEST_FILE // 2**20}
        raise FaultsError([Fault("table-too-large", NAME, file=name, params=params)])
    kind = _kind(at_hand)
    words = table_words(kind, lang)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / safe_name(name, kind)
        path.write_bytes(content)
        found = read_edited_table(path, kind, words=words, about=AboutWords(about_sheets(), about_labels()))
    return check_table(kind, found.given, words=words)


def _changes(at_hand: OpenCounty, rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Return what a table says otherwise than the county, by code and column of the layer."""
    found: dict[str, dict[str, Any]] = {}
    before = {row["code"]: row for row in _rows(at_hand)}
    for row in rows:
        old, told = before[str(row["code"])], {}
        for column, name in (("name", "name"), ("households", "households"), ("village", "village_id")):
            was = 0 if old[column] == "" else old[column]
            if row[column] != was:
                told[name] = int(row[column]) if name == "households" else str(row[column])
        if told:
            found[str(row["code"])] = told
    return found


def _rows(at_hand: OpenCounty) -> list[dict[str, Any]]:
    cells = at_hand.county.layer(LAYER)
    known = cells["households"] if "households" in cells else pd.Series(pd.NA, index=cells.index)
    villages = at_hand.demand["name"].astype(str).to_dict()
    return [
        {
            "code": str(code),
            "name": str(row["name"] or "") if "name" in cells else "",
            "households": "" if pd.isna(known[code]) else int(known[code]),
            "village": str(row["village_id"]),
            "village_name": villages.get(str(row["village_id"]), ""),
            "township": str(row["township_id"] or "") if "township_id" in cells else "",
        }
        for code, row in cells.drop(columns="geometry").iterrows()
    ]


def _kind(at_hand: OpenCounty) -> TableKind:
    rows = _rows(at_hand)
    places = set(at_hand.demand.index.astype(str))
    townships = at_hand.demand["township_id"].astype(str).to_dict() if "township_id" in at_hand.demand else {}
    of_cell = {row["code"]: row["township"] for row in rows}

    def check(given: Sequence[Row]) -> Iterator[RowFault]:
        for number, row in enumerate(given):
            village, code = str(row["village"]), str(row["code"])
            if code not in of_cell:
                yield RowFault("cell-unknown-code", number, "code", {"cell": code})
            elif village not in places:
                yield RowFault("cell-unknown-village", number, "village", {"id": village})
            elif of_cell[code] and townships.get(village) != of_cell[code]:
                yield RowFault("cell-village-elsewhere", number, "village", {"id": village})

    return dataclasses.replace(CELLS, check=check)
