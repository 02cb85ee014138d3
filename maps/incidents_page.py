"""The page of reports: what happened and where; who goes there, by which way and until when."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from markupsafe import Markup

from maps.assets import STATIC
from maps.base_map import LEAFLET_CSS, LEAFLET_JS, Extent, Tiles, build_map, map_parts
from maps.bundle import bundle
from maps.catalogue import Lang, text
from maps.office_page import Visitor
from maps.pages import NamedScript, Page, address_of, embed, map_policy, named_script, page_data, render, text_script
from planning.incidents.categories import CATEGORIES

CASE_ROOMS = ("/desk", "/worker")
"""Pages on which a case that was reported is dealt with."""


def render_incidents(
    info: Mapping[str, Any],
    *,
    category_names: Mapping[str, Mapping[str, str]] | None = None,
    lang: Lang = "zh",
    extent: Extent | None = None,
    tiles: Tiles | None = None,
    visitor: Visitor | None = None,
) -> Page:
    """Return the page of reports and the content security policy to send with it.

    Parameters
    ----------
    info, extent, tiles
        As for :func:`maps.plan_page.render_plan`.
    category_names
        Kind of incident → language → name; the catalogue's names if not given.
    lang
    visitor
        Whose menu the header carries, and whether reports may be listed; nobody's by default.
    """
    rooms = visitor.rooms if visitor else ()
    named = {code: names[lang] for code, names in (category_names or {}).items()}
    told = {
        "categories": {code: named.get(code) or text(lang, f"incident.category.{code}") for code in CATEGORIES},
        "mayList": visitor is None or visitor.lists_incidents,
        "caseRoom": next((room.href for room in rooms if room.href in CASE_ROOMS), None),
    }
    parts = map_parts(build_map("incidents", extent=extent, tiles=tiles))
    html = render(
        "incidents.html",
        info=info,
        lang=lang,
        page_data=embed({**page_data(info, lang=lang), **told}),
        texts=address_of(text_script(lang)),
        map_html=Markup(parts.html),  # noqa: S704 - made by folium from our own name
        map_script=Markup(parts.script),  # noqa: S704 - made by folium from our own options
        start=address_of(incident_script()),
        leaflet_js=LEAFLET_JS,
        leaflet_css=LEAFLET_CSS,
        visitor=visitor,
    )
    return Page(html, map_policy(parts.script, hosts=(tiles or Tiles()).hosts))


@cache
def incident_script() -> NamedScript:
    """Return the page's own script."""
    js = STATIC / "js"
    return named_script("incidents", bundle(js / "incidents" / "page.js", root=js))
