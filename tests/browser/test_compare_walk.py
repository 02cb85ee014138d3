"""An official compares schemes on one page: figures as the server's, who loses by name, the same page from its link."""

import math
import re

import pytest
from playwright.sync_api import Route, expect
from served import ask
from watched_page import READY, Watched, comes_to

from tests.browser.axe import serious_faults

pytestmark = pytest.mark.browser
SITES = (("五个中心", 5, 0), ("换了五处", 5, 40), ("七个中心", 7, 100))


@pytest.fixture(scope="module")
def references(planner_url):
    """Today and three scenarios whose sites are named, as the address has them."""
    port = int(planner_url.rsplit(":", 1)[1])
    features = ask(port, "/api/layers/villages")[1]["features"]
    ids = [one["id"] if "id" in one else one["properties"]["id"] for one in features]
    made = []
    for name, count, first in SITES:
        step = (len(ids) - first) // count
        question = {"service": "elder-centre", "sites": [ids[first + step * k] for k in range(count)]}
        status, told = ask(port, "/api/scenarios", body={"name": name, "question": question})
        assert status == 201, told
        made.append(told["id"])
    return ",".join(["today", *made])


@pytest.fixture
def compared(planner_url, references):
    status, told = ask(int(planner_url.rsplit(":", 1)[1]), f"/api/compare?runs={references}")
    assert status == 200, told
    return told


def number(words: str) -> float:
    return float(words.replace(",", "").replace("−", "-").replace("+", ""))


def opened(watched: Watched, references: str, more: str = ""):
    page = watched.open(f"/compare?runs={references}{more}")
    expect(page.locator("#measures-table")).to_be_visible()
    return page


def test_every_figure_is_the_servers_and_the_best_is_marked(watched, references, compared) -> None:
    page = opened(watched, references)
    for measure in compared["measures"]:
        row = page.locator(f"tr[data-measure={measure['code']}]")
        for key, value in measure["values"].items():
            cell = row.locator(f"td[data-scheme='{key}']")
            shown = number(cell.locator(".value").inner_text())
            scale = {"seconds": 60, "yuan": 10_000}.get(measure["unit"], 1)
            assert shown == pytest.approx(value / scale, abs=0.051), measure["code"]
            assert ("best" in (cell.get_attribute("class") or "").split()) == (key in measure["best"]), measure["code"]
    expect(page.locator("#comparison-basis")).to_contain_text("60 岁及以上常住人口;分村人数和用时为模拟数据")
    assert page.locator("#measures-table td.asked").all_inner_texts() == [one["asked"] for one in compared["schemes"]]
    expect(page.locator("[data-map] .leaflet-control-attribution").first).to_contain_text("数据:")
    names = page.locator("#measures-table thead th").all_inner_texts()
    assert names[1:] == ["现状", *(f"{key} {name}" for key, (name, *_) in zip("ABC", SITES, strict=True))]


def test_the_losers_of_a_pair_are_named_and_another_pair_is_a_choice_away(watched, references, compared) -> None:
    page = opened(watched, references)
    page.select_option("#pair-to", "B")
    page.select_option("#pair-from", "A")
    told = next(one for one in compared["differences"] if (one["from"], one["to"]) == ("A", "B"))
    sums = told["losers_sum"]
    expect(page.locator("#losers-sum")).to_contain_text(f"{sums['places']} 个村(居),{sums['people']:,} 人")
    expect(page.locator("#losers-table")).to_have_attribute("aria-rowcount", str(sums["places"] + 1))
    expect(page.locator("#losers-table tbody tr[data-id]").first).to_have_attribute("data-id", told["losers"][0]["id"])
    expect(page.locator("#gains tr[data-part=gain] td")).to_have_text(f"{told['people']['gain']:,} 人")
    expect(page).to_have_url(re.compile("from=A&to=B$"))
    page.locator("#losers-table button[data-column=people]").click()
    most = max(told["losers"], key=lambda one: one["people"])["people"]
    first = page.locator("#losers-table tbody tr[data-id]").first.locator("td").nth(2)
    expect(first).to_have_text(f"{most:,}")


