"""A document as one HTML file that opens from a USB stick with the cable pulled: words and tables, and a live map.

Its map is the workbench's own: ground, names, villages and sites are drawn by the very modules of the page.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from markupsafe import Markup

from maps.assets import STATIC, VENDOR
from maps.base_map import Extent, build_map, map_parts
from maps.bundle import bundle
from maps.catalogue import messages, text
from maps.document.blocks import Document
from maps.pages import digests, embed, environment, page_data

MEDIA_TYPE = "text/html; charset=utf-8"
_TEXTS = (
    *("comparing.change.", "comparing.legend", "document.", "page.legend.", "page.minutes", "page.people"),
    *("page.credit", "page.service.", "page.un", "plan.site-title", "sheet.legend."),
)
"""What the map says; everything else is in the document."""
DRAWN = ("county", "townships", "villages", "neighbourhoods", "roads", "rivers", "facilities")
"""Layers that the map is drawn from, whose licences it tells; of others, such as a roster, nothing enters the file."""


@dataclass(frozen=True)
class MapSite:
    """A site on the map, with its number in the table."""

    id: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class MapView:
    """What the map can show.

    Parameters
    ----------
    name
        Code of the section that it belongs to.
    title
    service
        Its code: the symbol of its sites.
    limit_s
        Places beyond it stand out.
    seconds
        Of each place to its site; ``None`` where no site serves it.
    before
        Of each place in the scheme that it is held against; empty where the minutes themselves are shown.
    sites
    gone
        Sites of the scheme before that are not among them.
    """

    name: str
    title: str
    service: str
    limit_s: int
    seconds: Sequence[int | None]
    sites: Sequence[MapSite]
    before: Sequence[int | None] = ()
    gone: Sequence[MapSite] = ()


@dataclass(frozen=True)
class MapPlaces:
    """Places column by column."""

    ids: Sequence[str]
    names: Sequence[str]
    townships: Sequence[str | None]
    lon: Sequence[float]
    lat: Sequence[float]
    people: Sequence[int]


@dataclass(frozen=True, eq=False)
class LiveMap:
    """What the map of the file is drawn from.

    Parameters
    ----------
    places, views
    ground
        As ``GET /api/ground`` tells it.
    extent
        West, south, east, north in degrees.
    info
        As ``countygrid info --json`` tells the county.
    services
        As pages with a map are told them.
    """

    places: MapPlaces
    views: Sequence[MapView]
    ground: Mapping[str, Any]
    extent: Extent
    info: Mapping[str, Any]
    services: Sequence[Mapping[str, Any]]


def html_of(document: Document, live: LiveMap) -> str:
    """Return a document as the text of an HTML file that asks for nothing outside of it.

    Parameters
    ----------
    document
    live
    """
    parts = map_parts(build_map("document", extent=live.extent))
    lang = document.lang
    texts = f"window.countyTexts = {embed(messages(lang, prefixes=_TEXTS))};"
    script = texts + "\n" + bundle(STATIC / "js" / "document" / "page.js", root=STATIC / "js")
    scripts = (leaflet_script(), parts.script, script)
    styles = leaflet_styles() + (STATIC / "css" / "document.css").read_text(encoding="utf-8")
    licences = {name: {"licence": about.get("licence")} for name, about in live.info["layers"].items() if name in DRAWN}
    info = {**{name: live.info[name] for name in ("county", "version")}, "layers": licences}
    template = environment().get_template("document/page.html")
    return template.render(
        document=document,
        lang=lang,
        t=lambda key, **params: text(lang, key, **params),
        views={view.name: view.title for view in live.views},
        picture_uri=lambda picture: data_uri(picture.svg.encode(), "image/svg+xml"),
        policy=f"default-src 'none'; script-src {digests(*scripts)}; style-src {digests(styles)}; img-src data:",
        page_data=embed(page_data(info, lang=lang, services=live.services)),
        map_data=embed(_told(live)),
        styles=Markup(styles),  # noqa: S704 - our own files, as are the scripts below
        map_html=Markup(parts.html),  # noqa: S704
        scripts=[Markup(one) for one in scripts],  # noqa: S704
    )


def _told(live: LiveMap) -> dict[str, Any]:
    return {"places": asdict(live.places), "views": [asdict(view) for view in live.views], "ground": live.ground}


def leaflet_script() -> str:
    """Return Leaflet without the address of its source map, which would be asked for beside the file."""
    script = (VENDOR / "leaflet" / "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=\S*", "", script)


def leaflet_styles() -> str:
    """Return Leaflet's styles with their pictures inside."""
    sheet = VENDOR / "leaflet" / "leaflet.css"
    return re.sub(
        r"url\((images/[^)]+\.png)\)",
        lambda match: f"url({data_uri((sheet.parent / match[1]).read_bytes(), 'image/png')})",
        sheet.read_text(encoding="utf-8"),
    )


def data_uri(content: bytes, media_type: str) -> str:
    """Return a picture as an address that holds the picture itself."""
    return f"data:{media_type};base64," + base64.b64encode(content).decode()
