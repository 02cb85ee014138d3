"""The workbench used at random for a long time, and its tab killed in between: what it keeps in memory, what is lost.

Run with ``python -m tests.benchmarks.use_workbench http://127.0.0.1:8000 --minutes 30 --kills 20`` beside ``make run``.
Neither figure depends on how busy the machine is.
"""

from __future__ import annotations

import argparse
import random
import shutil
import time
from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Page, sync_playwright

READY = "html[data-ready=true]"
WALKED = "localStorage.setItem('countygrid.plan.walked', '1')"
MB = 1e6
SEED = 1
_PAUSE_MS = 250  # between two acts: faster than a person is
_LOOK_EVERY_S = 60


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("url")
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--kills", type=int, default=20)
    told = asked.parse_args()
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        if told.kills:
            kills(browser, told.url, told.kills)
        if told.minutes:
            use(browser, told.url, told.minutes)
        browser.close()


def kills(browser: Browser, url: str, count: int) -> None:
    """Kill the tab at a random moment after each act; print how old the newest lost act was, in the worst case."""
    rng = random.Random(SEED)
    with browser.new_context() as context:
        context.add_init_script(WALKED)
        page = opened(context, f"{url}/plan")
        sites(page, 6)
        page.wait_for_url("**&n=*")
        lost: list[float] = []
        for _ in range(count):
            wanted = rng.choice([n for n in range(3, 13) if n != int(page.input_value("#p"))])
            begun = time.monotonic()
            sites(page, wanted)
            page.wait_for_timeout(rng.random() * 1000)
            address, age = page.url, time.monotonic() - begun
            crash(page)
            page = opened(context, address)
            page.wait_for_selector(".saving[data-state=saved]")
            if page.input_value("#p") != str(wanted):
                lost.append(age)
        print(
            f"kills: {count}, acts lost: {len(lost)}, the oldest of them {max(lost, default=0):.2f} s old", flush=True
        )


def crash(page: Page) -> None:
    """End the process behind a tab: nothing that it would do on leaving is done."""
    with suppress(Error):
        page.goto("chrome://crash")
    page.close()


def opened(context: BrowserContext, url: str) -> Page:
    """Return a page once it can be used."""
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(url)
    page.wait_for_selector(READY)
    return page


def sites(page: Page, count: int) -> None:
    """Ask for so many sites."""
    page.fill("#p", str(count))
    page.keyboard.press("Tab")


def use(browser: Browser, url: str, minutes: float) -> None:
    """Do what a planner may do, in random order; print the memory that the page's own objects take."""
    rng = random.Random(SEED)
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        context.add_init_script(WALKED)
        page = opened(context, f"{url}/plan")
        memory = context.new_cdp_session(page)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        begun = looked = time.monotonic()
        acts, most = 0, 0.0
        while time.monotonic() - begun < minutes * 60:
            name, act = rng.choice(ACTS)
            try:
                act(page, rng)
            except Error as error:
                wrong.append(f"{name}: {str(error).splitlines()[0]}")
            acts += 1
            page.wait_for_timeout(_PAUSE_MS)
            most = max(most, used_mb(memory))
            if time.monotonic() - looked >= _LOOK_EVERY_S:
                looked = time.monotonic()
                memory.send("HeapProfiler.collectGarbage")
                kept, nodes = used_mb(memory), memory.send("Memory.getDOMCounters")["nodes"]
                passed = (looked - begun) / 60
                told = f"{passed:5.1f} min {acts:6} acts, heap MB: kept {kept:6.1f} most {most:6.1f}, nodes {nodes}"
                print(told, flush=True)
        print(f"use: {acts} acts, most {most:.1f} MB, went wrong: {wrong[:5]} ({len(wrong)})", flush=True)


def used_mb(memory: CDPSession) -> float:
    """Return what the page's objects take now."""
    taken: float = memory.send("Runtime.getHeapUsage")["usedSize"]
    return taken / MB


def drag(page: Page, rng: random.Random) -> None:
    """Drag a site somewhere else."""
    icons = page.locator(".leaflet-plan-pane .leaflet-marker-icon")
    box = icons.nth(rng.randrange(icons.count())).bounding_box() if icons.count() else None
    if box is None:
        return
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + rng.uniform(-150, 150), y + rng.uniform(-150, 150), steps=12)
    page.mouse.up()


def on_map(page: Page, rng: random.Random) -> tuple[float, float]:
    """Return a random spot of the map."""
    box = page.locator("#map-area").bounding_box()
    if box is None:
        raise RuntimeError("the page shows no map")
    return box["x"] + box["width"] * rng.uniform(0.3, 0.7), box["y"] + box["height"] * rng.uniform(0.3, 0.7)


def zoom(page: Page, rng: random.Random) -> None:
    """Turn the wheel over the map."""
    page.mouse.move(*on_map(page, rng))
    page.mouse.wheel(0, rng.choice([-240, -120, 120, 240]))


def pan(page: Page, rng: random.Random) -> None:
    """Pull the map."""
    x, y = on_map(page, rng)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + rng.uniform(-200, 200), y + rng.uniform(-200, 200), steps=8)
    page.mouse.up()


def close_road(page: Page, rng: random.Random) -> None:
    """Click with the tool that closes roads, then put it away."""
    page.click("#tool-close")
    page.mouse.click(*on_map(page, rng))
    page.keyboard.press("Escape")


def press(name: str) -> Callable[[Page, random.Random], None]:
    """Return the act of pressing a button, where it can be pressed."""

    def act(page: Page, _rng: random.Random) -> None:
        button = page.locator(name)
        if button.count() and button.first.is_enabled():
            button.first.click()

    return act


def sort(page: Page, rng: random.Random) -> None:
    """Sort the villages by a column."""
    heads = page.locator("#villages th button")
    if heads.count():
        heads.nth(rng.randrange(heads.count())).click()


def choose_row(page: Page, rng: random.Random) -> None:
    """Choose a village in the table."""
    rows = page.locator("#villages-rows tr")
    if rows.count() > 1:
        rows.nth(rng.randrange(min(20, rows.count()))).click(timeout=3000)


ACTS: list[tuple[str, Callable[[Page, random.Random], None]]] = [
    *[("drag", drag)] * 8,
    *[("zoom", zoom)] * 6,
    *[("pan", pan)] * 4,
    *[("number", lambda page, rng: sites(page, rng.randrange(3, 13)))] * 3,
    *[("close a road", close_road)] * 3,
    *[("undo", press("#undo"))] * 4,
    *[("redo", press("#redo"))] * 2,
    *[("sort", sort)] * 2,
    *[("choose", choose_row)] * 3,
    *[("whole county", press("#whole-county"))] * 1,
    *[("solve", press("#solve"))] * 1,
]


if __name__ == "__main__":
    main()
