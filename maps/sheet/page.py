"""The printed sheet as a page: one sheet of paper, with a bar above it that is not printed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import partial
from typing import Any

from markupsafe import Markup

from maps import catalogue
from maps.catalogue import Lang
from maps.charts import Chart, chart
from maps.pages import Page, environment
from maps.sheet import legend
from maps.sheet.layout import FEW_SITES, GAP_MM, LEFT_ROWS, PAPERS, SIDE_MM, Layout, chart_units, columns_of
from maps.sheet.map_svg import DrawnMap, draw_map, extent_of
from maps.sheet.spec import Paper, Sheet

SHEET_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_NARROW = 270.0
_ROW_HIGH = 15.0
_CHART_HIGH = 0.78
"""Height of a chart beside its width."""


def render_sheet(sheet: Sheet, *, paper: Paper, lang: Lang, links: Mapping[str, str]) -> Page:
    """Return a sheet as a page and its content security policy.

    Parameters
    ----------
    sheet
    paper
        Landscape.
    lang
    links
        Addresses of the same sheet on the other ``paper`` and in the other ``lang``.
    """
    layout = PAPERS[paper]
    west, south, east, north = extent_of(sheet.map)
    map_mm = layout.map_width(max(east - west, 1.0) / max(north - south, 1.0))
    drawn = draw_map(sheet.map, width_mm=map_mm, height_mm=layout.map_height, letters=layout.letters, lang=lang)
    sites = columns_of(sheet.sites)
    html = (
        environment()
        .get_template("sheet.html")
        .render(
            lang=lang,
            t=partial(catalogue.text, lang),
            sheet=sheet,
            paper=paper,
            links=links,
            sites=sites,
            left_rows=sheet.left.rows[:LEFT_ROWS],
            map_svg=_ready(drawn.svg),
            unnamed=drawn.unnamed,
            chart_svg=_ready(_chart(sheet.chart, sites.side_mm, layout, lang)),
            second_svg=_second(sheet, layout.panel_width(map_mm), layout, lang),
            **_legend(sheet, drawn, layout, lang),
        )
    )
    return Page(html, SHEET_POLICY)


def _chart(spec: Chart, side_mm: float, layout: Layout, lang: Lang) -> str:
    width = chart_units(side_mm * layout.letters, layout.letters)
    if width < _NARROW:  # names of classes stand better beside bars than below them
        spec = dataclasses.replace(spec, kind="rows", x=spec.y, y=spec.x)
    return chart(dataclasses.replace(spec, width=width, height=_CHART_HIGH * width), lang=lang)


def _second(sheet: Sheet, panel_mm: float, layout: Layout, lang: Lang) -> Markup | None:
    """Return the second chart beside few sites: as high as its categories need."""
    if sheet.second is None or len(sheet.sites.rows) > FEW_SITES:
        return None
    width = chart_units(panel_mm - (SIDE_MM + GAP_MM) * layout.letters, layout.letters)
    height = _ROW_HIGH * len(sheet.second.categories) + 70
    return _ready(chart(dataclasses.replace(sheet.second, width=width, height=height), lang=lang))


def _legend(sheet: Sheet, drawn: DrawnMap, layout: Layout, lang: Lang) -> dict[str, Any]:
    letters = layout.letters
    rows = legend.legend_rows(sheet.map, service=sheet.service, letters=letters, lang=lang)
    bar = legend.scale_bar(drawn.fit, most_mm=27.0 * letters, letters=letters, lang=lang)
    return {
        "legend_rows": [(_ready(picture), words) for picture, words in rows],
        "scale_bar": _ready(bar),
        "scale": legend.scale_words(drawn.fit),
        "north": _ready(legend.north_arrow(letters)),
    }


def _ready(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - drawn by this program, every word in it escaped
