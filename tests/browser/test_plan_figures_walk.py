"""The right side of the workbench: figures that follow a move and equal the server's, sites, who is left, look-up."""

import openpyxl
from playwright.sync_api import expect
from watched_page import comes_to, drawn

from tests.browser.axe import serious_faults

CONFIRMED = ".main-figures[data-source=confirmed]"
SITES = "#site-table tr[data-site]"
# Where on the page a village stands that no other village, no site and no button is near to.
ALONE = """
async () => {
  const map = window.countyMaps.plan;
  const { features } = await (await fetch("/api/layers/villages")).json();
  const frame = map.getContainer().getBoundingClientRect();
  const points = features.map(({ id, geometry }) => {
    const { x, y } = map.latLngToContainerPoint([geometry.coordinates[1], geometry.coordinates[0]]);
    return { id, x: x + frame.left, y: y + frame.top };
  });
  const sites = [...document.querySelectorAll(".leaflet-plan-pane .leaflet-marker-icon")].map((node) => {
    const box = node.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  });
  const far = (one) => ({ x, y }) => Math.hypot(one.x - x, one.y - y);
  const gap = (one, others) => Math.min(...others.filter((other) => other !== one).map(far(one)));
  const isFree = (node) => node?.closest(".leaflet-container") && !node.closest(".leaflet-control, .tools, .legend");
  const free = points.filter((one) => isFree(document.elementFromPoint(one.x, one.y)) && gap(one, sites) > 40);
  return free.sort((a, b) => gap(b, points) - gap(a, points))[0];
}
"""
EVALUATE = """
async (body) => (await fetch("/api/evaluations", {
  method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
})).json()
"""


def opened(watched, query=""):
    page = watched.open(f"/plan{query}")
    page.wait_for_selector(CONFIRMED)
    return page


def sites_on(page):
    return page.eval_on_selector_all(SITES, "rows => rows.map((row) => row.dataset.site)")


def assert_figures_are_the_servers(page):
    drawn(page)  # else what was confirmed of the step before is seen
    page.wait_for_selector(CONFIRMED)
    found = page.evaluate(EVALUATE, {"service": "elder-centre", "sites": sites_on(page)})["plan"]
    measures = found["measures"]
    shown = page.inner_text("#figure-people_within_limit .more")
    assert f"{measures['people_within_limit']:,} 人" in shown
    for code in ("mean_s", "p95_s", "worst_s"):
        assert page.inner_text(f"#figure-{code} strong") == f"{(measures[code] + 3) // 6 / 10:.1f} 分钟"
    assert page.inner_text("#figure-outside_people strong") == f"{measures['outside_people']:,} 人"
    people = {one["id"]: one["people"] for one in found["facilities"]}
    for row in page.locator(SITES).all():
        assert row.locator("td.number").first.inner_text() == f"{people[row.get_attribute('data-site')]:,}"


def test_a_site_is_moved_by_three_clicks_and_the_figures_are_the_servers(watched):
    page = opened(watched)
    assert_figures_are_the_servers(page)
    expect(page.locator("#plan-proof")).to_contain_text("已证明最优")
    target = page.evaluate(ALONE)
    page.locator(".leaflet-plan-pane .leaflet-marker-icon").first.click()
    page.click("#site-move")
    page.mouse.click(target["x"], target["y"])
    expect(page.locator("#selected")).to_have_attribute("data-id", target["id"])
    comes_to(page, lambda: target["id"] in sites_on(page), meant=True)
    expect(page.locator("#plan-proof")).to_contain_text("按指定设施")
    assert_figures_are_the_servers(page)


