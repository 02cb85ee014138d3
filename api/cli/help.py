"""Help of the command line in one language: commands and options with their words from the catalogue."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from typing import Any

from typer import Typer
from typer.core import TyperCommand, TyperGroup
from typer.models import CommandFunctionType

from maps.catalogue import LANGS, Lang, has_text, text

_WIDE = 30  # columns before the words of an option
_PLACEHOLDERS = {"int": "N", "float": "X", "str": "TEXT", "list": "TEXT", "path": "FILE"}


class SpokenCommand(TyperCommand):
    """A command whose help is written in the reader's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write usage, purpose, arguments and options."""
        formatter.write("\n".join(command_help(self, ctx, spoken_lang())) + "\n")


class SpokenGroup(TyperGroup):
    """All commands, listed in the reader's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write what there is to call."""
        formatter.write("\n".join(group_help(self, spoken_lang(), within=path_of(ctx))) + "\n")


class SpokenTyper(Typer):
    """An application all of whose commands speak the reader's language."""

    def __init__(self, **options: Any) -> None:
        super().__init__(cls=SpokenGroup, **options)

    def command(self, name: str | None = None, **options: Any) -> Callable[[CommandFunctionType], CommandFunctionType]:
        """Declare a command."""
        return super().command(name, cls=SpokenCommand, **options)


def spoken_lang() -> Lang:
    """Return the language asked for on the command line, else by the site: also while a setting is wrong."""
    given = re.search(r"--lang[ =](zh|en)\b", " ".join(sys.argv))
    lang = given.group(1) if given else os.environ.get("COUNTYGRID_LANG", "zh")
    return lang if lang in LANGS else "zh"


def path_of(ctx: Any) -> str:
    """Return what is typed to call a command: ``plan``, or ``table import`` for one within a group."""
    words: list[str] = []
    while ctx is not None and ctx.parent is not None:
        words.insert(0, str(ctx.info_name))
        ctx = ctx.parent
    return " ".join(words)


def command_words(path: str, lang: Lang) -> str:
    """Return what a command is for; one within a group is ``group-name`` in the catalogue."""
    return text(lang, f"cli.command.{path.replace(' ', '-')}")


def group_help(group: Any, lang: Lang, *, within: str = "") -> list[str]:
    """Return the help of the command line itself, or of a group of commands."""
    wide = max(13, 2 + max(map(len, group.commands), default=0))
    rows = [f"  {name:<{wide}}{command_words(f'{within} {name}'.strip(), lang)}" for name in group.commands]
    line = " ".join(filter(None, ("countygrid", within, "COMMAND --help")))
    about = command_words(within, lang) if within else text(lang, "cli.help.about")
    usage = text(lang, "cli.help.usage", line=line)
    return [usage, "", about, "", text(lang, "cli.help.commands"), *rows]


def command_help(command: Any, ctx: Any, lang: Lang) -> list[str]:
    """Return the help of one command."""
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.params if param.param_type_name == "option"]
    needed = [f"{_flag(param)} {_placeholder(param, ctx)}" for param in options if param.required]
    places = [str(param.name).upper() if param.required else f"[{str(param.name).upper()}]" for param in arguments]
    path = path_of(ctx) or str(command.name)
    usage = " ".join([f"countygrid {path}", *places, *needed, text(lang, "cli.help.more")])
    lines = [text(lang, "cli.help.usage", line=usage), "", command_words(path, lang)]
    for title, params in (("arguments", arguments), ("options", options)):
        rows = [_row(param, ctx, lang) for param in params]
        lines += ["", text(lang, f"cli.help.{title}"), *rows] if rows else []
    return [*lines, f"  {'--help':<{_WIDE}}{text(lang, 'cli.help.help')}"]


def option_words(command: str, param: Any, lang: Lang) -> str:
    """Return what an option of a command is for, nothing if the catalogue does not say."""
    keys = (f"cli.option.{command}-{param.name}", f"cli.option.{param.name}")
    return next((text(lang, key) for key in keys if has_text(key)), "")


def _row(param: Any, ctx: Any, lang: Lang) -> str:
    is_argument = param.param_type_name == "argument"
    call = str(param.name).upper() if is_argument else f"{_flag(param)} {_placeholder(param, ctx)}"
    told = [option_words(path_of(ctx).replace(" ", "-") or ctx.command.name, param, lang), *_facts(param, lang)]
    words = text(lang, "cli.help.join").join(word for word in told if word)
    return f"  {call.strip():<{_WIDE}}{words}" if len(call) < _WIDE else f"  {call}\n  {'':<{_WIDE}}{words}"


def _facts(param: Any, lang: Lang) -> list[str]:
    """Return what else is to be known of a value: needed, its limits, its default."""
    facts = [text(lang, "cli.help.required")] if param.required and param.param_type_name == "option" else []
    if getattr(param, "min", None) is not None:
        facts.append(text(lang, "cli.help.at-least", value=_figure(param.min)))
    if getattr(param, "max", None) is not None:
        facts.append(text(lang, "cli.help.at-most", value=_figure(param.max)))
    if param.default not in (None, False, "", ()) and not callable(param.default) and not param.required:
        value = f"{param.default:g}" if isinstance(param.default, float) else str(param.default)
        facts.append(text(lang, "cli.help.default", value=value))
    return facts


def _figure(bound: float) -> str:
    return f"{bound:g}" if abs(bound) < 10**6 else f"{bound:,}"


def _flag(param: Any) -> str:
    return str(param.opts[0])


def _services() -> str:
    """Return the services that the program comes with; a county and its office may have more."""
    from planning.tables.services import SERVICES

    return "|".join([*SERVICES, "…"])


def _placeholder(param: Any, ctx: Any) -> str:
    """Return what stands for the value: its choices, a form of its own, or a letter."""
    if getattr(param, "is_flag", False):
        return ""
    if param.name == "service":
        return _services()
    shown = str(param.metavar or param.get_help_record(ctx)[0].partition(" ")[2].strip("<>"))
    return _PLACEHOLDERS.get(re.split(r"[ \[]", shown)[0], shown)
