"""Every text that people read, Chinese first and English second, from ``maps/messages/*.toml``.

A key is the dotted path of a table that holds exactly ``zh`` and ``en``: ``page.title``,
``fault.duplicate-id.expected``. Python code and pages alike name texts by key; no other module holds wording.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
FOLDER = Path(__file__).parent / "messages"


def text(lang: Lang, key: str, **params: object) -> str:
    """Return the text of `key` in `lang` with its fields filled in, as by ``str.format``.

    Raises
    ------
    KeyError
        When no message file has the key, or a field of the text is not among `params`.
    """
    return catalogue()[key][lang].format(**params)


def has_text(key: str) -> bool:
    """Whether a message file has `key`; for codes that come from data."""
    return key in catalogue()


def messages(lang: Lang, *, prefixes: tuple[str, ...] = ("",)) -> dict[str, str]:
    """Return key -> unformatted text in `lang`, for the browser; only keys that start with one of `prefixes`."""
    return {key: texts[lang] for key, texts in catalogue().items() if key.startswith(prefixes)}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return key -> {lang: text} of all message files; read once a process.

    Raises
    ------
    ValueError
        When two files (or two spellings in one) give the same key, or an entry lacks a language.
    """
    found: dict[str, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for key, texts in flatten(tomllib.loads(path.read_text(encoding="utf-8"))):
            if key in found:
                raise ValueError(f"{path.name} repeats the message {key}")
            found[key] = texts
    return found


def flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (dotted key, {lang: text}) for every entry of a parsed message file."""
    for name, value in table.items():
        key = f"{prefix}{name}"
        if not isinstance(value, dict):
            raise ValueError(f"message {key} must be a table with zh and en")  # noqa: TRY004 - the file is wrong
        if set(value) == set(LANGS):
            yield key, value
        else:
            yield from flatten(value, f"{key}.")
