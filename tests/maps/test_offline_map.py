"""The map that folium builds asks nobody outside, unless the operator chose tiles."""

import re

import pytest

from maps.base_map import OfflineMap, Tiles, build_map, map_parts

OUTSIDE = re.compile(r"(?:https?:)?//[\w.-]+\.\w+")
LINYI = (116.69, 37.0, 117.06, 37.53)


def test_a_whole_page_by_folium_names_no_other_host():
    html = build_map("plan", extent=LINYI).get_root().render()
    assert OUTSIDE.findall(html) == []
    assert "/static/vendor/leaflet/leaflet.js" in html


@pytest.mark.parametrize("library", ["jquery", "bootstrap", "font-awesome", "glyphicons", "awesome-markers"])
def test_nothing_but_leaflet_is_asked_for(library):
    names = " ".join(address for _, address in (*OfflineMap.default_js, *OfflineMap.default_css))
    assert library not in names


def test_the_same_map_is_the_same_text():
    first, second = (map_parts(build_map("plan", extent=LINYI)) for _ in range(2))
    assert first == second


def test_modules_find_the_map_by_name_with_a_metric_scale():
    script = map_parts(build_map("plan", extent=LINYI)).script
    assert '["plan"] = plan_map' in script
    assert "metric: true, imperial: false" in script
    assert "setPrefix(false)" in script
    assert '"preferCanvas": true' in script
    assert '"maxZoom": 18' in script


def test_osm_tiles_come_with_their_credit():
    script = map_parts(build_map("plan", tiles=Tiles("osm"))).script
    assert OUTSIDE.findall(script) == ["https://tile.openstreetmap.org"]
    assert "OpenStreetMap contributors" in script


def test_tianditu_takes_the_operators_key():
    script = map_parts(build_map("plan", tiles=Tiles("tianditu", tianditu_key="k-1"))).script
    assert script.count("tk=k-1") == 2
    with pytest.raises(ValueError, match="key"):
        Tiles("tianditu")
