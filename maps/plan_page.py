"""The workbench: a planner tries sites, roads and conditions, and sees at once what they mean for people."""

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup

from gis.travel_modes import MODES
from maps.assets import STATIC
from maps.base_map import LEAFLET_CSS, LEAFLET_JS, Extent, Tiles, build_map, map_parts
from maps.bundle import bundle, modules_of
from maps.catalogue import Lang
from maps.office_page import Visitor
from maps.pages import NamedScript, Page, address_of, embed, map_policy, named_script, page_data, render, text_script
from planning.scenario.edits import CHOICES, OPS
from planning.scenario.edits import FIELDS as EDIT_FIELDS
from planning.scenario.question import FIELDS, TOWNSHIP_FIELDS

BASES = ("resident", "registered")
_LATER = ("dialogs", "studies")
"""Scripts of their own, which come when somebody wants them."""


def render_plan(
    info: Mapping[str, Any],
    *,
    services: Sequence[Mapping[str, Any]],
    lang: Lang = "zh",
    extent: Extent | None = None,
    tiles: Tiles | None = None,
    visitor: Visitor | None = None,
) -> Page:
    """Return the workbench and the content security policy to send with it.

    Parameters
    ----------
    info
        What ``countygrid info --json`` gives: county, layers with their reconstructed fields, version.
    services
        What can be sited, the first one shown first: ``name``, ``label`` (as people call it), ``capacity_unit``,
        ``facility_kinds`` (kinds of facility that are the service as it stands), ``group``, ``models`` (``name``,
        ``needs``, ``takes``: the options that a model must and may have, ``counts_capacity``), ``defaults`` (model, p,
        limit_minutes, mode, base, capacity, opening_yuan, closing_yuan, included, extension_yuan), ``bases`` (field ->
        code of ``planning.basis``) and ``rooms`` (rows of the room table, empty without one: ``room``, ``basis`` and
        its figures in m²).
    lang
    extent
        West, south, east, north in degrees: where the map stands before its layers arrive.
    tiles
        Background from outside; none by default.
    visitor
        Whose menu the header carries; nobody's by default.
    """
    parts = map_parts(build_map("plan", extent=extent, tiles=tiles))
    told = {
        "fields": _told(FIELDS),
        "editFields": _told(EDIT_FIELDS),
        "editChoices": {name: list(values) for name, values in CHOICES.items()},
        "editKinds": {op: _needed(kind) for op, kind in OPS.items()},
        "townshipFields": _told(TOWNSHIP_FIELDS),
        "modes": list(MODES),
        "bases": list(BASES),
        "scripts": {name: address_of(script) for name, script in plan_scripts().items() if name != "start"},
        "account": "" if visitor is None else visitor.account,
        "isSignedIn": visitor is not None and visitor.is_signed_in,
    }
    html = render(
        "plan.html",
        info=info,
        lang=lang,
        page_data=embed({**page_data(info, lang=lang, services=services), **told}),
        texts=address_of(text_script(lang)),
        map_html=Markup(parts.html),  # noqa: S704 - made by folium from our own name
        map_script=Markup(parts.script),  # noqa: S704 - made by folium from our own options
        start=address_of(plan_scripts()["start"]),
        leaflet_js=LEAFLET_JS,
        leaflet_css=LEAFLET_CSS,
        visitor=visitor,
    )
    return Page(html, map_policy(parts.script, hosts=(tiles or Tiles()).hosts))


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: dataclasses.asdict(asked) for name, asked in fields.items()}


def _needed(kind: type[Any]) -> dict[str, bool]:
    """Return the fields of a kind of edit, and whether it needs each."""
    told = (field for field in dataclasses.fields(kind) if field.name != "op")
    return {field.name: field.default is dataclasses.MISSING for field in told}


@cache
def plan_scripts() -> dict[str, NamedScript]:
    """Return the page's own scripts: what it starts with, dialogs and studies, which come when the first is wanted."""
    js = STATIC / "js"
    start = bundle(js / "plan" / "page.js", root=js)
    there = modules_of(start)
    later = {name: bundle(js / "plan" / "views" / f"{name}.js", root=js, without=there) for name in _LATER}
    return {"start": named_script("plan", start)} | {n: named_script(f"plan-{n}", later[n]) for n in later}
