"""Ids and figures as people and programs spoil them, read where there is only one way to read them."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

PLAIN_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
SCIENTIFIC_ID = r"[0-9]\.[0-9]+[eE]\+?[0-9]+|[0-9]+[eE]\+[0-9]+"
"""What Excel makes of a long code: 3.71499E+11."""

_PLAIN_ID = re.compile(r"[0-9A-Za-z_-]*")
_QUOTES = "\"'`´“”„‘’‚「」『』"
_TAIL = re.compile(r"([0-9]+)\.0+")
_IN_FORMULA = re.compile(r'=\s*"(.*)"', re.DOTALL)
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
# Full-width forms and the minus of printers; other digits (①, ², Ⅳ) mean something of their own.
_TO_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D, 0xA0: 0x20}


def clean_ids(text: pd.Series) -> pd.Series:
    """Return ids without what was never meant: full-width forms, marks that nobody sees, quotes, a trailing ``.0``.

    Parameters
    ----------
    text : (n,) str

    Returns
    -------
    (n,) str
        ``.0`` stays where the ids of the column have other decimals, since they are then numbered in sections.
    """
    has_sections = bool(text.str.fullmatch(r"[0-9]+\.[0-9]*[1-9][0-9]*").any())
    odd = [value for value in text.unique() if not _PLAIN_ID.fullmatch(value)]
    return text.replace({value: clean_id(value, keep_tail=has_sections) for value in odd}) if odd else text


def clean_id(text: str, *, keep_tail: bool = False) -> str:
    """Return one id as it was meant."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(character for character in plain if unicodedata.category(character) not in ("Cf", "Zl", "Zp"))
    plain = plain.strip().removeprefix("=").strip().strip(_QUOTES).strip()
    tail = _TAIL.fullmatch(plain)
    return tail[1] if tail and not keep_tail else plain


def to_ascii(text: str) -> str:
    """Return a text with full-width forms as ASCII and without marks that nobody sees."""
    return _UNSEEN.sub("", text.translate(_TO_ASCII)).strip()


def clean_number(text: str) -> str:
    """Return a figure with ASCII digits, without quotes of a formula; unchanged if it is none then."""
    found = _IN_FORMULA.fullmatch(text)
    plain = to_ascii(found[1] if found else text).removeprefix("'")
    return plain if re.fullmatch(PLAIN_NUMBER, plain) or not plain else text


def clean_numbers(text: pd.Series) -> pd.Series:
    """Return figures as ``clean_number`` does; (n,) str."""
    is_odd = ~(text.str.fullmatch(PLAIN_NUMBER).to_numpy(bool) | (text == "").to_numpy(bool))
    odd = text[is_odd].unique() if is_odd.any() else ()
    return text.replace({value: clean_number(value) for value in odd}) if len(odd) else text


def clean_text(text: str) -> str:
    """Return a text without marks that nobody sees and without ``="…"`` around it."""
    found = _IN_FORMULA.fullmatch(text)
    return _UNSEEN.sub("", found[1] if found else text).replace("\u00a0", " ").strip()


def clean_texts(text: pd.Series) -> pd.Series:
    """Return texts as ``clean_text`` does; (n,) str."""
    return text.map({value: value if value.isalnum() else clean_text(value) for value in text.unique()})
