"""The workbench in Chromium: what a frame of a drag costs, how soon roads and steps are answered, how much is sent.

Run with ``python -m tests.benchmarks.bench_workbench http://127.0.0.1:8000`` beside ``make run``, on a machine that
does nothing else. Figures are of the page itself: from the click to the figures that change.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from collections.abc import Callable

from playwright.sync_api import Page, sync_playwright

THROTTLE = 4  # times slower than this machine: an office's
FRAMES = 120
WATCH = """
window.frames_ms = new Map();
let frame = 0;
const tick = () => { frame += 1; originalRaf(tick); };
const originalRaf = window.requestAnimationFrame.bind(window);
const timed = (work) => function timedWork(...told) {
  const begun = performance.now();
  try { return work.apply(this, told); }
  finally { window.frames_ms.set(frame, (window.frames_ms.get(frame) ?? 0) + performance.now() - begun); }
};
window.requestAnimationFrame = (work) => originalRaf(timed(work));
originalRaf(tick);
const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
const known = new WeakMap();  // so that what is added can be removed
const timedOf = (name, work) => {
  if (!["mousemove", "pointermove"].includes(name) || typeof work !== "function") return work;
  if (!known.has(work)) known.set(work, timed(work));
  return known.get(work);
};
EventTarget.prototype.addEventListener = function addTimed(name, work, ...told) {
  return add.call(this, name, timedOf(name, work), ...told);
};
EventTarget.prototype.removeEventListener = function removeTimed(name, work, ...told) {
  return remove.call(this, name, timedOf(name, work), ...told);
};
localStorage.setItem("countygrid.plan.walked", "1");
"""
CHANGED = """(what) => new Promise((done) => {
  const figures = document.getElementById("figures");
  const places = [...what.map((code) => `#figure-${code}`), "#figures table.sites"];
  const shown = () => places.map((place) => document.querySelector(place)?.textContent).join();
  let begun = 0;
  const begin = (event) => { begun = event.timeStamp; };
  for (const name of ["click", "keydown"]) document.addEventListener(name, begin, { capture: true });
  const watch = new MutationObserver(() => {
    const told = shown();
    if (begun && told !== before) { watch.disconnect(); requestAnimationFrame(() => done(performance.now() - begun)); }
  });
  const before = shown();
  watch.observe(figures, { subtree: true, childList: true, characterData: true });
})"""
FIGURES = ["people_within_limit", "mean_s", "p95_s", "worst_s"]
SENT = """() => {
  const all = [...performance.getEntriesByType("resource")].filter(({ name }) => name.endsWith(".js"));
  const of = (part) => all.filter(({ name }) => name.includes(part)).reduce((sum, one) => sum + one.encodedBodySize, 0);
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return { leaflet: of("leaflet"), texts: of("/scripts/zh-"), page: of("/scripts/plan-") + of("lit-html"),
           painted: paint ? paint.startTime : 0 };
}"""
TIMES = """() => new Promise((done) => {
  let begun = 0;
  document.addEventListener("click", (event) => { begun = event.timeStamp; }, { capture: true, once: true });
  new PerformanceObserver((list, watch) => {
    const come = list.getEntries().find(({ name }) => new URL(name).pathname === "/api/matrices");
    if (!come || !begun) return;
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - begun));
  }).observe({ type: "resource" });
})"""
ROADS = """async () => {
  const roads = await (await fetch("/api/layers/roads")).json();
  return roads.features.filter(({ properties }) => ["primary", "trunk"].includes(properties.road_class))
    .flatMap(({ geometry }) => geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates)
    .filter((line) => line.length > 3).map((line) => line[Math.floor(line.length / 2)]);
}"""


def main(url: str) -> None:
    """Measure and print one table."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page.add_init_script(WATCH)
        page.goto(f"{url}/plan")
        page.wait_for_selector("html[data-ready=true]")
        ready = page.evaluate("() => performance.now()")
        page.wait_for_timeout(1500)
        sent = page.evaluate(SENT)
        tell("first paint, ms", sent["painted"])
        tell("ready, ms", ready)
        tell("script, kB compressed: page, Leaflet, texts", *(sent[k] / 1000 for k in ("page", "leaflet", "texts")))
        drag(page)
        roads(page)
        tell("sort a column, ms", *(sort(page) for _ in range(3)))
        tell("wheel zoom, ms a frame p95", wheel(page))
        tell("heap, MB", page.evaluate("() => performance.memory.usedJSHeapSize") / 1e6)
        browser.close()


def tell(name: str, *values: float) -> None:
    """Print one row."""
    print(f"{name:48}", *(f"{value:8.1f}" for value in values))


