"""The comparison: schemes beside each other on one page, for whoever has to defend the choice."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from maps.assets import STATIC
from maps.base_map import LEAFLET_CSS, LEAFLET_JS
from maps.bundle import bundle, modules_of
from maps.catalogue import Lang
from maps.office_page import Visitor
from maps.pages import NamedScript, Page, address_of, embed, map_policy, named_script, page_data, render, text_script


def render_compare(
    info: Mapping[str, Any],
    *,
    services: Sequence[Mapping[str, Any]],
    lang: Lang = "zh",
    visitor: Visitor | None = None,
) -> Page:
    """Return the comparison and the content security policy to send with it.

    Parameters
    ----------
    info, services, visitor
        As for :func:`maps.plan_page.render_plan`.
    lang
    """
    data = {
        **page_data(info, lang=lang, services=services),
        "publishes": visitor is None or visitor.publishes,
        "scripts": {"studies": address_of(compare_scripts()["studies"])},
    }
    html = render(
        "compare.html",
        info=info,
        lang=lang,
        page_data=embed(data),
        texts=address_of(text_script(lang)),
        start=address_of(compare_scripts()["start"]),
        leaflet_js=LEAFLET_JS,
        leaflet_css=LEAFLET_CSS,
        visitor=visitor,
    )
    return Page(html, map_policy())


@cache
def compare_scripts() -> dict[str, NamedScript]:
    """Return the page's own scripts: what it starts with, and the studies, which come when the first is wanted."""
    js = STATIC / "js"
    start = bundle(js / "compare" / "page.js", root=js)
    studies = bundle(js / "compare" / "studies.js", root=js, without=modules_of(start))
    return {"start": named_script("compare", start), "studies": named_script("compare-studies", studies)}