def test_a_site_is_moved_by_keyboard_alone(watched):
    page = opened(watched)
    before = sites_on(page)
    page.focus(f"{SITES}:nth-child(3) button")
    page.keyboard.press("Enter")
    expect(page.locator("#site-move")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#move-to")).to_be_focused()
    page.keyboard.type("周家")
    expect(page.locator("#move-to-hits li strong").first).to_have_text("周家")
    page.keyboard.press("Enter")
    expect(page.locator("#selected h3")).to_contain_text("周家")
    drawn(page)
    after = sites_on(page)
    assert len(set(before) - set(after)) == len(set(after) - set(before)) == 1
    assert_figures_are_the_servers(page)


def test_sites_have_the_numbers_that_the_map_gives_them(watched):
    page = opened(watched)
    expect(page.locator(".leaflet-plan-pane .leaflet-marker-icon")).to_have_count(5)
    titles = page.eval_on_selector_all(
        ".leaflet-plan-pane .leaflet-marker-icon", "icons => icons.map((icon) => icon.title)"
    )
    on_map = {title.split(". ")[1].split("(")[0]: title.split(". ")[0] for title in titles}
    rows = page.eval_on_selector_all(
        SITES,
        "rows => rows.map((row) => ['button', 'svg text'].map((one) => row.querySelector(one).textContent))",
    )
    assert len(rows) == 5
    assert dict(rows) == on_map


def test_figures_follow_a_drag_without_a_request(watched):
    page = opened(watched)
    icon = page.locator(".leaflet-plan-pane .leaflet-marker-icon").first.bounding_box()
    x, y = icon["x"] + icon["width"] / 2, icon["y"] + icon["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    seen = set()
    for step in range(1, 25):
        page.mouse.move(x + 6 * step, y + 2 * step)
        drawn(page)
        seen.add(page.inner_text("#figure-mean_s strong"))
    expect(page.locator(".main-figures")).to_have_attribute("data-source", "moving")
    assert asked == []
    assert len(seen) > 2
    page.mouse.up()
    assert_figures_are_the_servers(page)


def test_a_village_that_is_looked_up_tells_its_site_and_the_way(watched):
    page = opened(watched)
    page.fill("#search", "lpj")
    expect(page.locator("#search-hits li").first).to_contain_text("临盘街道")
    page.fill("#search", "周家村 临盘")
    expect(page.locator("#search-hits li").first).to_contain_text("临盘街道")
    page.press("#search", "Enter")
    card = page.locator("#selected")
    expect(card).to_contain_text("周家村")
    expect(card).to_contain_text("曙光社区")
    expect(card.locator(".mark").first).to_be_visible()
    expect(page.locator("#way")).to_contain_text("公里")
    page.click('#selected [data-status="required"]')
    expect(page.locator('#selected [data-status="required"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#villages-table tr[aria-selected=true]")).to_contain_text("必须设点")


def test_a_bridge_is_closed_and_planned_anew_by_three_clicks(watched):
    page = opened(watched)
    page.fill("#search", "徒骇河")
    bridge = page.locator("#search-hits li", has_text="桥").first
    bridge.click()
    page.click("#close-road")
    expect(page.locator("#close-road")).to_have_attribute("aria-pressed", "true")
    page.wait_for_selector(CONFIRMED)
    page.click("#solve")
    expect(page.locator("#plan-proof")).to_contain_text("已证明最优")


def test_who_is_left_behind_is_named_and_taken_along_by_one_click(watched, tmp_path):
    page = opened(watched)
    outside = page.inner_text("#figure-outside_people strong")
    expect(page.locator("#left-people")).to_contain_text(outside)
    with page.expect_download() as told:
        page.click("#left-behind-xlsx")
    assert told.value.suggested_filename.startswith("临邑县-未得到服务的村(居)-")
    path = tmp_path / "left.xlsx"
    told.value.save_as(path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    names = [row[1].value for row in sheet.iter_rows(min_row=2)]
    listed = page.locator(".left-behind ol button").all_inner_texts()
    assert len(listed) == min(5, len(names)) > 0
    assert set(listed) <= set(names)


def test_why_here_tells_what_closing_costs_and_the_best_exchange(watched):
    page = opened(watched)
    page.click(f"{SITES}:nth-child(1) button")
    page.click("#study-why-site summary")
    page.click("#study-why-site button.primary")
    expect(page.locator("#why-worth")).to_contain_text("受影响")
    expect(page.locator("#study-why-site .swap")).to_contain_text("换成")


def test_every_main_figure_says_what_it_means(watched):
    page = opened(watched)
    for code in ("people_within_limit", "mean_s", "p95_s", "worst_s", "served_people", "outside_people"):
        page.click(f"#figure-{code} summary")
        told = page.inner_text(f"#figure-{code} .what p")
        assert told == page.get_attribute(f"#figure-{code}", "title")
        assert len(told) > 10
        page.click(f"#figure-{code} summary")


def test_cards_tables_and_lists_can_be_used_by_everybody(watched):
    page = opened(watched)
    page.keyboard.press("Escape")
    page.locator("#villages-table tr[data-id]").nth(4).click()
    page.wait_for_selector("#way")
    assert serious_faults(page) == []
    page.locator(f"{SITES} button").first.click()
    page.fill("#move-to", "周")
    page.wait_for_selector("#move-to-hits li strong")
    assert serious_faults(page) == []
