"""The planner page: light HTML first, data by fetch afterwards."""

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup

from gis.travel_modes import MODES
from maps.assets import STATIC
from maps.base_map import LEAFLET_CSS, LEAFLET_JS, Extent, Tiles, build_map, map_parts
from maps.catalogue import Lang, text
from maps.office_page import PLANNER_TABS, Visitor
from maps.pages import Page, digests, embed, page_data, render, text_script
from maps.theme import STATUS_SYMBOLS
from planning.incidents.categories import CATEGORIES
from planning.scenario.question import FIELDS

BASES = ("resident", "registered")
MEASURES = ("plan", "township", "people", "none")


def render_planner(
    info: Mapping[str, Any],
    *,
    services: Sequence[Mapping[str, Any]],
    category_names: Mapping[str, Mapping[str, str]] | None = None,
    lang: Lang = "zh",
    extent: Extent | None = None,
    tiles: Tiles | None = None,
    visitor: Visitor | None = None,
) -> Page:
    """Return the planner page and the content security policy to send with it.

    Parameters
    ----------
    info
        What ``countygrid info --json`` gives: county, layers with their reconstructed fields, version.
    services
        What can be sited, the first one shown first: ``name``, ``models`` (``name``, ``needs``, ``takes``: the
        options that a model must and may have), ``defaults`` (model, p, limit_minutes, mode, base, opening_yuan,
        closing_yuan, included, extension_yuan), ``bases`` (field -> code of ``planning.basis``) and ``rooms``
        (rows of the room table, empty without one: ``room``, ``basis`` and its figures in m²).
    category_names
        Kind of incident → language → name; the catalogue's names if not given.
    extent
        West, south, east, north in degrees: where the map stands before its layers arrive.
    tiles
        Background from outside; none by default.
    visitor
        Whose menu the header carries; none by default.
    """
    named = {code: names[lang] for code, names in (category_names or {}).items()}
    categories = {code: named.get(code) or text(lang, f"incident.category.{code}") for code in CATEGORIES}
    fields = {name: dataclasses.asdict(asked) for name, asked in FIELDS.items()}
    parts = map_parts(build_map("planner", extent=extent, tiles=tiles))
    html = render(
        "planner.html",
        info=info,
        lang=lang,
        page_data=embed({**page_data(info, lang=lang, services=services), "categories": categories, "fields": fields}),
        texts=f"/texts/{text_script(lang).name}",
        map_html=Markup(parts.html),  # noqa: S704 - made by folium from our own name
        map_script=Markup(parts.script),  # noqa: S704 - made by folium from our own options
        services=services,
        fields=FIELDS,
        modes=tuple(MODES),
        bases=BASES,
        categories=categories,
        measures=MEASURES,
        statuses=tuple(STATUS_SYMBOLS),
        modules=planner_modules(),
        leaflet_js=LEAFLET_JS,
        leaflet_css=LEAFLET_CSS,
        visitor=visitor,
        tabs=PLANNER_TABS if visitor is None else visitor.tabs,
        exported=False,
    )
    return Page(html, policy(parts.script, hosts=(tiles or Tiles()).hosts))


@cache
def planner_modules() -> tuple[str, ...]:
    """Names of the page's modules, so that the browser asks for all of them at once."""
    return tuple(sorted(path.stem for path in (STATIC / "js").glob("*.js") if path.stem != "viewer"))


def policy(script: str, *, hosts: Sequence[str] = ()) -> str:
    """Return the page's content security policy: our own files, one inline script, pictures of `hosts`."""
    pictures = " ".join(("'self'", "data:", *hosts))
    return (
        f"default-src 'self'; script-src 'self' {digests(script)}; img-src {pictures}; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
