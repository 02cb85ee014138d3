"""The table of villages: many rows of which few are drawn, sorted and filtered as counted here, linked with the map."""

import random
import re

import pytest
from core_page import core_page
from playwright.sync_api import expect
from watched_page import comes_to

READY_FIGURES = ".main-figures[data-source=confirmed]"
ROWS = "#villages-table tbody tr[data-id]"
TABLE = """
async (rows) => {
  const { createTable } = await import("/static/js/core/table.js");
  const { findRows, prepareRows } = await import("/static/js/core/rows.js");
  const columns = [
    { key: "name", name: "Name", wordy: true, value: ({ name }) => name },
    { key: "minutes", name: "Time", unit: "min", value: ({ minutes }) => minutes },
  ];
  const prepared = prepareRows(rows, columns, ({ name, township }) => `${name} ${township}`);
  const state = { sort: null, chosen: null, words: "", gone: [] };
  const table = createTable({
    id: "many", label: "Many", idOf: ({ id }) => id, onSort: (sort) => { state.sort = sort; show(); },
    onChoose: ({ id }) => { state.chosen = id; show(); }, onGo: ({ id }) => state.gone.push(id),
  });
  function show() {
    table.show({ ...state, columns, rows: findRows(prepared, state).map((k) => rows[k]) });
  }
  table.node.style.height = "400px";
  table.node.style.overflow = "auto";
  document.querySelector("main").append(table.node);
  window.filter = (words) => { state.words = words; show(); };
  window.tableState = state;
  show();
}
"""


@pytest.fixture
def many():
    lots = random.Random(7)
    return [
        {
            "id": f"v{k}",
            "name": f"{lots.choice('张王李赵')}家{k}",
            "township": lots.choice(["东镇", "西镇"]),
            "minutes": None if k % 50 == 0 else lots.randrange(0, 4000) / 10,
        }
        for k in range(5000)
    ]


@pytest.fixture
def table_page(browser, many):
    page = core_page(browser)
    page.evaluate(TABLE, many)
    yield page
    page.close()


def drawn(page):
    return page.eval_on_selector_all("#many tr[data-id]", "rows => rows.map((row) => row.dataset.id)")


def test_of_five_thousand_rows_only_those_in_sight_are_in_the_document(table_page):
    assert 10 < len(drawn(table_page)) < 60
    assert table_page.get_attribute("#many", "aria-rowcount") == "5001"
    table_page.eval_on_selector(".long-table", "node => { node.scrollTop = node.scrollHeight; }")
    table_page.wait_for_selector('#many tr[data-id="v4999"]')
    assert table_page.get_attribute('#many tr[data-id="v4999"]', "aria-rowindex") == "5001"
    assert len(drawn(table_page)) < 60


def test_a_head_sorts_and_turns_round_and_unknown_figures_stand_last_both_ways(table_page, many):
    known = [one for one in many if one["minutes"] is not None]
    head = table_page.locator("[data-column=minutes]")
    head.click()
    falling = sorted(known, key=lambda one: -one["minutes"])
    expect(table_page.locator("#many th").nth(1)).to_have_attribute("aria-sort", "descending")
    assert [one["minutes"] for one in falling[:10]] == texts(table_page)[:10]
    head.click()
    expect(table_page.locator("#many th").nth(1)).to_have_attribute("aria-sort", "ascending")
    assert texts(table_page)[:10] == [one["minutes"] for one in sorted(known, key=lambda one: one["minutes"])[:10]]
    table_page.eval_on_selector(".long-table", "node => { node.scrollTop = node.scrollHeight; }")
    table_page.wait_for_selector("#many tr[aria-rowindex='5001']")
    assert table_page.inner_text("#many tr[aria-rowindex='5001'] td:last-child").strip() == ""


def texts(page):
    cells = page.eval_on_selector_all("#many tr[data-id] td:last-child", "cells => cells.map((one) => one.textContent)")
    return [float(cell) for cell in cells if cell.strip()]


def test_every_word_must_be_found(table_page, many):
    table_page.evaluate("filter('王家 东镇')")
    meant = [one for one in many if "王家" in one["name"] and one["township"] == "东镇"]
    assert table_page.get_attribute("#many", "aria-rowcount") == str(len(meant) + 1)
    assert drawn(table_page)[:5] == [one["id"] for one in meant[:5]]