def test_what_is_sought_for_one_pair_is_told_of_no_other(watched, references) -> None:
    page = opened(watched, references, "&from=A&to=B")
    waiting = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/api/compare/made-good*", hold)
    ask = page.locator("#made-good button")
    ask.click()
    expect(ask).to_be_disabled()
    page.select_option("#pair-to", "C")
    expect(ask).to_be_enabled()
    waiting[0].continue_()
    page.unroute("**/api/compare/made-good*")
    ask.click()
    expect(page.locator("#made-good [role=status] p").first).to_contain_text("再增设")
    expect(ask).to_be_enabled()


def test_a_link_opens_the_same_pair_and_survives_the_change_of_language(watched, references) -> None:
    page = opened(watched, references, "&from=B&to=C")
    expect(page.locator("#pair-from")).to_have_value("B")
    page.click("#language")
    page.wait_for_selector(READY)
    expect(page.locator("#pair-to")).to_have_value("C")
    expect(page.locator("#measures-table thead th").nth(1)).to_have_text("Today")


SITES_SEEN = """node => {
  const middle = (one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return [x + width / 2, y + height / 2];
  };
  const [x, y] = middle(node);
  const sites = [...node.querySelectorAll(".leaflet-marker-icon")].map(middle);
  return sites.map(([a, b]) => [Math.round(a - x), Math.round(b - y)]);
}"""


def test_maps_look_at_the_same_ground(watched, references) -> None:
    page = opened(watched, references, "&from=0&to=A")
    expect(page.locator("[data-map]")).to_have_count(5)
    of_scheme, of_change = (page.locator(f"[data-map={key}]") for key in ("A", "change"))
    of_scheme.scroll_into_view_if_needed()
    before = of_scheme.evaluate(SITES_SEEN)
    of_scheme.locator(".leaflet-control-zoom-in").click()
    comes_to(page, lambda: of_scheme.evaluate(SITES_SEEN) != before, meant=True)
    comes_to(page, lambda: of_change.evaluate(SITES_SEEN) == of_scheme.evaluate(SITES_SEEN), meant=True)


def test_schemes_are_taken_out_and_in_by_keyboard(watched, references) -> None:
    page = opened(watched, references)
    page.locator(".chips button").nth(3).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#measures-table thead th")).to_have_count(4)
    reference = references.rsplit(",", 1)[1]
    page.select_option("#add-scheme", reference)
    expect(page.locator("#measures-table thead th")).to_have_count(5)
    expect(page).to_have_url(re.compile(reference))


def test_plans_that_nobody_named_are_offered_by_their_service(watched) -> None:
    request = watched.page.request
    run = request.post(f"{watched.url}/api/plans", data={"service": "elder-centre", "p": 3}).json()["run"]["id"]
    comes_to(watched.page, lambda: request.get(f"{watched.url}/api/runs/{run}").json()["run"]["state"], "done")
    page = watched.open("/compare")
    expect(page.locator(f"#add-scheme option[value='{run}']")).to_contain_text("养老服务中心 · ")


def test_what_cannot_be_compared_is_told_in_words(browser, planner_url) -> None:
    seen = Watched(browser, planner_url)
    page = seen.open("/compare?runs=today,nothing")
    expect(page.get_by_role("alert")).to_contain_text("nothing")
    assert all("404" in wrong for wrong in seen.wrong)
    seen.page.close()


def minutes(seconds: float) -> str:
    return f"{math.floor((seconds + 3) / 6) / 10:.1f}"


