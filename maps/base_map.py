"""The Leaflet map that folium builds, with every asset from our own server.

A plain folium map loads ten files from CDNs and the OSM tiles, and is blank on a government intranet. OfflineMap
asks for Leaflet only, from ``/static/vendor``. Outside tiles come only when the operator chooses them.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import folium
from branca.element import MacroElement
from folium.template import Template

Extent = tuple[float, float, float, float]
LEAFLET_JS = "/static/vendor/leaflet/leaflet.js"
LEAFLET_CSS = "/static/vendor/leaflet/leaflet.css"
EMPTY_EXTENT: Extent = (73.5, 18.2, 135.1, 53.6)  # China; a county's page jumps to its own layers
MAX_ZOOM = 18


@dataclass(frozen=True)
class Tiles:
    """A background from outside: `kind` "none" (default), "osm", or "tianditu" with the operator's own key."""

    kind: Literal["none", "osm", "tianditu"] = "none"
    tianditu_key: str = ""

    def __post_init__(self) -> None:
        """Refuse Tianditu without a key: its server would answer every tile with an error."""
        if self.kind == "tianditu" and not self.tianditu_key:
            raise ValueError("Tianditu tiles need a key")

    @property
    def sources(self) -> tuple[tuple[str, str, str], ...]:
        """(address template, subdomains, attribution) of each tile layer, lowest first."""
        if self.kind == "osm":
            attribution = "© OpenStreetMap contributors (ODbL)"
            return (("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "", attribution),)
        if self.kind == "tianditu":
            return tuple((self._tianditu(layer), "01234567", "天地图 © 自然资源部") for layer in ("vec", "cva"))
        return ()

    @property
    def hosts(self) -> tuple[str, ...]:
        """Hosts that the page may load pictures from, as a content security policy writes them."""
        return {"none": (), "osm": ("https://tile.openstreetmap.org",), "tianditu": ("https://*.tianditu.gov.cn",)}[
            self.kind
        ]

    def _tianditu(self, layer: str) -> str:
        return (
            f"https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
            f"&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
            f"&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={self.tianditu_key}"
        )


class OfflineMap(folium.Map):  # type: ignore[misc]  # folium has no types
    """A folium map that needs Leaflet and nothing else, from our own server."""

    # Class-level on purpose: folium's own lists hold the CDN addresses.
    default_js: ClassVar[list[tuple[str, str]]] = [("leaflet", LEAFLET_JS)]
    default_css: ClassVar[list[tuple[str, str]]] = [("leaflet_css", LEAFLET_CSS)]


class MapHandle(MacroElement):  # type: ignore[misc]  # branca has no types
    """Put the map where the page's modules find it: ``window.countyMaps[name]``; set attribution and scale."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            (window.countyMaps = window.countyMaps || {})[{{ this.map_name|tojson }}] = {{ this._parent.get_name() }};
            if ({{ this._parent.get_name() }}.attributionControl)
                {{ this._parent.get_name() }}.attributionControl.setPrefix(false);
            L.control.scale({metric: true, imperial: false, maxWidth: 140})
                .addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """)

    def __init__(self, map_name: str) -> None:
        super().__init__()
        self.map_name = map_name


@dataclass(frozen=True)
class MapParts:
    """What a page needs of a built map: its element and its script (without the script tags)."""

    html: str
    script: str


def build_map(name: str, *, extent: Extent | None = None, tiles: Tiles | None = None) -> OfflineMap:
    """Build the map `name` over `extent` (west, south, east, north in degrees).

    Vector layers are drawn on canvas; there are no tiles unless `tiles` asks for them.
    """
    west, south, east, north = extent or EMPTY_EXTENT
    built = OfflineMap(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        prefer_canvas=True,
        zoom_control="topright",
        zoom_snap=0.25,
        zoom_start=1,  # so far off that Leaflet jumps to the extent: an animation would undo our own fit at its end
    )
    built.options["max_zoom"] = MAX_ZOOM  # folium hands its own max_zoom to the tiles only
    # folium draws random ids; fixed ones make the page the same each time, so that it can be cached and compared.
    built._name, built._id = name, "map"
    for place, (address, subdomains, credit) in enumerate((tiles or Tiles()).sources):
        layer = folium.TileLayer(
            address,
            attr=credit,
            subdomains=subdomains or "abc",
            max_zoom=MAX_ZOOM,
            referrer_policy="strict-origin-when-cross-origin",  # both ask who calls; our pages tell no other site
        )
        layer._id = f"{name}_{place}"
        layer.add_to(built)
    built.fit_bounds([[south, west], [north, east]])
    MapHandle(name).add_to(built)
    return built


def map_parts(built: OfflineMap) -> MapParts:
    """Render `built` into its element and its script, to be placed by our own page template."""
    root = built.get_root()
    root.render()
    return MapParts(html=root.html.render(), script=root.script.render())