def test_arrows_choose_a_row_which_stays_in_sight_and_enter_goes_to_it(table_page):
    table_page.focus("#many")
    for _ in range(40):
        table_page.keyboard.press("ArrowDown")
    chosen = table_page.locator("#many tr[aria-selected=true]")
    expect(chosen).to_have_attribute("data-id", "v39")
    expect(chosen).to_be_in_viewport()
    assert table_page.get_attribute("#many", "aria-activedescendant") == chosen.get_attribute("id")
    table_page.keyboard.press("End")
    expect(chosen).to_have_attribute("data-id", "v4999")
    table_page.keyboard.press("Enter")
    comes_to(table_page, lambda: table_page.evaluate("tableState.gone"), ["v4999"])


def evaluated(page):
    """What the server says of the sites on the page."""
    sites = page.eval_on_selector_all("#site-table tr[data-site]", "rows => rows.map((row) => row.dataset.site)")
    asked = {"service": "elder-centre", "sites": sites}
    return page.evaluate(
        "async (body) => (await fetch('/api/evaluations', { method: 'POST', body: JSON.stringify(body), "
        "headers: { 'Content-Type': 'application/json' } })).json()",
        asked,
    )["plan"]


def test_filter_and_sort_show_whom_the_server_finds_beyond_the_limit(watched):
    page = watched.open("/plan")
    page.wait_for_selector(READY_FIGURES)
    far = [one for one in evaluated(page)["allocation"] if one["seconds"] > 1800]
    page.select_option("#villages-only", "beyond")
    page.click("[data-column=minutes]")
    expect(page.locator("#villages-table")).to_have_attribute("aria-rowcount", str(len(far) + 1))
    slowest = max(far, key=lambda one: one["seconds"])
    expect(page.locator(ROWS).first).to_have_attribute("data-id", slowest["demand_id"])
    shown = page.eval_on_selector_all(ROWS, "rows => rows.map((row) => row.dataset.id)")
    assert len(far) > 1
    assert {one["demand_id"] for one in far} == set(shown)


def test_filter_by_township_and_words_counts_as_the_layer_does(watched):
    page = watched.open("/plan")
    page.wait_for_selector(ROWS)
    page.wait_for_selector(READY_FIGURES)
    layer = page.evaluate("async () => (await fetch('/api/layers/villages')).json()")["features"]
    told = [one["properties"] for one in layer if str(one["properties"]["township_id"]) == "371424102"]
    meant = [one for one in told if "家" in f"{one['name']} {one.get('community') or ''}"]
    page.select_option("#villages-township", "临南镇")
    page.fill("#villages-words", "家")
    expect(page.locator("#villages-count")).to_have_text(re.compile(rf"^\s*{len(meant)}\s*/"))
    rows = page.eval_on_selector_all(ROWS, "rows => rows.map((row) => row.children[1].textContent)")
    assert set(rows) == {"临南镇"}
    assert 3 < len(meant) < len(told)


def test_a_row_and_its_village_on_the_map_are_chosen_together(watched):
    page = watched.open("/plan")
    page.wait_for_selector(ROWS)
    row = page.locator(ROWS).nth(3)
    chosen = row.get_attribute("data-id")
    row.click()
    expect(page.locator("#selected")).to_have_attribute("data-id", chosen)
    comes_to(page, lambda: page.evaluate("countyMaps.plan.getZoom()") >= 13, meant=True)
    far = page.evaluate(
        "async () => (await fetch('/api/layers/villages')).json().then((all) => all.features.at(-1).id)"
    )
    page.fill("#search", far)
    page.wait_for_selector("#search-hits li strong")
    page.press("#search", "Enter")
    marked = page.locator("#villages-table tr[aria-selected=true]")
    expect(marked).to_have_attribute("data-id", far)
    expect(marked).to_be_in_viewport()


def test_the_table_folds_away_and_the_map_takes_its_room(watched):
    page = watched.open("/plan")
    page.wait_for_selector(ROWS)
    before = page.evaluate("countyMaps.plan.getSize().y")
    page.click("#villages-open")
    expect(page.locator("#villages-table")).to_have_count(0)
    comes_to(page, lambda: page.evaluate("countyMaps.plan.getSize().y") > before, meant=True)
    page.click("#villages-open")
    expect(page.locator(ROWS).first).to_be_visible()
