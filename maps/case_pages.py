"""The pages of those who deal with cases: the worker's on a telephone, the desk's on a screen."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, get_args

from markupsafe import Markup

from maps.assets import STATIC
from maps.base_map import LEAFLET_CSS, LEAFLET_JS, Extent, Tiles, build_map, map_parts
from maps.bundle import bundle
from maps.catalogue import Lang, text
from maps.office_page import Visitor
from maps.pages import NamedScript, Page, address_of, embed, map_policy, named_script, page_data, render, text_script
from planning.incidents.categories import CATEGORIES
from planning.incidents.moves import ENDED, TRANSITIONS, Need, State

TONES = {
    "late": {"shape": "square", "colour": "#b00020", "sign": "■"},
    "soon": {"shape": "triangle", "colour": "#8a5a00", "sign": "▲"},
    "calm": {"shape": "circle", "colour": "#0b6b4b", "sign": "●"},
    "none": {"shape": "diamond", "colour": "#5b6878", "sign": "◇"},
}
"""How near a deadline is: a shape and a sign each, so that nobody needs the colour."""


def render_worker(info: Mapping[str, Any], **options: Any) -> Page:
    """Return the worker's page; its arguments are those of :func:`render_desk`."""
    return _render("worker", info, **options)


def render_desk(info: Mapping[str, Any], **options: Any) -> Page:
    """Return the desk's page and the content security policy to send with it.

    Parameters
    ----------
    info, extent, tiles
        As for :func:`maps.plan_page.render_plan`.
    category_names
        Kind of incident → language → name; the catalogue's names if not given.
    townships
        Code and name of those that somebody may choose among.
    lang
    visitor
        Whose menu the header carries.
    """
    return _render("desk", info, **options)


def _render(
    name: str,
    info: Mapping[str, Any],
    *,
    category_names: Mapping[str, Mapping[str, str]] | None = None,
    townships: Sequence[tuple[str, str]] = (),
    lang: Lang = "zh",
    extent: Extent | None = None,
    tiles: Tiles | None = None,
    visitor: Visitor | None = None,
) -> Page:
    named = {code: names[lang] for code, names in (category_names or {}).items()}
    told = {
        "categories": {code: named.get(code) or text(lang, f"incident.category.{code}") for code in CATEGORIES},
        "moves": {move: {"needs": _told(row.needs), "may": _told(row.may)} for move, row in TRANSITIONS.items()},
        "states": get_args(State),
        "ended": ENDED,
        "tones": TONES,
        "townships": townships,
    }
    parts = map_parts(build_map(name, extent=extent, tiles=tiles))
    html = render(
        "cases.html",
        info=info,
        lang=lang,
        page=name,
        page_data=embed({**page_data(info, lang=lang), **told}),
        texts=address_of(text_script(lang)),
        map_html=Markup(parts.html),  # noqa: S704 - made by folium from our own name
        map_script=Markup(parts.script),  # noqa: S704 - made by folium from our own options
        start=address_of(case_scripts()[name]),
        leaflet_js=LEAFLET_JS,
        leaflet_css=LEAFLET_CSS,
        visitor=visitor,
    )
    return Page(html, map_policy(parts.script, hosts=(tiles or Tiles()).hosts))


@cache
def case_scripts() -> dict[str, NamedScript]:
    """Return the script of each of the pages."""
    js = STATIC / "js"
    return {name: named_script(name, bundle(js / name / "page.js", root=js)) for name in ("worker", "desk")}


def _told(needs: Mapping[str, Need]) -> dict[str, dict[str, Any]]:
    return {name: {"form": need.form, "codes": need.codes} for name, need in needs.items()}
