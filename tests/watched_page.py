"""A page in a real browser, and everything that went wrong on it."""

import json
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

OPEN_STATES = ("queued", "running")
READY = "html[data-ready=true]"
WAIT_MS = 60_000  # the first plan of a fresh county is computed while we wait


class Watched:
    """A page and everything that went wrong on it."""

    def __init__(self, browser: Browser, url: str, *, width: int = 1440, height: int = 900) -> None:
        self.host = urlsplit(url).netloc
        self.url = url
        self.wrong: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": width, "height": height})
        self.page.set_default_timeout(WAIT_MS)
        self.page.route("**/*", self._only_our_host)
        self.page.on("console", lambda message: message.type == "error" and self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("requestfailed", lambda request: self.wrong.append(f"failed {request.url}"))
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


def tell_run(route: Route, run: dict) -> None:
    """Answer a request for a run; who listens is told once, then the connection is lost."""
    if not route.request.url.endswith("/events"):
        route.fulfill(json={"run": run})
        return
    name = "progress" if run["state"] in OPEN_STATES else "end"
    told = f"event: {name}\ndata: {json.dumps({'run': run})}\n\n"
    route.fulfill(content_type="text/event-stream", body=told)
