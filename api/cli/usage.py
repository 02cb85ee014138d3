"""A command line that cannot be understood, in words: what is wrong, what is expected, where help is."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError
from typer.exceptions import TyperException

from api.cli.help import option_words, path_of
from api.request_words import expected_words
from maps.catalogue import Lang, text

# What the option parser says in English where it names neither an option nor a parser's refusal, and the text for it.
_SAID = {
    r"No such command '(?P<name>.*?)'\.": "no-command",
    r"Missing command": "no-command-given",
    r"unexpected extra argument\(?s?\)? \((?P<name>.*)\)": "extra",
    r"requires an argument": "no-value",
    r"does not take a value": "takes-none",
}
_CLOSE = re.compile(r"Did you mean (.+)\?")


def usage_lines(error: TyperException, lang: Lang, *, called: str = "") -> list[str]:
    """Return what is wrong with a command line, and how to get help.

    Parameters
    ----------
    error
        What the option parser refused.
    lang
    called
        The command, where the refusal does not say.
    """
    told: Any = error  # each kind of refusal has attributes of its own
    message = str(told.format_message())
    command = _command_of(told, called)
    lines = [_refusal(told, message, command, lang)]
    guessed = _CLOSE.search(message)
    close = list(getattr(told, "possibilities", None) or ()) or re.findall(
        r"'(.+?)'", guessed.group(1) if guessed else ""
    )
    if close:
        lines.append(text(lang, "cli.usage.close", names=", ".join(close)))
    return [*lines, text(lang, "cli.usage.help", command=f"{command} " if command else "")]


def _refusal(told: Any, message: str, command: str, lang: Lang) -> str:
    param = getattr(told, "param", None)
    name = getattr(told, "option_name", None) or _name(param)
    about = option_words(command.replace(" ", "-"), param, lang) if param is not None else ""
    named = {"name": name, "help": text(lang, "cli.usage.about", name=name, words=about) if about else ""}
    kind = type(told).__name__
    if kind == "NoSuchOption":
        return text(lang, "cli.usage.no-option", **named)
    if kind == "MissingParameter":
        return text(lang, "cli.usage.missing", **named)
    for pattern, key in _SAID.items():
        if found := re.search(pattern, message):
            return text(lang, f"cli.usage.{key}", **(named | found.groupdict()))
    if param is not None:
        return text(lang, "cli.usage.value", expected=_expected(told, message, lang), **named)
    return text(lang, "cli.usage.other", message=message)


def _command_of(told: Any, called: str) -> str:
    """Return the command that was called, nothing where there is none."""
    context = getattr(told, "ctx", None)
    if context is None:
        return called
    return path_of(context)


def _name(param: Any) -> str:
    if param is None:
        return ""
    is_argument = param.param_type_name == "argument"
    return str(param.name).upper() if is_argument else "/".join(getattr(param, "opts", None) or [str(param.name)])


def _expected(told: Any, message: str, lang: Lang) -> str:
    """Return what was expected of a value: the choices, or what its parser says."""
    choices = re.search(r"is not one of (.+)\.", message)
    if choices:
        return text(lang, "request.literal_error", expected=choices.group(1).replace("'", ""))
    cause = told.__cause__
    if isinstance(cause, ValidationError):
        return expected_words(cause.errors()[0], lang)
    return text(lang, "request.other")
