"""What people type, in the one form in which it is compared."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Return a text in one form: full-width letters and digits as plain ones, small letters, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def letters(text: str) -> str:
    """Return the letters, digits and characters of a text in one form, without spaces, dashes and other marks."""
    return "".join(c for c in plain(text) if c.isalnum())
