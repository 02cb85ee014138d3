"""What is expected of a field that a request or a setting got wrong: the parser's refusals in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maps.catalogue import Lang, has_text, text

_SAME = {
    "int_type": "int_parsing",
    "int_from_float": "int_parsing",
    "int_parsing_size": "int_parsing",
    "float_type": "float_parsing",
    "finite_number": "float_parsing",
    "bool_type": "bool_parsing",
    "enum": "literal_error",
    "model_type": "dict_type",
    "model_attributes_type": "dict_type",
    "string_sub_type": "string_type",
    "string_unicode": "string_type",
}

_SHOWN = 80
"""So many characters of a wrong value are told."""


def expected_words(refused: Mapping[str, Any], lang: Lang) -> str:
    """Return what a parser expected, in words.

    Parameters
    ----------
    refused
        ``type``, ``ctx`` and ``msg`` as the parser says them.
    lang
    """
    kind = str(refused["type"])
    key = f"request.{_SAME.get(kind, kind)}"
    given = {name: value for name, value in (refused.get("ctx") or {}).items() if isinstance(value, str | int | float)}
    if kind == "literal_error":
        given["expected"] = str(given.get("expected", "")).replace("'", "").replace(" or ", ", ")
    try:
        return text(lang, key if has_text(key) else "request.other", **given)
    except KeyError:
        return text(lang, "request.other")


def input_shown(refused: Mapping[str, Any]) -> str:
    """Return the beginning of the value that a parser refused; of one that was left out there is none to show.

    Parameters
    ----------
    refused
        An error of pydantic, whose ``input`` is all that surrounds a field that is missing.
    """
    given = "" if refused["type"] == "missing" else str(refused.get("input", ""))
    return given[:_SHOWN].encode("utf-8", "replace").decode()
