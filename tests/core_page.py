"""An empty page whose modules are our scripts, under the content security policy of our pages; no server is needed."""

import mimetypes

from playwright.sync_api import Browser, Page, Route

from maps.assets import STATIC
from maps.pages import map_policy

ADDRESS = "http://countygrid.test"
_PAGE = '<!doctype html><main></main><script type="application/json" id="page-data">{"lang": "zh"}</script>'


def core_page(browser: Browser, answers: dict[str, bytes] | None = None) -> Page:
    """Open it; `answers` are the bytes that further addresses give."""
    page = browser.new_page()

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if path == "/":
            headers = {"Content-Security-Policy": map_policy("")}
            route.fulfill(body=_PAGE, content_type="text/html", headers=headers)
        elif path in (answers or {}):
            route.fulfill(body=answers[path], content_type="application/gzip")
        else:
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file)[0])

    page.route("**/*", answer)
    page.goto(f"{ADDRESS}/")
    return page
