"""Accounts as lines of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.catalogue import Lang, text


def added_lines(name: str, path: str, lang: Lang) -> list[str]:
    """Return that an account was added, and the path of its one-time link where there is one."""
    return [text(lang, "people.cli.added", name=name), *_link(path, lang)]


def reset_lines(name: str, path: str, lang: Lang) -> list[str]:
    """Return that a password is void, and the path of the one-time link."""
    return [text(lang, "people.cli.reset", name=name), *_link(path, lang)]


def listed_lines(people: Sequence[Mapping[str, Any]], lang: Lang) -> list[str]:
    """Return one line a person."""
    return [_line(one, lang) for one in people] or [text(lang, "people.solo")]


def _line(one: Mapping[str, Any], lang: Lang) -> str:
    called = one["name"] if one["display"] == one["name"] else f"{one['name']} ({one['display']})"
    state = text(lang, f"people.state-{one['state']}")
    roles = [_role(grant, lang) for grant in one["grants"]] or [text(lang, "people.no-roles")]
    return "  ".join((called, state, text(lang, "audit.comma").join(roles)))


def _role(grant: Mapping[str, Any], lang: Lang) -> str:
    area = grant["area"]
    kind = "every-county" if area["code"] == "*" else area["kind"]
    where = text(lang, f"area.{kind}", code=area["code"])
    return text(lang, "doors.grant", role=text(lang, f"role.{grant['role']}"), area=where)


def _link(path: str, lang: Lang) -> list[str]:
    return [text(lang, "people.cli.link"), f"  {path}"] if path else []
