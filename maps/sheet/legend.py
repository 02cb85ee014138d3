"""The legend of a printed map: north, scale and what every mark means; the same classes as on the page."""

from __future__ import annotations

import itertools

from maps.catalogue import Lang, text
from maps.charts.scale import told
from maps.sheet import difference, layers
from maps.sheet.scale import Fit, bar_of
from maps.sheet.spec import MapSpec
from maps.svg import element, figure, path_of, words
from maps.symbol_shapes import symbol_at
from maps.theme import CHANGE_BREAKS, MINUTE_BREAKS, MINUTE_COLOURS, ROAD_STYLES

_ROADS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("main", "primary", ("motorway", "trunk", "primary")),
    ("province", "secondary", ("secondary",)),
    ("county", "tertiary", ("tertiary",)),
    ("small", "unclassified", ("unclassified", "residential")),
)
"""Word, the class that it is drawn as, and the classes that it stands for."""
_WIDE, _HIGH = 8.0, 4.4


def class_words(lang: Lang) -> list[str]:
    """Return the classes of minutes in words, nearest first, then "no way"."""
    shown = [f"{limit:g}" for limit in MINUTE_BREAKS]
    between = [text(lang, "page.legend.between", low=low, high=high) for low, high in itertools.pairwise(shown)]
    ends = text(lang, "page.legend.up-to", high=shown[0]), text(lang, "page.legend.above", low=shown[-1])
    return [ends[0], *between, ends[1], text(lang, "page.unreachable")]


def scale_bar(fit: Fit, *, most_mm: float, letters: float, lang: Lang) -> str:
    """Return the scale bar as a picture whose units are millimetres; its length is true on paper."""
    ground_m, long = bar_of(fit, most_mm)
    size, left, high = 2.3 * letters, 2.4 * letters, 1.2 * letters
    top, bottom = size + 0.8, size + 0.8 + high
    is_long = ground_m >= 1000
    parts = []
    for k in range(4):
        looks = {"fill": "#1f2a37" if k % 2 == 0 else "#fff", "stroke": "#1f2a37", "stroke_width": 0.18}
        parts.append(element("rect", x=left + k * long / 4, y=top, width=long / 4, height=high, **looks))
    labels = [f"{ground_m * share / (1000 if is_long else 1):g}" for share in (0.0, 0.5, 1.0)]
    for k, label in enumerate(labels[:2]):
        parts.append(_letters(label, left + k * long / 2, size, size, text_anchor="middle"))
    unit = text(lang, "sheet.kilometres" if is_long else "sheet.metres")
    parts.append(_letters(f"{labels[2]} {unit}", left + long + 2.2 * letters, size, size, text_anchor="end"))
    return _picture(long + 2 * left, bottom + 0.4, *parts, class_="scale-bar", data_length_m=ground_m)


def _letters(text_: str, x: float, y: float, size: float, **looks: object) -> str:
    return element("text", words(text_), x=float(x), y=float(y), font_size=float(size), fill="#1f2a37", **looks)


def north_arrow(letters: float) -> str:
    """Return an arrow to the north."""
    size = 9.0 * letters
    half = path_of([(5, 0), (5, 9), (1.6, 11.5)], closed=True)
    other = path_of([(5, 0), (8.4, 11.5), (5, 9)], closed=True)
    ink = {"stroke": "#1f2a37", "stroke_width": 0.35, "stroke_linejoin": "round"}
    parts = (
        element("path", d=half, fill="#1f2a37", **ink),
        element("path", d=other, fill="#fff", **ink),
        element("text", "N", x=5, y=15.4, text_anchor="middle", font_size=4, font_weight=700, fill="#1f2a37"),
    )
    box = {"viewBox": "0 -0.4 10 16.4", "width": f"{figure(size * 10 / 16.4)}mm", "height": f"{figure(size)}mm"}
    return element("svg", *parts, xmlns="http://www.w3.org/2000/svg", role="img", class_="north", **box)


def legend_rows(spec: MapSpec, *, service: str, letters: float, lang: Lang) -> list[tuple[str, str]]:
    """Return picture and words of every mark that the map may show, places' classes first."""
    rows = _change_rows(spec, letters, lang) if spec.changed else _minute_rows(spec, letters, lang)
    planned = text(lang, "page.legend.planned", service=service)
    rows.append((_row(symbol_at(4, 2.2, 4.6, spec.symbol), letters), planned))
    if spec.gone:
        gone = difference.hollow_at(4, 2.2, 4.6, spec.symbol)
        rows.append((_row(gone, letters), text(lang, "sheet.legend.gone", service=service)))
    return [*rows, *_ground_rows(spec, letters, lang)]


