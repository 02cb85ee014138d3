"""What a check of the audit found, as lines of text."""

from __future__ import annotations

from api.actions.audit import Checked, broken_words
from maps.catalogue import Lang, text

_MOST_TOLD = 100


def checked_lines(found: Checked, lang: Lang) -> list[str]:
    """Return whether the audit is sound, and every place where it is not."""
    rows, count = found.head.pos, len(found.broken)
    unnoted = [text(lang, "audit.unnoted", count=found.unnoted)] if found.unnoted else []
    if not found.broken:
        return [text(lang, "audit.sound", rows=rows, head=found.head.hash), *unnoted]
    told = [f"  {broken_words(one, lang)}" for one in found.broken[:_MOST_TOLD]]
    more = [text(lang, "audit.more", count=count - _MOST_TOLD)] if count > _MOST_TOLD else []
    return [text(lang, "audit.not-sound", rows=rows, count=count), *told, *more, *unnoted]
