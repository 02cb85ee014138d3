"""The base map in a real browser: names that never meet, tiles that are kept, a zoom that ends where the data do."""

import json
import urllib.request
from itertools import combinations

import pytest
from core_page import core_page

from maps.theme import theme

pytestmark = pytest.mark.browser
SIZE = (1200, 800)
VIEWS = [
    None,
    (116.87, 37.19, 12),
    (116.87, 37.19, 13.25),
    (116.87, 37.19, 14),
    (116.95, 37.45, 15),
    (116.87, 37.19, 16),
]
OPEN = """async ({ look, size, symbols }) => {
  document.getElementById("page-data").textContent = JSON.stringify({ theme: look });
  const { groundLayer, loadGround, viewLimits } = await import("/static/js/core/ground.js");
  const { placeLabels } = await import("/static/js/core/labels.js");
  const main = document.querySelector("main");
  Object.assign(main.style, { position: "fixed", left: 0, top: 0, width: `${size[0]}px`, height: `${size[1]}px` });
  const ground = await loadGround(async (path) => (await fetch(path)).json());
  const map = L.map(main, { zoomSnap: 0.25, zoomControl: false, attributionControl: false });
  const [west, south, east, north] = ground.extent;
  map.fitBounds([[south, west], [north, east]], { animate: false });
  viewLimits(map, ground);
  const layer = groundLayer(ground).addTo(map);
  const at = ({ x, y }) => {
    const [half, scale] = [20037508.342789244, 256 * 2 ** map.getZoom() / 40075016.68557849];
    const world = [half + ground.origin[0] + x * ground.unit, half - ground.origin[1] + y * ground.unit];
    return map.unproject([world[0] * scale, world[1] * scale]);
  };
  const seen = symbols ? ground.names.villages.filter((_, rank) => rank % 20 === 0) : [];
  const boxes = () => seen.map((place) => {
    const { x, y } = map.latLngToContainerPoint(at(place));
    return { x: x - 12, y: y - 12, width: 24, height: 24 };
  });
  const labels = placeLabels(map, ground, { symbols: boxes });
  Object.assign(window, { at, map, layer, ground, labels, symbols: boxes });
}"""
DRAWN = "() => layer.isLoading() === false && !layer.waiting.length"
BOXES = """(view) => {
  if (view) map.setView([view[1], view[0]], view[2], { animate: false });
  labels.refresh();
  return { boxes: labels.boxes(), symbols: symbols() };
}"""
PIXEL = """([x, y]) => {
  for (const { el, coords } of Object.values(layer._tiles)) {
    const box = el.getBoundingClientRect();
    if (coords.z !== map.getZoom() || x < box.left || y < box.top || x >= box.right || y >= box.bottom) continue;
    const scale = el.width / box.width;
    return [...el.getContext("2d").getImageData((x - box.left) * scale, (y - box.top) * scale, 1, 1).data].slice(0, 3);
  }
  return null;
}"""
ON_RIVER = """() => {
  const { xy: [x, y] } = ground.rivers[Math.floor(ground.rivers.length / 2)];
  map.setView(at({ x, y }), map.getZoom(), { animate: false });
}"""
SEEN = "() => ground.names.villages.filter((place) => map.getBounds().contains(at(place))).length"


@pytest.fixture(scope="module")
def sent(planner_url):
    with urllib.request.urlopen(f"{planner_url}/api/ground") as answer:
        return answer.read()


@pytest.fixture
def opened(browser, sent):
    pages = []

    def open_map(content=sent, symbols=True):
        page = core_page(browser, {"/api/ground": content})
        pages.append(page)
        page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
        page.add_style_tag(url="/static/vendor/leaflet/leaflet.css")
        page.add_script_tag(url="/static/vendor/leaflet/leaflet.js")
        page.evaluate(OPEN, {"look": theme(), "size": SIZE, "symbols": symbols})
        page.wait_for_function(DRAWN)
        return page

    yield open_map
    for page in pages:
        page.close()


def overlap(one, other):
    return all(
        one[start] < other[start] + other[extent] and other[start] < one[start] + one[extent]
        for start, extent in (("x", "width"), ("y", "height"))
    )


def hexadecimal(pixel):
    return "#" + "".join(f"{channel:02x}" for channel in pixel)


