"""Degrees as people write them: decimal, with letters or signs, or in minutes and seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.sources.tables.clean_values import PLAIN_NUMBER, clean_number, to_ascii

_LETTERS = {"E": 1, "W": -1, "N": 1, "S": -1}
_AXIS = {"E": "lon", "W": "lon", "N": "lat", "S": "lat"}
_WORDS = (("东经", "E"), ("西经", "W"), ("北纬", "N"), ("南纬", "S"), ("经度", ""), ("纬度", ""))
_SIGNS = str.maketrans({"º": "°", "˚": "°", "度": "°", "′": "'", "’": "'", "‘": "'", "´": "'", "分": "'", "：": ":"})
_SECONDS = re.compile(r"[″”“秒]|''")
_NUMBER = r"([0-9]+(?:\.[0-9]*)?)"
_FORMS = (
    # name, pattern of whole text without letters
    ("degrees", re.compile(rf"([+-]?){_NUMBER}°?")),
    ("minutes", re.compile(rf"([+-]?)([0-9]+)°{_NUMBER}'")),
    ("seconds", re.compile(rf"([+-]?)([0-9]+)°([0-9]+)'{_NUMBER}\"?")),
    ("dashes", re.compile(rf"([+-]?)([0-9]+)-([0-9]+)-{_NUMBER}")),
    ("colons", re.compile(rf"([+-]?)([0-9]+):([0-9]+):{_NUMBER}")),
    ("blanks", re.compile(rf"([+-]?)([0-9]+) ([0-9]+) {_NUMBER}")),
)
FAMILIES = {
    "decimal": "116.88",
    **dict.fromkeys(("degrees", "minutes", "seconds"), "116°53′15″"),
    "dashes": "116-53-15",
    "colons": "116:53:15",
    "blanks": "116 53 15",
}
"""Forms that may stand in one column together, by the form to show for them."""
_PACKED = {
    "lon": r"(?:7[3-9]|[89][0-9]|1[0-3][0-9])[0-5][0-9][0-5][0-9](?:\.[0-9]*)?",
    "lat": r"(?:[1-5][0-9]|0?[3-9])[0-5][0-9][0-5][0-9](?:\.[0-9]*)?",
}
_PAIR = re.compile(rf"({PLAIN_NUMBER})\s*[,，;；、\s/|]\s*({PLAIN_NUMBER})")


@dataclass(frozen=True)
class Angles:
    """A column of longitudes or latitudes.

    Parameters
    ----------
    degrees : (n,) float64
        NaN where a text is none.
    forms : (n,) str
        ``decimal``, ``degrees``, ``minutes``, ``seconds``, ``dashes``, ``colons``, ``blanks``; "" where it is none.
    axes : (n,) str
        ``lon`` or ``lat`` where a letter says so, else "".
    """

    degrees: NDArray[np.float64]
    forms: NDArray[np.object_]
    axes: NDArray[np.object_]

    @property
    def main_form(self) -> str:
        """The form that most rows have, "" if none has any."""
        known = [form for form in self.forms.tolist() if form]
        return max(dict.fromkeys(known), key=known.count) if known else ""


def read_angles(text: pd.Series) -> Angles:
    """Read a column of degrees.

    Parameters
    ----------
    text : (n,) str

    Returns
    -------
    Angles
    """
    if text.str.fullmatch(PLAIN_NUMBER).all():  # as nearly always
        plain = np.full((2, len(text)), "", dtype=object)
        plain[0] = "decimal"
        return Angles(pd.to_numeric(text).to_numpy(np.float64), *plain)
    found = {value: _read(value) for value in text.unique()}
    read = [found[value] for value in text]
    degrees = np.array([value for value, *_ in read], dtype=np.float64)
    forms = np.array([form for _, form, _ in read], dtype=object)
    return Angles(degrees, forms, np.array([axis for *_, axis in read], dtype=object))


def is_packed(text: pd.Series, axis: str) -> NDArray[np.bool_]:
    """(n,) whether a text may be degrees, minutes and seconds in China with nothing between: 1173015.0."""
    return text.str.fullmatch(_PACKED[axis]).to_numpy(bool)


def split_pairs(text: pd.Series) -> tuple[pd.Series, pd.Series] | None:
    """Return longitudes and latitudes of a column that holds both, ``None`` if it does not or is unclear.

    Parameters
    ----------
    text : (n,) str
        Every text that is not blank has to be two numbers; the one that goes beyond 90° is the longitude.
    """
    if text.str.fullmatch(PLAIN_NUMBER).any():
        return None
    plain = text.map({value: clean_pair(value) for value in text.unique()})
    parts = plain.str.extract(rf"^{_PAIR.pattern}$")
    is_comma = plain.str.fullmatch(r"[+-]?[0-9]+[,，][0-9]+").to_numpy(bool)  # rather one number with a decimal comma
    is_pair = parts[0].notna().to_numpy(bool) & ~is_comma
    if not is_pair.any() or not (is_pair | (text == "").to_numpy(bool)).all():
        return None
    first, second = parts[0].fillna(""), parts[1].fillna("")
    larger = [pd.to_numeric(part[is_pair]).abs().to_numpy() > 90 for part in (first, second)]
    if larger[0].all() and not larger[1].any():
        return first, second
    if larger[1].all() and not larger[0].any():
        return second, first
    return None


def clean_pair(text: str) -> str:
    """Return a text of two numbers with ASCII digits and without brackets."""
    return to_ascii(text).strip("()[] ")


def _read(text: str) -> tuple[float, str, str]:
    plain = clean_number(text)
    if re.fullmatch(PLAIN_NUMBER, plain) or plain.lower() in ("inf", "-inf"):
        return float(plain), "decimal", ""
    plain = to_ascii(plain)
    for word, letter in _WORDS:
        plain = plain.replace(word, letter)
    plain = _SECONDS.sub('"', plain.translate(_SIGNS)).strip()
    letters = [letter for letter in plain.upper() if letter in _LETTERS]
    if len(letters) > 1:
        return np.nan, "", ""
    sign, axis = (_LETTERS[letters[0]], _AXIS[letters[0]]) if letters else (1, "")
    plain = re.sub(r"^[EWNSewns]|[EWNSewns]$", "", plain).strip()
    squeezed = re.sub(r"\s*([°'\":])\s*", r"\1", plain)
    for form, pattern in _FORMS:
        if found := pattern.fullmatch(squeezed):
            minus, *parts = found.groups()
            numbers = [float(part) for part in parts]
            if any(part >= 60 for part in numbers[1:]) or (minus == "-" and letters):
                return np.nan, "", axis
            value = sum(part / 60**k for k, part in enumerate(numbers))
            return (-value if minus == "-" else value) * sign, form, axis
    return np.nan, "", axis
