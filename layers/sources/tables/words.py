"""From the words of a file to the words of the schema: the county file's ``values`` first, then those we know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.faults import Fault, Param, Severity
from gis.travel_modes import VEHICLES
from layers.county_spec import LayerSpec
from layers.schema import Column
from layers.sources.files import closest
from layers.sources.lines.oneway_words import oneway_words
from layers.sources.lines.road_words import (
    CLASSES_IN_CHINESE,
    DIRECTION_WORDS,
    STRUCTURE_WORDS,
    plain_word,
    road_class_of,
    speed_of,
)
from layers.sources.tables.status_words import status_of

_SPOKEN = ("roads", "facilities")
"""Layers whose words are read; no two of them have a column of one name that is."""
_SPEEDS = ("speed_kmh", "speed_back_kmh")
_NO_VALUE = ("", "nan", "null", "none", "na", "n/a", "#n/a", "-", "—", "/")
_SHOWN = 12


@dataclass(frozen=True, eq=False)
class Translation:
    """A column in the words of its schema.

    Parameters
    ----------
    text : (n,) str
        Words that nobody knows are left as they are.
    faults
    is_against : (n,) bool, optional
        Of a one-way column: whether traffic goes against the line.
    """

    text: pd.Series
    faults: list[Fault] = field(default_factory=list)
    is_against: NDArray[np.bool_] | None = None


def translate_words(column: Column, text: pd.Series, spec: LayerSpec, rows: NDArray[np.int64]) -> Translation:
    """Put a column into the words of the schema.

    Parameters
    ----------
    column
    text : (n,) str
        As it stands in the file.
    spec
        ``values`` of the county file.
    rows : (n,) int64
        Rows of the file.

    Returns
    -------
    Translation
    """
    chosen = {plain_word(key): value for key, value in spec.words.get(column.name, {}).items()}
    meaning = _MEANINGS.get(column.name) if spec.name in _SPOKEN else None
    if not chosen and meaning is None and column.name != "oneway":
        return Translation(text)
    words = {word: plain_word(word) for word in text.unique()}
    plain = text.map(lambda word: words[word])
    faults = _unused_values(column, spec, plain)
    is_mapped = plain.isin(list(chosen)).to_numpy(bool)
    text = text.mask(is_mapped, plain.map(lambda word: chosen.get(word, "")))
    speaker = _Speaker(column, spec, rows, faults)
    if column.name == "oneway":
        return speaker.oneway(text, plain.where(~is_mapped, text))
    if meaning is None:
        return Translation(text.astype(str), faults)
    text = text.mask(plain.isin(_NO_VALUE) & ~is_mapped, "")
    if column.name == "road_class":
        text = speaker.with_class(text)
    elif column.name in _SPEEDS:
        text = speaker.without_zero(text, plain, is_mapped)
    return speaker.known(text, is_mapped, meaning)


def unknown_values(
    column: Column, text: pd.Series, is_unknown: NDArray[np.bool_], spec: LayerSpec, rows: NDArray[np.int64]
) -> list[Fault]:
    """Say once for each distinct value that the schema does not know it, how often it stands and where first.

    Parameters
    ----------
    column
    text : (n,) str
    is_unknown : (n,) bool
    spec
    rows : (n,) int64

    Returns
    -------
    list of Fault
        ``unknown-value``, the most frequent first.
    """
    at = np.flatnonzero(is_unknown)
    words = text.iloc[at]
    first = rows[at[~words.duplicated().to_numpy(bool)]]
    counts = words.groupby(words.to_numpy(), sort=False).size()
    order = np.argsort(-counts.to_numpy(), kind="stable")
    known = _canonical(column)
    return [
        Fault(
            "unknown-value",
            layer=spec.name,
            file=spec.file,
            row=int(first[k]),
            field=column.name,
            value=str(counts.index[k]),
            params={
                "count": int(counts.iloc[k]),
                "known": known_words(column),
                "closest": closest(str(counts.index[k]), known),
                "layer": spec.name,
                "name": column.name,
                "word": str(counts.index[k]),
            },
        )
        for k in order
    ]


def known_words(column: Column) -> str:
    """Return the words that a column may hold, classes of roads with what an office calls them."""
    if column.name == "road_class":
        return ", ".join(f"{name} ({word})" if word else name for name, word in CLASSES_IN_CHINESE.items())
    return ", ".join(_canonical(column))


def meaning_in(column: Column, text: str) -> str | None:
    """Return the word of the schema for a word of an office, ``None`` if it is not known."""
    meaning = _MEANINGS.get(column.name)
    return None if meaning is None else meaning(text)


def _canonical(column: Column) -> tuple[str, ...]:
    return ("forward", "backward", "both") if column.name == "oneway" else column.choices


def _direction_of(text: str) -> str | None:
    return DIRECTION_WORDS.get(plain_word(text))


def _is_structure(text: str) -> str | None:
    return "true" if plain_word(text) in STRUCTURE_WORDS else None


_MEANINGS: Mapping[str, Callable[[str], str | None]] = {
    "road_class": road_class_of,
    **dict.fromkeys(_SPEEDS, speed_of),
    **dict.fromkeys(VEHICLES, _direction_of),
    **dict.fromkeys(("bridge", "tunnel"), _is_structure),
    "status": status_of,
}


def _unused_values(column: Column, spec: LayerSpec, plain: pd.Series) -> list[Fault]:
    found = set(plain)
    unused = [key for key in spec.words.get(column.name, {}) if plain_word(key) not in found]
    if not unused:
        return []
    params: dict[str, Param] = {"count": len(unused), "name": column.name}
    where = f"layers.{spec.name}.values.{column.name}"
    value = "、".join(unused[:_SHOWN])
    return [Fault("unused-value", spec.name, spec.file, None, where, value, severity="note", params=params)]


@dataclass(frozen=True, eq=False)
class _Speaker:
    """Knows the words of roads and facilities."""

    column: Column
    spec: LayerSpec
    rows: NDArray[np.int64]
    faults: list[Fault]

    def known(self, text: pd.Series, is_mapped: NDArray[np.bool_], meaning: Callable[[str], str | None]) -> Translation:
        """Replace the words that are known and say which were read how."""
        open_words = text[~is_mapped]
        meanings = {word: meaning(word) for word in open_words.unique() if word}
        read = {word: ours for word, ours in meanings.items() if ours is not None}
        told = {word: ours for word, ours in read.items() if plain_word(word).replace(" ", "_") != ours}
        self._tell(told, open_words)
        return Translation(text.mask(~is_mapped, text.map(lambda word: read.get(word, word))).astype(str), self.faults)

    def oneway(self, text: pd.Series, words: pd.Series) -> Translation:
        """Read a column of one-way words as yes and no, and tell which rows go against their line."""
        words = words.map(plain_word)
        words = words.mask(words.isin(_NO_VALUE), "")
        known, doubtful = oneway_words(words.unique())
        for word in sorted(doubtful):
            is_here = (words == word).to_numpy(bool)
            value = str(text.iloc[int(np.argmax(is_here))])
            if word == "n":
                self.fault("ambiguous-closed", is_here, value=value)
            else:
                self.fault("ambiguous-oneway", is_here, value=value)
        is_unknown = ~words.isin([*known, *doubtful]).to_numpy(bool)
        self.faults.extend(unknown_values(self.column, text, is_unknown, self.spec, self.rows))
        way = words.map(known)
        said = {str(text.iloc[k]): str(way.iloc[k]) for k in np.flatnonzero(~text.duplicated() & way.notna())}
        usual = ("", "true", "false", "yes", "no", "0", "1", "forward", "both", "是", "否")
        self._tell({word: ours for word, ours in said.items() if word.lower() not in usual}, text)
        flags = pd.Series(np.where(way.isin(["forward", "backward"]), "true", "false"), index=text.index, dtype=str)
        return Translation(flags, self.faults, way.eq("backward").to_numpy(bool))

    def with_class(self, text: pd.Series) -> pd.Series:
        """Give roads without a class the usual one, and say so: else they would be closed to everybody."""
        is_blank = (text == "").to_numpy(bool)
        self.fault("class-not-stated", is_blank, severity="warning")
        return text.mask(is_blank, self.column.default or "unclassified")

    def without_zero(self, text: pd.Series, plain: pd.Series, is_mapped: NDArray[np.bool_]) -> pd.Series:
        """Read a speed of 0 as not stated, as many exports write it, and say so."""
        is_zero = pd.to_numeric(plain, errors="coerce").eq(0).to_numpy(bool) & ~is_mapped
        self.fault("speed-not-stated", is_zero, severity="note")
        return text.mask(is_zero, "")

    def fault(self, code: str, is_here: NDArray[np.bool_], *, value: str = "", severity: Severity = "error") -> None:
        """Note a fault with the number of its rows and the first of them."""
        if not is_here.any():
            return
        row, params = int(self.rows[np.argmax(is_here)]), {"count": int(is_here.sum())}
        where = (self.spec.name, self.spec.file, row, self.column.name, value)
        self.faults.append(Fault(code, *where, severity=severity, params=params))

    def _tell(self, told: Mapping[str, str], text: pd.Series) -> None:
        if not told:
            return
        counts = text.value_counts()
        pairs = [f"{word} → {ours} ({int(counts.get(word, 0))})" for word, ours in told.items()]
        value = "; ".join(pairs[:_SHOWN]) + ("; …" if len(pairs) > _SHOWN else "")
        params: dict[str, Param] = {"layer": self.spec.name, "name": self.column.name, "count": len(told)}
        self.faults.append(
            Fault(
                "words-read",
                self.spec.name,
                self.spec.file,
                None,
                self.column.name,
                value,
                severity="note",
                params=params,
            )
        )