def test_ranges_come_on_request_and_their_link_opens_the_same_without_computing(watched, references) -> None:
    page = opened(watched, references)
    expect(page.locator(".range")).to_have_count(0)
    page.locator("#ask-futures").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#futures-pairs")).to_be_visible(timeout=60_000)
    expect(page).to_have_url(re.compile("futures=[0-9a-f]+$"))
    run = page.url.rsplit("=", 1)[1]
    told = watched.page.request.get(f"{watched.url}/api/runs/{run}").json()["run"]["result"]
    for key, spreads in told["ranges"].items():
        spread = spreads.get("mean_s")
        cell = page.locator(f"tr[data-measure=mean_s] td[data-scheme='{key}'] .range")
        if spread is not None:
            expect(cell).to_have_text(f"{minutes(spread['p5'])}~{minutes(spread['p95'])}")
    expect(page.locator("#ranges-note")).to_contain_text("200 种随机情形(种子 1)")
    for pair in told["pairs"]:
        row = page.locator(f"tr[data-pair='{pair['first']}-{pair['second']}']")
        won = pair["figures"].get("mean_s")
        cell = row.locator("td[data-figure=mean_s]")
        counts = [int(one) for one in re.findall(r"\d+", cell.inner_text())] if won else []
        assert counts == ([won["first"], won["second"], *([won["alike"]] if won["alike"] else [])] if won else [])
    assert page.locator("#assumptions li").all_inner_texts() == [one["words"] for one in told["assumptions"]]
    assert page.locator("#file-xlsx").get_attribute("href").endswith(f"&futures={run}&as=xlsx")
    shown = page.locator("#futures").inner_text()
    asked = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    page.reload()
    page.wait_for_selector(READY)
    assert page.locator("#futures").inner_text() == shown
    assert [url for method, url in asked if method == "POST" and "/api/futures" in url] == []
    page.locator(".chips button").nth(3).click()
    expect(page.locator(".range")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("futures="))


def test_ranges_of_other_schemes_are_told_and_the_schemes_are_shown_without(browser, planner_url, references) -> None:
    seen = Watched(browser, planner_url)
    page = opened(seen, references, f"&futures={'0' * 32}")
    expect(page.locator("#futures [role=alert]")).to_be_visible()
    expect(page.locator("#ask-futures")).to_be_enabled()
    assert all("422" in wrong for wrong in seen.wrong)
    seen.page.close()


def test_how_often_a_village_is_chosen_where_the_question_is_solved_anew(watched, references) -> None:
    request = watched.page.request
    run = request.post(f"{watched.url}/api/plans", data={"service": "elder-centre", "p": 5}).json()["run"]["id"]
    comes_to(watched.page, lambda: request.get(f"{watched.url}/api/runs/{run}").json()["run"]["state"], "done")
    page = opened(watched, f"{references.rsplit(',', 1)[0]},{run}")
    page.click("#ask-futures")
    expect(page.locator("#futures-pairs")).to_be_visible(timeout=60_000)
    page.click("#ask-chosen")
    expect(page.locator(".chosen table")).to_be_visible(timeout=120_000)
    times = [int(one.split()[0]) for one in page.locator(".chosen tbody td.number").all_inner_texts()]
    assert times == sorted(times, reverse=True)
    assert sum(times) == 250
    expect(page.locator("#ask-chosen")).to_have_count(0)
    assert serious_faults(page) == []


def test_a_point_of_the_curve_joins_the_schemes_by_keyboard(watched, references) -> None:
    some = references.rsplit(",", 1)[0]
    page = opened(watched, some)
    page.locator("#ask-curve").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#curve-points")).to_be_visible(timeout=120_000)
    expect(page).to_have_url(re.compile("study=[0-9a-f]+$"))
    study = page.url.rsplit("=", 1)[1]
    told = page.request.get(f"{watched.url}/api/compare?runs={some}&study={study}").json()["curve"]
    first = told["points"][0]
    row = page.locator("#curve-points tr[data-point='0']")
    assert [number(one) for one in row.locator("td.number").all_inner_texts()] == [
        pytest.approx(first["x"], abs=0.006),
        pytest.approx(first["y"], abs=0.06),
    ]
    assert page.locator("#curve-chart .point").count() == len(told["points"]) + len(told["schemes"])
    page.locator("#curve-chart .point").first.focus()
    page.keyboard.press("Enter")
    expect(row.locator("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#measures-table thead th")).to_have_count(5, timeout=120_000)
    expect(page.locator("#curve-chart")).to_be_visible()
    joined = page.locator("#measures-table thead th").last
    expect(joined).to_contain_text("权衡曲线第 1 点(5 处)")
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator("#curve-points tr[data-point='0']")).to_be_visible()
    assert serious_faults(page) == []


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_serious_is_found_and_nothing_is_cut_off(browser, planner_url, references, width) -> None:
    seen = Watched(browser, planner_url, width=width, height=800)
    page = opened(seen, references)
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    seen.page.close()
    assert seen.wrong == []
