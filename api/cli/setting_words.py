"""Settings that make no sense, in words: which one, what it is, what is expected."""

from __future__ import annotations

from pydantic import ValidationError

from api.request_words import expected_words
from maps.catalogue import Lang, text


def setting_lines(error: ValidationError, lang: Lang) -> list[str]:
    """Return a line for each setting that was refused."""
    lines = []
    for refused in error.errors():
        name = ".".join(str(part) for part in refused["loc"]) or "settings"
        name = name if name == "PORT" else f"COUNTYGRID_{name.upper()}"
        needs_key = name == "COUNTYGRID_TIANDITU_KEY"
        expected = text(lang, "cli.setting-key") if needs_key else expected_words(refused, lang)
        lines.append(text(lang, "cli.setting", name=name, value=refused["input"], expected=expected))
    return lines