@pytest.mark.parametrize("view", VIEWS)
def test_no_name_lies_on_another_or_on_a_symbol_and_none_is_cut_off(opened, view):
    told = opened().evaluate(BOXES, view)
    boxes, symbols = told["boxes"], told["symbols"]
    kinds = {box["kind"] for box in boxes}
    assert len({box["label"] for box in boxes}) >= 10
    assert "villages" in kinds
    for one, other in combinations(boxes, 2):
        assert one["label"] == other["label"] or not overlap(one, other), (one, other)
    for box in boxes:
        assert not any(overlap(box, symbol) for symbol in symbols), box
        assert min(box["x"], box["y"]) >= 0
        assert box["x"] + box["width"] <= SIZE[0]
        assert box["y"] + box["height"] <= SIZE[1]


def test_townships_are_named_first_and_villages_by_size_as_one_comes_nearer(opened):
    page = opened(symbols=False)
    by_size = page.evaluate("() => ground.names.villages.map(({ text }) => text)")
    shares = []
    for view in (VIEWS[0], VIEWS[1], VIEWS[3]):
        boxes = page.evaluate(BOXES, view)["boxes"]
        named = [box["text"] for box in boxes if box["kind"] == "villages"]
        if view is None:
            assert len({box["text"] for box in boxes if box["kind"] == "townships"}) == 12
            assert set(named) <= set(by_size[:60])
        shares.append(len(named) / page.evaluate(SEEN))
    assert shares[0] < 0.05 < shares[1] < 0.9 < shares[2]


def test_panning_asks_the_server_nothing_and_the_way_back_draws_nothing(opened):
    page = opened()
    page.evaluate("() => map.setView([37.19, 116.87], 14, { animate: false })")
    page.wait_for_function(DRAWN)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    before = page.evaluate("() => layer.drawn")
    for step in ([900, 300], [-900, -300]):
        page.evaluate("(step) => map.panBy(step, { animate: false })", step)
        page.wait_for_function(DRAWN)
        if step[0] > 0:
            there = page.evaluate("() => layer.drawn")
    assert there > before
    assert page.evaluate("() => layer.drawn") == there
    assert asked == []


def test_the_zoom_ends_where_the_data_end_and_the_county_does_not_become_a_stamp(opened):
    page = opened()
    page.evaluate("() => map.setZoom(19, { animate: false })")
    assert page.evaluate("() => map.getZoom()") == 16
    page.evaluate("() => map.setZoom(1, { animate: false })")
    least = page.evaluate("() => map.getZoom()")
    fitting = "() => map.getBoundsZoom([[ground.extent[1], ground.extent[0]], [ground.extent[3], ground.extent[2]]])"
    assert least == pytest.approx(page.evaluate(fitting), abs=0.5)


@pytest.mark.parametrize("zoom", [11.25, 14])
def test_a_river_is_drawn_where_it_runs_until_it_is_switched_off(opened, zoom):
    page = opened(symbols=False)
    page.evaluate("(zoom) => map.setZoom(zoom, { animate: false })", zoom)
    page.evaluate(ON_RIVER)
    page.wait_for_function(DRAWN)
    middle = [SIZE[0] / 2, SIZE[1] / 2]
    look = theme()["ground"]
    assert hexadecimal(page.evaluate(PIXEL, middle)) == look["rivers"]["colour"]
    page.evaluate("() => layer.show('rivers', false)")
    page.wait_for_function(DRAWN)
    assert hexadecimal(page.evaluate(PIXEL, middle)) == look["land"]


def test_a_county_without_outline_townships_rivers_or_names_is_a_map_too(opened, sent):
    bare = json.loads(sent)
    for part in ("county", "townships", "settlements", "rivers"):
        bare[part] = []
    bare["names"] |= {"townships": [], "roads": [], "rivers": [], "villages": []}
    page = opened(json.dumps(bare).encode(), symbols=False)
    assert page.evaluate(BOXES, VIEWS[3])["boxes"] == []
    page.wait_for_function(DRAWN)
    assert page.evaluate("() => layer.drawn") > 0
    assert hexadecimal(page.evaluate(PIXEL, [3, 3])) == theme()["ground"]["land"]
