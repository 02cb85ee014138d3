"""A map with its legend, north and scale bar as one picture: for reports, where no page stands around it."""

from __future__ import annotations

from dataclasses import dataclass

from maps.catalogue import Lang, text
from maps.sheet import legend
from maps.sheet.map_svg import FONTS, DrawnMap, draw_map, extent_of
from maps.sheet.spec import MapSpec
from maps.svg import element, figure, width_of, words

_MM_OF_UNIT = 25.4 / 96
"""Millimetres of a unit in which pictures with sizes of their own are placed."""
_LEGEND_MM, _GAP_MM, _LETTER_MM, _LINE_MM, _ROW_MM = 37.0, 2.0, 2.5, 3.2, 4.9
_BAR_MM = 26.0
_MARGIN_MM = 6.0
_LEAST_SHARE = 0.5
"""Of the room that a map has: a county of any shape leaves room for names."""


@dataclass(frozen=True)
class MapFigure:
    """A map with its legend as SVG, and its size in millimetres."""

    svg: str
    width_mm: float
    height_mm: float


def map_figure(
    spec: MapSpec, *, service: str, width_mm: float, height_mm: float, letters: float = 1.0, lang: Lang
) -> MapFigure:  # fmt: skip
    """Return a map with everything that one needs to read it.

    Parameters
    ----------
    spec
    service
        As people call it.
    width_mm, height_mm
        At most, of the whole, legend included: the frame has the shape of the county.
    letters
        Size of letters and symbols beside those of a page of A4.
    lang
    """
    beside = (_LEGEND_MM + _GAP_MM) * letters
    map_mm, high_mm = _frame_of(spec, width_mm - beside, height_mm)
    drawn = draw_map(spec, width_mm=map_mm, height_mm=high_mm, letters=letters, lang=lang)
    parts, low_mm = _legend(spec, drawn, map_mm + _GAP_MM * letters, service=service, letters=letters, lang=lang)
    wide, high = map_mm + beside, max(high_mm, low_mm)
    svg = element(
        "svg", _placed(drawn.svg, 0.0, 0.0), _frame(map_mm, high_mm), *parts, xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {figure(wide)} {figure(high)}", width=f"{figure(wide)}mm", height=f"{figure(high)}mm",
        role="img", font_family=FONTS,
    )  # fmt: skip
    return MapFigure(svg, wide, high)


def _frame_of(spec: MapSpec, width_mm: float, height_mm: float) -> tuple[float, float]:
    """Return width and height of the map within a room: as the county is shaped, a margin about it."""
    west, south, east, north = extent_of(spec)
    aspect = max(east - west, 1.0) / max(north - south, 1.0)
    wide = min(width_mm, max(_LEAST_SHARE * width_mm, aspect * (height_mm - _MARGIN_MM) + _MARGIN_MM))
    high = min(height_mm, max(_LEAST_SHARE * height_mm, (wide - _MARGIN_MM) / aspect + _MARGIN_MM))
    return round(wide, 1), round(high, 1)


def _legend(
    spec: MapSpec, drawn: DrawnMap, left: float, *, service: str, letters: float, lang: Lang
) -> tuple[list[str], float]:  # fmt: skip
    """Return the legend in its place, and how far down it reaches; millimetres."""
    parts = [_placed(legend.north_arrow(letters), left, 0.5)]
    y = 4.6 * letters
    for row in _rows(_title(spec, lang), _LETTER_MM * letters, (_LEGEND_MM - 9.5) * letters):
        parts.append(_line(row, left + 9.2 * letters, y, letters, font_weight=700))
        y += _LINE_MM * letters
    y = max(y, 11.0 * letters)
    for picture, told in legend.legend_rows(spec, service=service, letters=letters, lang=lang):
        parts.append(_placed(picture, left, y))
        for row in _rows(told, _LETTER_MM * letters, (_LEGEND_MM - 9.5) * letters):
            parts.append(_line(row, left + 9.2 * letters, y + 3.1 * letters, letters))
            y += _LINE_MM * letters
        y += (_ROW_MM - _LINE_MM) * letters
    bar = legend.scale_bar(drawn.fit, most_mm=_BAR_MM * letters, letters=letters, lang=lang)
    parts.append(_placed(bar, left, y + 1.5 * letters))
    size = text(lang, "sheet.legend.size" if spec.changed else "page.legend.size")
    parts.append(_line(size, left, y + 12.0 * letters, letters, fill="#46525f"))
    return parts, y + 14.0 * letters


def _title(spec: MapSpec, lang: Lang) -> str:
    return text(lang, "comparing.legend-change" if spec.changed else "sheet.legend.minutes")


def _placed(svg: str, x: float, y: float) -> str:
    """Return a picture with a size of its own at a place of another one."""
    return element("g", svg, transform=f"translate({figure(x)} {figure(y)}) scale({_MM_OF_UNIT:.6f})")


def _frame(width: float, height: float) -> str:
    looks: dict[str, object] = {"fill": "none", "stroke": "#7d8998", "stroke_width": 0.2}
    return element("rect", x=0.1, y=0.1, width=width - 0.2, height=height - 0.2, **looks)


def _line(told: str, x: float, y: float, letters: float, **looks: object) -> str:
    size = _LETTER_MM * letters
    return element("text", words(told), x=float(x), y=float(y), font_size=size, **{"fill": "#1f2a37", **looks})


def _rows(told: str, size: float, most: float) -> list[str]:
    """Return words in as many rows as they need."""
    if width_of(told, size) <= most:
        return [told]
    rows, row = [], ""
    for piece in _pieces(told):
        if row and width_of(row + piece, size) > most:
            rows.append(row.rstrip())
            row = piece.lstrip()
        else:
            row += piece
    return [*rows, row]


def _pieces(told: str) -> list[str]:
    """Return where a row may end: after each Chinese letter, and between words of others."""
    pieces, word = [], ""
    for letter in told:
        word += letter
        if letter == " " or ord(letter) > 0x2E7F:
            pieces.append(word)
            word = ""
    return [*pieces, word] if word else pieces
