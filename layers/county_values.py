"""``[layers.<name>.values]`` of a county file: what the words of a source mean."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from gis.faults import Fault, Param
from layers.schema import SCHEMAS, Column
from layers.sources.files import closest
from layers.sources.lines.oneway_words import oneway_words
from layers.sources.tables.words import known_words, meaning_in

_FLAGS = ("true", "false")
_ONEWAY = ("forward", "backward", "both")
_FLAG_ALIASES = {"yes": "true", "no": "false", "是": "true", "否": "false"}


def read_values(layer: str, table: Mapping[str, Any], faults: list[Fault], file: str) -> dict[str, dict[str, str]]:
    """Read the meanings of words, field by field.

    Parameters
    ----------
    layer
    table
        Field → word in the file → word of the schema or of an office; numbers and true or false may stand without
        quotes.
    faults
        Takes fields that the layer does not have, and meanings that are none of the field.
    file
        Name of the county file.

    Returns
    -------
    dict
    """
    found: dict[str, dict[str, str]] = {}
    columns = {column.name: column for column in SCHEMAS[layer].columns}
    for name, words in table.items():
        where = f"layers.{layer}.values"
        if name not in columns:
            params: dict[str, Param] = {"known": ", ".join(columns), "closest": closest(name, list(columns))}
            faults.append(Fault("unknown-field", layer, file, None, where, name, params=params))
        elif not isinstance(words, dict):
            details: dict[str, Param] = {"form": '{ "…" = "…" }'}
            faults.append(Fault("wrong-type", layer, file, None, f"{where}.{name}", str(words), params=details))
        else:
            found[name] = {word: _plain(columns[name], value) for word, value in words.items()}
            faults += _faults(columns[name], words, layer, file)
    return found


def _plain(column: Column, value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value).strip()
    if column.name == "oneway" and text:
        sure, _ = oneway_words([text.lower()])
        return sure.get(text.lower(), text)
    if column.kind == "flag":
        return _FLAG_ALIASES.get(text, text)
    return (meaning_in(column, text) or text) if column.choices else text


def _faults(column: Column, words: Mapping[str, Any], layer: str, file: str) -> Iterator[Fault]:
    where = f"layers.{layer}.values.{column.name}"
    for word, value in words.items():
        field, text = f'{where}."{word}"', _plain(column, value)
        if not isinstance(value, str | int | float | bool):
            yield Fault("wrong-type", layer, file, None, field, str(value), params={"form": '"…"'})
        elif column.kind in ("count", "number"):
            if not (_is_number(text) or (text == "" and column.blank)):
                yield Fault("wrong-type", layer, file, None, field, text, params={"form": "123"})
        elif (known := _meanings(column)) and text not in known and not (text == "" and column.default is not None):
            params: dict[str, Param] = {"known": known_words(column), "closest": closest(text, known)}
            yield Fault("unknown-choice", layer, file, None, field, text, params=params)


def _meanings(column: Column) -> tuple[str, ...]:
    if column.name == "oneway":
        return _ONEWAY
    return _FLAGS if column.kind == "flag" else column.choices


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