def drag(page: Page) -> None:
    """Drag the second site with the processor throttled; count requests and the script of each frame."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    box = page.locator(".leaflet-plan-pane .leaflet-marker-icon").nth(1).bounding_box()
    if box is None:
        raise RuntimeError("the page shows no second site")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    with throttled(page):
        page.mouse.move(x, y)
        page.mouse.down()
        page.evaluate("() => window.frames_ms.clear()")
        for step in range(FRAMES):
            page.mouse.move(x + step, y - step * 0.7)
            page.wait_for_timeout(16)
        spent = sorted(page.evaluate("() => [...window.frames_ms.values()]"))
        asked = len(requests)
    page.mouse.up()
    page.wait_for_timeout(1500)
    tell(f"drag at {THROTTLE}x: script a frame, ms p50 p95 most", statistics.median(spent), at(spent, 0.95), spent[-1])
    tell("drag: requests", asked)


class throttled:
    """The processor is slower for as long as this lasts."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)

    def __enter__(self) -> None:
        self.session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})

    def __exit__(self, *_: object) -> None:
        self.session.send("Emulation.setCPUThrottlingRate", {"rate": 1})


def roads(page: Page) -> None:
    """Close roads, flood and build one until the figures change, then take each back."""
    spots = page.evaluate(ROADS)
    closing, undoing = [], []
    for lon, lat in spots[:: max(1, len(spots) // 6)][:6]:
        page.evaluate(
            "([lon, lat]) => { window.countyMaps.plan.setView([lat, lon], 13, { animate: false }); }", [lon, lat]
        )
        if page.get_attribute("#tool-close", "aria-pressed") != "true":
            page.click("#tool-close")
        spent = timed(page, lambda lon=lon, lat=lat: click(page, lon, lat))
        if spent is not None:
            closing.append(spent)
            undoing.append(timed(page, lambda: page.click("#undo")) or 0.0)
    tell("close a road, ms", *closing)
    tell("undo, ms", *undoing)
    lon, lat = spots[len(spots) // 2]
    page.evaluate("([lon, lat]) => { window.countyMaps.plan.setView([lat, lon], 13, { animate: false }); }", [lon, lat])
    page.click("#tool-flood")
    for east, north in ((-0.013, -0.01), (0.013, -0.01), (0.013, 0.01), (-0.013, 0.01)):  # some 5 km²
        click(page, lon + east, lat + north)
    tell("flood 5 km², ms", timed(page, lambda: page.keyboard.press("Enter")) or 0.0)
    building = []
    for lon, lat in spots[:: max(1, len(spots) // 5)][:5]:  # hardly any saves somebody time: the times themselves count
        page.evaluate(
            "([lon, lat]) => { window.countyMaps.plan.setView([lat, lon], 12, { animate: false }); }", [lon, lat]
        )
        page.click("#tool-bridge")
        click(page, lon - 0.03, lat - 0.02)
        page.evaluate(f"() => {{ window.coming = ({TIMES})(); }}")
        click(page, lon + 0.03, lat + 0.02)
        building.append(page.evaluate("() => window.coming"))
        page.wait_for_timeout(700)
    tell("build a road until its times are there, ms", *building)


def timed(page: Page, act: Callable[[], object]) -> float | None:
    """Return the milliseconds until figures change; None where they stay as they are."""
    page.evaluate(f"(what) => {{ window.changing = ({CHANGED})(what); }}", FIGURES)
    act()
    spent: float | None = page.evaluate(
        "() => Promise.race([window.changing, new Promise((done) => setTimeout(done, 2500, null))])"
    )
    page.wait_for_timeout(700)
    return spent


def click(page: Page, lon: float, lat: float) -> None:
    """Click on the map."""
    point = page.evaluate(
        """([lon, lat]) => {
          const point = window.countyMaps.plan.latLngToContainerPoint([lat, lon]);
          const box = window.countyMaps.plan.getContainer().getBoundingClientRect();
          return [box.x + point.x, box.y + point.y];
        }""",
        [lon, lat],
    )
    page.mouse.click(*point)


def sort(page: Page) -> float:
    """Sort the villages by people; return the milliseconds until the next frame."""
    spent: float = page.evaluate(
        """() => new Promise((done) => {
          const begun = performance.now();
          document.querySelector("#villages th.number button").click();
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
        })"""
    )
    return spent


def wheel(page: Page) -> float:
    """Zoom in and out by the wheel; return the 95th percentile of the time between frames."""
    page.evaluate("""() => {
      window.gaps = []; let last = performance.now();
      const gap = (now) => { window.gaps.push(now - last); last = now; requestAnimationFrame(gap); };
      requestAnimationFrame(gap);
    }""")
    page.mouse.move(600, 350)
    for turn in range(24):
        page.mouse.wheel(0, -120 if turn % 12 < 6 else 120)
        page.wait_for_timeout(120)
    return at(sorted(page.evaluate("() => window.gaps")), 0.95)


def at(values: list[float], share: float) -> float:
    """Return the value below which so large a share of sorted values lies."""
    return values[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
