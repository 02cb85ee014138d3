"""Outlines of the symbols in a square of 24, as the page's script has them; a test holds both alike."""

from __future__ import annotations

from collections.abc import Mapping

from maps.svg import element, figure, words
from maps.theme import Shape

OUTLINES: Mapping[Shape, str] = {
    "star": "M12 1.6l3.2 6.7 7.3 1-5.3 5.1 1.3 7.3L12 18.2l-6.5 3.5 1.3-7.3L1.5 9.3l7.3-1z",
    "square": "M4 4h16v16H4z",
    "diamond": "M12 2l10 10-10 10L2 12z",
    "circle": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
    "triangle": "M12 3l10 17H2z",
    "house": "M12 2L2 11h3v10h14V11h3z",
    "flag": "M4 2h3.5v1.5H21l-4 5 4 5H7.5V22H4z",
    "hexagon": "M7 3h10l5 9-5 9H7l-5-9z",
    "plus": "M8.5 2h7v6.5H22v7h-6.5V22h-7v-6.5H2v-7h6.5z",
    "cross": "M6 2l6 6 6-6 4 4-6 6 6 6-4 4-6-6-6 6-4-4 6-6-6-6z",
}
_EDGE = "#1a1a1a"


def symbol_at(x: float, y: float, size: float, symbol: tuple[Shape, str], label: str = "") -> str:
    """Return a symbol with its middle at a point, a number in it if given.

    Parameters
    ----------
    x, y, size
        In the picture's own units.
    symbol
        Shape and colour.
    label
    """
    shape, colour = symbol
    looks: dict[str, object] = {"d": OUTLINES[shape], "stroke_linejoin": "round"}
    halo = element("path", **looks, fill="#fff", stroke="#fff", stroke_width=3.6)
    parts = [halo, element("path", **looks, fill=colour, stroke=_EDGE, stroke_width=0.9)]  # an edge for grey print
    if label:
        size_of_letters = 11.0 if len(label) < 2 else 10.0 if len(label) < 3 else 7.6
        letters = {"font_size": size_of_letters, "font_weight": 700, "fill": "#fff", "text_anchor": "middle"}
        parts.append(element("text", words(label), x=12, y=17.5 if shape == "triangle" else 15.8, **letters))
    scale = size / 24
    where = f"translate({figure(x - size / 2)} {figure(y - size / 2)}) scale({scale:.4f})"
    return element("g", *parts, transform=where)
