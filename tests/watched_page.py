"""A page in a real browser, and everything that went wrong on it."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, expect

OPEN_STATES = ("queued", "running")
READY = "html[data-ready=true]"
GIVEN_UP = "net::ERR_ABORTED"  # by the page itself, which needs the answer no more
WALKED = "localStorage.setItem('countygrid.plan.walked', '1')"  # the walk through the workbench was seen before
WAIT_MS = 60_000  # the first plan of a fresh county is computed while we wait
# Two frames: what the first one begins, such as a drag that is followed, is drawn in the next.
_TWO_FRAMES = "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => go(null))))"
_BETWEEN_LOOKS_MS = 50


class Watched:
    """A page and everything that went wrong on it."""

    def __init__(self, browser: Browser, url: str, *, width: int = 1440, height: int = 900) -> None:
        self.host = urlsplit(url).netloc
        self.url = url
        self.wrong: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": width, "height": height})
        self.page.set_default_timeout(WAIT_MS)
        self.page.add_init_script(WALKED)
        self.page.route("**/*", self._only_our_host)
        self.page.on("console", lambda message: message.type == "error" and self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on(
            "requestfailed", lambda request: request.failure != GIVEN_UP and self.wrong.append(f"failed {request.url}")
        )
        self.page.on(
            "response", lambda answer: answer.status >= 400 and self.wrong.append(f"{answer.status} {answer.url}")
        )

    def open(self, query: str = "") -> Page:
        self.page.goto(self.url + query)
        self.page.wait_for_selector(READY)
        return self.page

    def _only_our_host(self, route: Route) -> None:
        if urlsplit(route.request.url).netloc in {self.host, ""}:
            route.continue_()
        else:
            self.wrong.append(f"asked {route.request.url}")
            route.abort()


def drawn(page: Page) -> None:
    """Wait until what has just been done is drawn: views are drawn once a frame, not at once."""
    page.evaluate(_TWO_FRAMES)


def comes_to(page: Page, look: Callable[[], Any], meant: Any) -> None:
    """Wait until a look at the page gives what is meant, for what ``expect`` has no word for.

    A look at once after an act sees the page as it was before: on a slow machine, or by chance.
    """
    deadline = time.monotonic() + WAIT_MS / 1000
    while (seen := look()) != meant:
        assert time.monotonic() < deadline, f"{seen!r} does not come to {meant!r}"
        page.wait_for_timeout(_BETWEEN_LOOKS_MS)


def saved(page: Page) -> str:
    """Wait until the last step at the workbench is saved and return its address."""
    drawn(page)  # else the state of the step before is seen
    expect(page.locator(".saving")).to_have_attribute("data-state", "saved")
    return page.url


def tell_run(route: Route, run: dict) -> None:
    """Answer a request for a run; who listens is told once, then the connection is lost."""
    if not route.request.url.endswith("/events"):
        route.fulfill(json={"run": run})
        return
    name = "progress" if run["state"] in OPEN_STATES else "end"
    told = f"event: {name}\ndata: {json.dumps({'run': run})}\n\n"
    route.fulfill(content_type="text/event-stream", body=told)
