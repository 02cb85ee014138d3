"""The description of the API in Chromium, under https: drawn, tried out, and nothing stopped by its own policy."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from served import served

from api.authority import make_certificate

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(toy_built, tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(toy_built, folder / "data")
    office = make_certificate(folder / "tls", ["127.0.0.1"], now=datetime.now(UTC)).files
    pair = {"COUNTYGRID_CERT": str(office.server), "COUNTYGRID_KEY": str(office.server_key)}
    with served(folder / "data", **pair) as (port, _):
        yield f"https://127.0.0.1:{port}"


@pytest.mark.parametrize("width", [1280, 360])
def test_it_draws_and_can_be_tried_without_anything_refused(browser, address, width, tmp_path):
    context = browser.new_context(viewport={"width": width, "height": 740}, ignore_https_errors=True)
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/docs")
    page.get_by_text("/api/county", exact=True).first.click()
    page.get_by_role("button", name="Try it out").first.click()
    page.get_by_role("button", name="Execute").first.click()
    expect(page.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")
    page.screenshot(path=tmp_path / f"docs-{width}.png")
    context.close()
    assert said == []
    assert {url for url in asked if not url.startswith((address, "data:"))} == set()
