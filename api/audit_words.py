"""What the audit says, in words: who, did what, to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.actions.accounts.areas import Areas
from api.people_page import area_words
from layers.records.audit_search import AuditEntry
from maps.catalogue import Lang, has_text, text
from planning.incidents.deadlines import CHINA_TIME

COLUMNS = ("pos", "at", "who", "from", "action", "object", "detail")
_LONG = ("sha", "question", "content_id", "scenario", "copy_of", "share", "comment")
_CODED = {"lang": "audit.lang-", "move": "incident.move."}
"""Details that are codes, and under which keys the catalogue has their words."""
_MOST_DIGITS = 12  # nobody compares more by eye; the row itself keeps all
WIDTHS = (8, 20, 24, 18, 26, 44, 50)


class AuditWords:
    """Tells rows of the audit in a language.

    Parameters
    ----------
    names
        What everybody is called, by account.
    lang
    areas
        What areas are called; by their codes if not given.
    """

    def __init__(self, names: Mapping[str, str], lang: Lang, areas: Areas | None = None) -> None:
        self._names, self._lang, self._areas = names, lang, areas or Areas(None)

    def row(self, entry: AuditEntry) -> dict[str, Any]:
        """Return a row in words, under ``COLUMNS``, with the codes that a link needs."""
        return {
            "pos": str(entry.pos),
            "at": f"{entry.at.astimezone(CHINA_TIME):%Y-%m-%d %H:%M:%S}",
            "who": self.who(entry.account_id),
            "from": self.place(entry.from_addr),
            "action": self.action(entry.action),
            "object": self.object(entry.object_kind, entry.object_id),
            "detail": self.detail(entry.detail),
            "person": entry.account_id or "",
            "object_id": entry.object_id,
        }

    def who(self, account_id: str | None) -> str:
        """Return who acted."""
        if account_id is None:
            return text(self._lang, "audit.nobody")
        return self._names.get(account_id, account_id)

    def place(self, address: str) -> str:
        """Return from where."""
        key = {"command line": "audit.command-line", "service": "audit.by-itself"}.get(address)
        return address if key is None else text(self._lang, key)

    def action(self, code: str) -> str:
        """Return what was done; a code without words as it is."""
        key = f"audit.action.{code}"
        return text(self._lang, key) if has_text(key) else code

    def kind(self, code: str) -> str:
        """Return what it was done to; a code without words as it is."""
        key = f"audit.kind.{code}"
        return text(self._lang, key) if has_text(key) else code

    def object(self, kind: str, name: str) -> str:
        """Return what it was done to, people by name."""
        called = self._names.get(name, name) if kind == "account" else name
        if kind == "table" and has_text(key := f"page.table.{name}"):
            called = text(self._lang, key)
        return " ".join(filter(None, (self.kind(kind), called)))

    def detail(self, detail: Mapping[str, Any]) -> str:
        """Return what else is told."""
        return text(self._lang, "audit.and").join(self._details(detail))

    def _details(self, detail: Mapping[str, Any]) -> Iterator[str]:
        for name, value in sorted(detail.items()):  # PostgreSQL keeps an order of its own
            key = f"audit.detail.{name}"
            told = self._value(name, value)
            yield text(self._lang, key, value=told) if has_text(key) else f"{name}: {told}"

    def _value(self, name: str, value: Any) -> str:
        if isinstance(value, list):
            return text(self._lang, "audit.comma").join(self._value(name, one) for one in value)
        if isinstance(value, Mapping):
            return text(self._lang, "audit.comma").join(
                f"{key} {self._value(str(key), one)}" for key, one in value.items()
            )
        word = str(value)
        if name == "roles":
            return self._role(word)
        if name in _LONG:
            return word[:_MOST_DIGITS]
        key = f"{_CODED.get(name, name)}{word}"
        return text(self._lang, key) if name in _CODED and has_text(key) else self._names.get(word, word)

    def _role(self, word: str) -> str:
        """Return a role with its area in words, as it is kept: ``planner@county:371424``."""
        role, _, area = word.partition("@")
        kind, _, code = area.partition(":")
        if not (has_text(f"role.{role}") and has_text(f"area.{kind}")):
            return word
        named = area_words(kind, code, self._areas, self._lang)
        return text(self._lang, "doors.grant", role=text(self._lang, f"role.{role}"), area=named)
