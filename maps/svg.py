"""SVG as text: elements with escaped words, figures without needless decimals, and how wide words are."""

from __future__ import annotations

import html
import re
import unicodedata

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROW = set("ijlftrI1.,:;'|!()[]·- ")


def element(name: str, *children: str, **attributes: object) -> str:
    """Return an element; an attribute that is ``None`` is left out.

    Parameters
    ----------
    name
    children
        Ready SVG: words go through :func:`words` first.
    attributes
        ``stroke_width`` is ``stroke-width``, ``class_`` is ``class``; all values are escaped.
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{told}>{''.join(children)}</{name}>" if children else f"<{name}{told}/>"


def words(text: object) -> str:
    """Return words that can stand in an element, whatever is in them."""
    return html.escape(_NOT_IN_XML.sub("", str(text)))


def figure(value: float) -> str:
    """Return a figure to two decimals, without those that say nothing."""
    told = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if told == "-0" else told


def path_of(points: object, *, closed: bool = False) -> str:
    """Return the ``d`` of a path through (x, y) pairs."""
    told = "L".join(f"{figure(x)} {figure(y)}" for x, y in points)  # type: ignore[attr-defined]
    return f"M{told}{'Z' if closed else ''}"


def width_of(text: str, size: float) -> float:
    """Return how wide words are at a size of letters: a whole letter for Chinese ones, about half for others.

    Rather too wide than too narrow, since fonts differ from machine to machine.
    """
    return size * sum(_width(letter) for letter in text)


def shortened(text: str, size: float, most: float) -> str:
    """Return words that are no wider than `most`, cut with an ellipsis where they are."""
    if width_of(text, size) <= most:
        return text
    kept = text
    while kept and width_of(f"{kept}…", size) > most:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _width(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if unicodedata.combining(letter):
        return 0.0
    if letter in _NARROW:
        return 0.36
    return 0.72 if letter.isupper() or letter in "mwMW@%—…" else 0.58


def _value(value: object) -> str:
    return figure(value) if isinstance(value, float) else words(value)
