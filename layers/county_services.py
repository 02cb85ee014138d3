"""``[services.<name>]`` of a county file: the services that this county has of its own, or has otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gis.faults import Fault, Param
from layers.sources.files import closest
from planning.tables.cells import read_cell
from planning.tables.definition import Column, Row, Value
from planning.tables.faults import CellFault
from planning.tables.names import double_names
from planning.tables.service_checks import service_faults
from planning.tables.service_rows import COSTS
from planning.tables.services import SERVICES, TABLE
from planning.tables.unit_costs import TABLE as UNIT_COSTS
from planning.tables.words import PLAIN

_OWN = "service"
"""The key column: it is the name of the section."""
_COLUMNS: Mapping[str, Column] = {
    **{column.name: column for column in TABLE.columns if column.name != _OWN},
    **{name: UNIT_COSTS.column(name) for name in COSTS},
}
_NEEDED = ("mode", "limit_minutes")
_FREE: Row = {
    **{column.name: 0 for column in TABLE.columns if column.is_figure},
    **{column.name: "" for column in TABLE.columns if not column.is_figure},
    "group": "all",
    "model": "lscp",
    "capacity_unit": "people",
    "load_per_mille": 1000,
    "has_rooms": "no",
}
"""What counts for a new service where the file does not say: fewest sites for everyone, without any standard."""


def read_services(tables: Mapping[str, Any], faults: list[Fault], file: str) -> tuple[Row, ...]:
    """Read the services of a county file.

    Parameters
    ----------
    tables
        Name → what the file says of the service; of one that the program comes with, what is otherwise here.
    faults
        Takes everything that is wrong.
    file
        Name of the county file.

    Returns
    -------
    tuple of dict
        Rows of the table of services, with the costs that the file gives; services with a fault are left out.
    """
    found: list[Row] = []
    for name, table in tables.items():
        say = _Say(faults, file, f"services.{name}")
        before = len(faults)
        if not isinstance(table, dict):
            say("wrong-type", "", value=str(table), form=f"[services.{name}]")
            continue
        row = _row(name, table, say)
        if len(faults) == before:
            found.append(row)
    known = list(dict.fromkeys([*SERVICES, *tables]))
    _refuse_double_names(found, faults, file)
    return tuple(row for row in found if _fits(row, known, faults, file))


class _Say:
    """Adds a fault of one service."""

    def __init__(self, faults: list[Fault], file: str, where: str) -> None:
        self._faults, self._file, self._where = faults, file, where

    def __call__(self, code: str, key: str, value: str = "", **params: Param) -> None:
        field = f"{self._where}.{key}" if key else self._where
        self._faults.append(Fault(code, file=self._file, field=field, value=value[:80], params=params))


def _row(name: str, table: Mapping[str, Any], say: Callable[..., None]) -> Row:
    usual = next((row for row in TABLE.defaults if row[_OWN] == name), None)
    row: dict[str, Value] = dict(_FREE if usual is None else usual) | {_OWN: name}
    for key in table:
        if key not in _COLUMNS:
            say("unknown-key", "", value=key, known=", ".join(_COLUMNS), closest=closest(key, list(_COLUMNS)))
    for key, column in _COLUMNS.items():
        if key in table:
            _read(column, table[key], row, say)
        elif usual is None and key in _NEEDED:
            say("missing-key", key, name=key)
    row["name_zh"] = row["name_zh"] or row["name_en"] or name
    row["name_en"] = row["name_en"] or row["name_zh"]
    return row


def _read(column: Column, given: object, row: dict[str, Value], say: Callable[..., None]) -> None:
    """Read one value into a row."""
    written = _written(column, given)
    if written is None:
        say("wrong-type", column.name, value=str(given), form=_form(column))
        return
    try:
        row[column.name] = read_cell(column, written, PLAIN)
    except CellFault as fault:
        if fault.code == "table-unknown-choice":
            near = closest(str(given), list(column.choices))
            say("unknown-choice", column.name, value=str(given), known=", ".join(column.choices), closest=near)
        else:
            say(fault.code, column.name, value=str(given), **fault.params)


def _written(column: Column, given: object) -> str | int | float | None:
    """Return a value of TOML as a cell has it, ``None`` if it is of another kind."""
    if column.name == "has_rooms":
        return ("yes" if given else "no") if isinstance(given, bool) else None
    if column.name == "facility_kinds" and isinstance(given, list) and all(isinstance(kind, str) for kind in given):
        return ", ".join(given)
    kinds: tuple[type, ...] = (int, float) if column.is_figure else (str,)
    return given if isinstance(given, kinds) and not isinstance(given, bool) else None  # type: ignore[return-value]


def _form(column: Column) -> str:
    special = {"has_rooms": "true", "facility_kinds": '["…", "…"]'}
    return special.get(column.name) or ("123" if column.is_figure else '"…"')


def _refuse_double_names(rows: list[Row], faults: list[Fault], file: str) -> None:
    own = {row[_OWN] for row in rows}
    beside = [row for row in TABLE.defaults if row[_OWN] not in own]
    every = [*beside, *rows]
    for fault in double_names(every, _OWN):
        row = every[fault.row]
        say = _Say(faults, file, f"services.{row[_OWN]}")
        say(fault.code, fault.column, value=str(row[fault.column]), **fault.params)


def _fits(row: Row, known: list[str], faults: list[Fault], file: str) -> bool:
    """Tell what single values do not show; return whether there is nothing of it."""
    say = _Say(faults, file, f"services.{row[_OWN]}")
    wrong = list(service_faults(row, known))
    for code, column, params in wrong:
        say(code, "" if column == _OWN else column, value=str(row[column]), **params)
    return not wrong
