"""One cell: from what somebody wrote to a value that the table may hold, or to what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from gis.faults import Param
from planning.tables.definition import Column, Value
from planning.tables.faults import CellFault
from planning.tables.moments import read_day, read_time
from planning.tables.words import TableWords, plain

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[,' ][0-9]{3})+(?:\.[0-9]*)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_NOISE = Decimal("1e-9")
"""What binary fractions of a spreadsheet may be off."""
_MOST_DIGITS = 15
_SHOWN_CHOICES = 30


def read_cell(column: Column, given: object, words: TableWords) -> Value:
    """Return the value of a cell.

    Parameters
    ----------
    column
    given
        Text of a file, or a value of JSON.
    words
        What people write in place of codes.

    Returns
    -------
    str, int or float
        As it is stored: figures without needless decimals, texts without blanks around them.

    Raises
    ------
    CellFault
        If it may not stand here.
    """
    if isinstance(given, bool) or not isinstance(given, str | int | float | None):
        raise CellFault("table-wrong-type")
    text = "" if given is None else _one_line(str(given))
    if not text:
        if column.kind == "text" and column.is_optional:
            return ""
        raise CellFault("table-missing-value")
    if column.is_figure:
        return _figure(column, text)
    if column.kind in ("day", "time"):
        return read_day(text) if column.kind == "day" else read_time(text)
    return _choice(column, text, words) if column.kind == "choice" else _text(column, text, words)


def _figure(column: Column, text: str) -> int | float:
    spoken = {plain(word): figure for word, figure in column.spoken.items()}
    written = unicodedata.normalize("NFKC", text).replace("−", "-")
    if plain(text) in spoken:
        return spoken[plain(text)]
    if not _NUMBER.fullmatch(written):
        raise CellFault(_no_figure(written))
    figure = Decimal(written)
    if figure and figure.adjusted() > _MOST_DIGITS:
        raise CellFault("table-too-small" if figure < 0 else "table-too-large", _bounds(column))
    whole = figure.quantize(Decimal(1).scaleb(-column.decimals))
    if abs(whole - figure) > _NOISE:
        code = "table-not-whole" if column.kind == "whole" else "table-too-many-decimals"
        raise CellFault(code, {"decimals": column.decimals})
    if whole < Decimal(str(column.minimum)):
        raise CellFault("table-too-small", _bounds(column))
    if whole > Decimal(str(column.maximum)):
        raise CellFault("table-too-large", _bounds(column))
    return int(whole) if whole == whole.to_integral_value() else float(whole)


def _no_figure(written: str) -> str:
    """Return the code of what stands in place of a figure."""
    if _GROUPED.fullmatch(written):
        return "thousands-separator"
    return "decimal-comma" if _DECIMAL_COMMA.fullmatch(written) else "table-not-a-number"


def _bounds(column: Column) -> Mapping[str, Param]:
    return {"minimum": f"{column.minimum:,}", "maximum": f"{column.maximum:,}"}


def _choice(column: Column, text: str, words: TableWords) -> str:
    code = words.code(column, text)
    if code not in column.choices:
        known = [words.word(column.name, choice) for choice in column.choices]
        told = "、".join(known[:_SHOWN_CHOICES]) + (" …" if len(known) > _SHOWN_CHOICES else "")
        raise CellFault("table-unknown-choice", {"known": told})
    return code


def _text(column: Column, text: str, words: TableWords) -> str:
    if any(unicodedata.category(c) in ("Cc", "Cs") or ord(c) & 0xFFFE == 0xFFFE for c in text):
        raise CellFault("control-character")
    if len(text) > column.characters:
        raise CellFault("table-text-too-long", {"most": column.characters, "count": len(text)})
    return words.code(column, text)


def _one_line(text: str) -> str:
    """Return a text without blanks around it, its lines after one another."""
    return re.sub(r"\s*[\r\n\t\u2028\u2029]+\s*", " ", text).strip()
