"""A planner drags a site, closes, floods and builds roads: every village follows, and every step has its link."""

import json
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect
from watched_page import READY, Watched, comes_to, drawn, saved

pytestmark = pytest.mark.browser

CONFIRMED = ".main-figures[data-source=confirmed]"
FIGURES = ("people_within_limit", "mean_s", "p95_s", "worst_s")
POINT_OF = """([lon, lat]) => {
  const point = window.countyMaps.plan.latLngToContainerPoint([lat, lon]);
  const box = document.getElementById("plan_map").getBoundingClientRect();
  return [box.x + point.x, box.y + point.y];
}"""
# Names come a moment after the map rests: a timer of the page's own, so that a longer one is over later.
ZOOM = """([zoom, lon, lat]) => new Promise((go) => {
  window.countyMaps.plan.setView([lat, lon], zoom, { animate: false });
  window.setTimeout(() => go(null), 300);
})"""
A_VILLAGE = """async () => {
  const villages = await (await fetch("/api/layers/villages")).json();
  return villages.features[0].geometry.coordinates;
}"""
A_ROAD = """async () => {
  const roads = await (await fetch("/api/layers/roads")).json();
  const lines = roads.features.filter((road) => road.properties.road_class === "primary")
    .flatMap((road) => road.geometry.type === "LineString" ? [road.geometry.coordinates] : road.geometry.coordinates);
  const line = lines.reduce((longest, one) => one.length > longest.length ? one : longest);
  const [lon, lat] = line[Math.floor(line.length / 2)];
  window.countyMaps.plan.setView([lat, lon], 13, { animate: false });
  return [lon, lat];
}"""


def opened(watched: Watched, query: str = "/plan") -> Page:
    watched.page.add_init_script("localStorage.setItem('countygrid.plan.walked', '1')")
    page = watched.open(query)
    page.wait_for_selector(CONFIRMED)
    page.wait_for_load_state("networkidle")  # what is asked for from here on is asked for by the walk
    return page


def figures(page: Page) -> list[str]:
    return [page.locator(f"#figure-{name}").inner_text() for name in FIGURES]


def content_of(page: Page) -> dict:
    """What the server has of the step that the address names."""
    query = parse_qs(urlsplit(page.url).query)
    return asked(page, f"/api/scenarios/{query['scenario'][0]}/revisions/{query['n'][0]}")


def asked(page: Page, path: str, body: dict | None = None) -> dict:
    here = urljoin(page.url, path)
    answer = page.request.get(here) if body is None else page.request.post(here, data=body)
    return json.loads(answer.text())


def drag_a_site(page: Page, *, by: tuple[int, int]) -> None:
    """Drag the first site and leave the button pressed."""
    box = page.locator("#plan_map .leaflet-plan-pane .leaflet-marker-icon").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(x + by[0] * step / 20, y + by[1] * step / 20)
    drawn(page)


def click_at(page: Page, lon: float, lat: float) -> None:
    page.mouse.click(*page.evaluate(POINT_OF, [lon, lat]))


def test_a_drag_asks_nobody_and_the_server_confirms_what_it_showed(watched: Watched) -> None:
    page = opened(watched)
    before = figures(page)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    drag_a_site(page, by=(90, -40))
    assert requests == []
    shown = figures(page)
    assert shown != before
    page.mouse.up()
    saved(page)
    comes_to(page, lambda: figures(page), shown)
    then = content_of(page)
    told = asked(page, "/api/evaluations", {**then["question"], "edits": then["edits"]})
    people = f"{told['plan']['measures']['people_within_limit']:,}"
    assert people in shown[0]


def test_a_closed_road_a_flood_and_a_new_road_change_every_minute_and_are_undone(watched: Watched) -> None:
    page = opened(watched)
    begun = figures(page)
    lon, lat = page.evaluate(A_ROAD)
    page.click("#tool-close")
    click_at(page, lon, lat)
    saved(page)
    page.click("#tool-flood")
    for east, north in ((-0.02, -0.015), (0.02, -0.015), (0.02, 0.015), (-0.02, 0.015)):
        click_at(page, lon + east, lat + north)
    page.keyboard.press("Enter")
    saved(page)
    page.click("#tool-bridge")
    click_at(page, lon - 0.03, lat - 0.02)
    click_at(page, lon + 0.03, lat + 0.02)
    expect(page.locator("#tool-bridge")).to_have_attribute("aria-pressed", "false")
    saved(page)
    assert [edit["op"] for edit in content_of(page)["edits"]] == ["road-closed", "flooded", "road-built"]
    page.wait_for_selector(CONFIRMED)  # not those of the step before
    assert figures(page) != begun
    changed = figures(page)
    for _ in range(3):
        page.click("#undo")
    comes_to(page, lambda: figures(page), begun)
    for _ in range(3):
        page.click("#redo")
    comes_to(page, lambda: figures(page), changed)


def test_the_link_of_a_step_opens_the_same_in_a_fresh_browser(watched: Watched, browser) -> None:
    page = opened(watched)
    drag_a_site(page, by=(60, 60))
    page.mouse.up()
    saved(page)
    shown, link = figures(page), page.url
    fresh = browser.new_context()
    other = fresh.new_page()
    other.goto(link)
    other.wait_for_selector(READY)
    comes_to(other, lambda: figures(other), shown)
    other.click("#language", force=True)
    other.wait_for_selector(READY)
    assert "n=" in other.url
    share = shown[0].split("%")[0].split()[-1]
    expect(other.locator("#figure-people_within_limit")).to_contain_text(share)
    fresh.close()


def test_names_on_the_map_meet_neither_each_other_nor_symbols(watched: Watched) -> None:
    page = opened(watched)
    place = page.evaluate(A_VILLAGE)
    for zoom in (10, 11, 12.5, 14, 16):
        page.evaluate(ZOOM, [zoom, *place])
        boxes = page.evaluate("() => window.countyMaps.plan.boxes()")
        assert boxes["names"], zoom
        for k, one in enumerate(boxes["names"]):
            rest = [other for other in boxes["names"][k + 1 :] if other["label"] != one["label"]]
            assert not [other for other in rest + boxes["symbols"] if meet(one, other)], zoom


def meet(one: dict, other: dict) -> bool:
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )
