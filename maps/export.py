"""One self-contained HTML file of a county and its plans, that opens from a USB stick without any network."""

import base64
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
from markupsafe import Markup

from maps.assets import STATIC, VENDOR
from maps.base_map import Extent, build_map, map_parts
from maps.bundle import bundle
from maps.catalogue import Lang
from maps.features import feature_collection, merge_roads
from maps.pages import digests, embed, page_data, render, text_script

DECIMALS = 5  # about a metre
PEOPLE = ("resident", "registered", "age_60_plus")
# What the viewer draws of each layer; anything else (a roster with names, say) never enters the file.
COLUMNS: dict[str, tuple[str, ...]] = {
    "county": ("name",),
    "townships": ("name",),
    "villages": ("name", "township_id", "community", *PEOPLE),
    "neighbourhoods": ("name", "township_id", "community", *PEOPLE),
    "roads": ("road_class", "bridge"),
    "rivers": ("name",),
    "facilities": ("name", "kind", "township_id", "capacity", "floor_area_m2"),
    "cells": ("name",),
}


def render_export(
    county: Mapping[str, Any],
    layers: Mapping[str, gpd.GeoDataFrame],
    plans: Sequence[Mapping[str, Any]],
    *,
    lang: Lang = "zh",
) -> str:
    """Return the HTML of the file.

    Parameters
    ----------
    county
        What ``countygrid info --json`` gives: county, layers with their reconstructed fields, version.
    layers
        Layer frames in lon/lat. Villages and roads are enough; village streets are left out, and so is every layer
        that the viewer does not draw.
    plans
        Plans as ``GET /api/plans/{id}`` gives them in ``result``; the first one is shown.
    lang
        Language of the file.
    """
    carried = {name: layer_features(name, layers[name]) for name in COLUMNS if name in layers}
    parts = map_parts(build_map("planner", extent=joint_extent(layers)))
    scripts = (leaflet_script(), parts.script, text_script(lang).script + "\n" + bundle(STATIC / "js" / "viewer.js"))
    styles = leaflet_styles() + (STATIC / "css" / "planner.css").read_text(encoding="utf-8")
    # A county's file lists only the layers that it carries, so that the page offers no switch without a layer.
    info = {**county, "layers": {name: about for name, about in county["layers"].items() if name in carried}}
    return render(
        "export.html",
        info=info,
        lang=lang,
        policy=f"default-src 'none'; script-src {digests(*scripts)}; style-src {digests(styles)}; img-src data:",
        page_data=embed(page_data(info, lang=lang)),
        county_data=embed({"layers": carried, "plans": list(plans)}),
        styles=Markup(styles),  # noqa: S704 - our own files, as are the scripts below
        map_html=Markup(parts.html),  # noqa: S704
        leaflet_script=Markup(scripts[0]),  # noqa: S704
        map_script=Markup(scripts[1]),  # noqa: S704
        viewer_script=Markup(scripts[2]),  # noqa: S704
        measures=("plan", "people", "none") if plans else ("people", "none"),
        exported=True,
    )


def layer_features(name: str, frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the layer as the viewer draws it: few columns, coordinates of about a metre, roads merged by class."""
    drawn = merge_roads(frame) if name == "roads" else frame
    return feature_collection(drawn, columns=COLUMNS[name], decimals=DECIMALS)


def joint_extent(layers: Mapping[str, gpd.GeoDataFrame]) -> Extent:
    """Return west, south, east, north of the county, or of its villages where the outline is not known."""
    west, south, east, north = layers["county" if "county" in layers else "villages"].total_bounds
    return float(west), float(south), float(east), float(north)


def leaflet_script() -> str:
    """Return Leaflet without the address of its source map, which would be asked for beside the file."""
    script = (VENDOR / "leaflet" / "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=\S*", "", script)


def leaflet_styles() -> str:
    """Return Leaflet's styles with their pictures inside."""
    sheet = VENDOR / "leaflet" / "leaflet.css"
    return re.sub(
        r"url\((images/[^)]+\.png)\)",
        lambda match: f"url({data_uri(sheet.parent / match[1])})",
        sheet.read_text(encoding="utf-8"),
    )


def data_uri(picture: Path) -> str:
    """Return a PNG file as an address that holds the picture itself."""
    return "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode()
