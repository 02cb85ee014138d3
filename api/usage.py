"""A command line that cannot be understood, in words: what is wrong, what is expected, where help is."""

from __future__ import annotations

import re
from typing import Any

from typer.exceptions import TyperException

from maps.catalogue import Lang, text

# What the option parser says of a value, in English, and the text that says it in both languages.
_EXPECTED = {
    r"greater than or equal to (\S+)": "at-least",
    r"less than or equal to (\S+)": "at-most",
    r"valid (?:integer)": "whole",
    r"valid (?:number|float)": "number",
    r"is not one of (.+)\.": "one-of",
}
_KINDS = {"NoSuchOption": "no-option", "NoSuchCommand": "no-command", "MissingParameter": "missing"}


def usage_lines(error: TyperException, lang: Lang) -> list[str]:
    """Return what is wrong with a command line, and how to get help.

    Parameters
    ----------
    error
        What the option parser refused.
    lang
    """
    told: Any = error  # each kind of refusal has attributes of its own
    message = str(told.format_message())
    kind = type(error).__name__
    param: Any = getattr(told, "param", None)
    name = getattr(told, "option_name", None) or getattr(told, "command_name", None) or _name(param)
    about = getattr(param, "help", None)
    named = {"name": name, "help": f"({about})" if about else ""}
    if kind in _KINDS and name:
        first = text(lang, f"cli.usage.{_KINDS[kind]}", **named)
    elif name:
        first = text(lang, "cli.usage.value", expected=_expected(message, lang), **named)
    else:
        first = text(lang, "cli.usage.other", message=message)
    close = ", ".join(getattr(told, "possibilities", None) or ())
    context = getattr(told, "ctx", None)
    command = getattr(context, "info_name", None) or ""
    lines = [first, text(lang, "cli.usage.close", names=close)] if close else [first]
    return [*lines, text(lang, "cli.usage.help", command=f"{command} " if command in message or param or close else "")]


def _name(param: Any) -> str:
    return "" if param is None else "/".join(getattr(param, "opts", None) or [str(param.name)])


def _expected(message: str, lang: Lang) -> str:
    for pattern, key in _EXPECTED.items():
        found = re.search(pattern, message)
        if found:
            return text(lang, f"cli.usage.{key}", value=found.group(1) if found.groups() else "")
    return message
