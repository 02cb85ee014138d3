"""Settings that make no sense, in words: which one, what it is, what is expected."""

from __future__ import annotations

from collections.abc import Collection

from pydantic import ValidationError

from api.messages.settings import SECRET_SETTINGS
from api.request_words import expected_words
from layers.backups.manifest import HIDDEN
from maps.catalogue import Lang, has_text, text


def setting_lines(error: ValidationError, lang: Lang, *, typed: Collection[str] = ()) -> list[str]:
    """Return a line for each setting that was refused.

    Parameters
    ----------
    error
    lang
    typed
        Fields that were given as options of the command line, and are called like them.
    """
    lines = []
    for refused in error.errors():
        field = ".".join(str(part) for part in refused["loc"]) or "settings"
        known = f"cli.setting-for.{field}"
        has_words = refused["type"] == "value_error" and has_text(known)
        expected = text(lang, known) if has_words else expected_words(refused, lang)
        name = f"--{field.lower().replace('_', '-')}" if field in typed else _variable(field)
        value = HIDDEN if field in SECRET_SETTINGS else refused["input"]
        lines.append(text(lang, "cli.setting", name=name, value=value, expected=expected))
    return lines


def _variable(field: str) -> str:
    return field if field == "PORT" else f"COUNTYGRID_{field.upper()}"