def _minute_rows(spec: MapSpec, letters: float, lang: Lang) -> list[tuple[str, str]]:
    reached = {layers.class_of(one.seconds) for one in spec.places}
    labels = class_words(lang)
    shown = [k for k in range(len(labels)) if k < len(MINUTE_COLOURS) or k in reached]
    return [(_row(layers.dot(4, 2.2, 1.5, k), letters), labels[k]) for k in shown]


def _change_rows(spec: MapSpec, letters: float, lang: Lang) -> list[tuple[str, str]]:
    """Return what marks of gains and losses mean: the usual classes always, the others where the map has them."""
    found = {difference.change_of(one) for one in spec.changed}
    shown = [one for one in difference.CLASSES if one in found or one not in difference.RARE]
    return [(_row(difference.mark(4, 2.2, 1.5, one), letters), change_words(one, lang)) for one in shown]


def change_words(change: difference.Change, lang: Lang) -> str:
    """Return a class of gain or loss in words."""
    if change.step is None:
        same = change.way == "same"
        params = {"minutes": f"{CHANGE_BREAKS[0]:g}"} if same else {}
        return text(lang, "comparing.legend-same" if same else f"comparing.change.{change.way}", **params)
    limits = [f"{limit:g}" for limit in CHANGE_BREAKS]
    low, last = limits[change.step], change.step + 1 == len(limits)
    above = text(lang, "page.legend.above", low=low)
    minutes = above if last else text(lang, "page.legend.between", low=low, high=limits[change.step + 1])
    return text(lang, f"comparing.legend-{'gain' if change.way == 'gain' else 'loss'}", minutes=minutes)


def _ground_rows(spec: MapSpec, letters: float, lang: Lang) -> list[tuple[str, str]]:
    ground, rows = spec.ground, []
    kinds = {kind for kind, _ in spec.changes}
    for kind, colour, dash in (("closed", layers.CLOSED, "0.9 0.7"), ("built", layers.NEW, None)):
        if kind in kinds:
            rows.append((_line(colour, 1.1, letters, dash), text(lang, f"sheet.legend.{kind}")))
    for word, name, meant in _ROADS:
        if set(meant) & set(ground.roads or ()):
            edge = _line(layers.CASING, layers.road_width(name) + 0.22, None) if name in layers.CASED else ""
            drawn = edge + _line(ROAD_STYLES[name][0], layers.road_width(name), None)
            rows.append((_row(drawn, letters), text(lang, f"sheet.legend.road-{word}")))
    if ground.rivers:
        rows.append((_line(layers.WATER, 0.5, letters), text(lang, "page.layer.rivers")))
    if ground.townships:
        rows.append((_line(layers.BORDER, 0.28, letters, "1.6 0.6 0.4 0.6"), text(lang, "page.layer.townships")))
    if ground.outline is not None:
        rows.append((_line(layers.EDGE, 0.55, letters), text(lang, "page.layer.county")))
    return rows


def _line(colour: str, width: float, letters: float | None, dash: str | None = None) -> str:
    drawn = element(
        "line", x1=0.3, x2=7.7, y1=2.2, y2=2.2, stroke=colour, stroke_width=float(width), stroke_dasharray=dash
    )
    return drawn if letters is None else _row(drawn, letters)


def _row(drawn: str, letters: float) -> str:
    box = {"width": f"{figure(_WIDE * letters)}mm", "height": f"{figure(_HIGH * letters)}mm"}
    return element(
        "svg", drawn, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_WIDE:g} {_HIGH:g}", aria_hidden="true", **box
    )


def _picture(width: float, height: float, *parts: str, **attributes: object) -> str:
    return element(
        "svg", *parts, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {figure(width)} {figure(height)}",
        width=f"{figure(width)}mm", height=f"{figure(height)}mm", role="img", **attributes,
    )  # fmt: skip


def scale_words(fit: Fit) -> str:
    """Return the scale as 1:N."""
    return f"1:{told(fit.denominator)}"
