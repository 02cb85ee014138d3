"""What a message says: names of people and places are looked up when it leaves, never kept with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maps.catalogue import Lang, has_text, text
from planning.incidents.clocks import CHINA_TIME


@dataclass(frozen=True)
class Names:
    """What codes are called.

    Parameters
    ----------
    category
        Of a code of the office's table.
    place
        Of a township or a cell; the code itself where it has no name.
    """

    category: Callable[[str], str]
    place: Callable[[str], str]


def body_of(template: str, data: Mapping[str, Any], *, names: Names, to: str, lang: Lang) -> str:
    """Return the text of a message.

    Parameters
    ----------
    template, data
        As :mod:`planning.incidents.notices` has them.
    names
    to
        Whom it is for, where an office reads it together; empty where it goes to one person alone.
    lang

    Raises
    ------
    KeyError
        If there is no such template.
    """
    is_top = template == "overdue" and data.get("from_level") == data.get("to_level")
    words = text(lang, f"outgoing.text.{template}{'-top' if is_top else ''}", **_fields(data, names, lang))
    if to:
        words = text(lang, "outgoing.to", to=to, words=words)
    return text(lang, "outgoing.line", words=words)


def addressee(to_ref: str, template: str, *, names: Names, person: str, lang: Lang) -> str:
    """Return whom a message is for, where an office reads it together.

    Parameters
    ----------
    to_ref, template, names
    person
        Name from the roster, empty if there is none any more.
    lang
    """
    kind, _, rest = to_ref.partition(":")
    if kind == "desk":
        level, _, area = rest.partition(":")
        return text(lang, f"outgoing.desk-{level}", place=names.place(area) if area else "")
    role = text(
        lang, f"outgoing.{'former' if template == 'taken-over' else 'asker' if kind == 'account' else 'worker'}"
    )
    return text(lang, "outgoing.named", role=role, name=person) if person else role


def error_words(code: str, lang: Lang) -> str:
    """Return in words why a message is not out."""
    kind, _, number = code.partition("-")
    if has_text(f"outgoing.error.{code}"):
        return text(lang, f"outgoing.error.{code}")
    if number and kind in ("status", "refused"):
        return text(lang, f"outgoing.error.{'status' if kind == 'status' else 'refused-code'}", code=number)
    return text(lang, "outgoing.error.other")


def _fields(data: Mapping[str, Any], names: Names, lang: Lang) -> dict[str, str]:
    step = str(data.get("step") or "other")
    step_words = text(lang, f"outgoing.step.{step if has_text(f'outgoing.step.{step}') else 'other'}")
    due = _moment(data.get("due_at"))
    by = (
        text(lang, "outgoing.by", due=due, step=step_words) if due else text(lang, "outgoing.no-limit", step=step_words)
    )
    levels = {name: text(lang, f"outgoing.level.{data[name]}") for name in ("from_level", "to_level") if name in data}
    return {
        "case": str(data["case"]),
        "what": _what(data, names, lang),
        "step": step_words,
        "by": by,
        "due": due,
        "old_due": _moment(data.get("old_due_at")),
        **levels,
    }


def _what(data: Mapping[str, Any], names: Names, lang: Lang) -> str:
    severity = f"outgoing.severity.{data['severity']}"
    told = {
        "severity": text(lang, severity) if has_text(severity) else "",
        "case": data["case"],
        "category": names.category(str(data["category"])),
    }
    parts = [names.place(str(data[where])) for where in ("township", "cell") if data.get(where)]
    if not parts:
        return text(lang, "outgoing.what-anywhere", **told)
    return text(lang, "outgoing.what", **told, place=" ".join(dict.fromkeys(parts)))


def _moment(told: str | None) -> str:
    return f"{datetime.fromisoformat(told).astimezone(CHINA_TIME):%Y-%m-%d %H:%M}" if told else ""
