"""What pasted lines mean, and which names are most like one that nobody has."""

import pytest
from core_page import core_page
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SORTED = """async ([pasted, answers, sites]) => {
  const { linesOf, placesMeant, sortLines } = await import("/static/js/plan/views/choices/pasted.js");
  const lines = linesOf(pasted);
  const told = answers.map(([typed, ...ids]) => ({ typed, matches: ids.map((id) => ({ id, name: id })) }));
  const found = sortLines(lines, told, (id) => sites.includes(id));
  const typed = (one) => one.map((line) => line.typed);
  return {
    lines: [...lines], sure: typed(found.sure), ambiguous: typed(found.ambiguous), unknown: typed(found.unknown),
    notSites: typed(found.notSites), counted: [found.lines, found.repeated],
    meant: placesMeant(found, { b: "b2", d: "" }),
  };
}"""
CLOSEST = """async ([typed, names]) => {
  const { closestTo } = await import("/static/js/plan/views/choices/closest.js");
  return closestTo(typed, names.map((name) => ({ name }))).map(({ name }) => name);
}"""


def test_every_line_is_certain_asked_unknown_or_no_site(browser: Browser) -> None:
    page = core_page(browser)
    answers = [["a", "a1"], ["b", "b1", "b2"], ["c x", "c1", "school"], ["d"], ["e", "school"], ["a again", "a1"]]
    told = page.evaluate(SORTED, ['a\nb\r\n"c"\tx\n\n d \ne\na\na again\n', answers, ["a1", "b1", "b2", "c1"]])
    assert told == {
        "lines": [["a", 2], ["b", 1], ["c x", 1], ["d", 1], ["e", 1], ["a again", 1]],
        "sure": ["a", "c x", "a again"],
        "ambiguous": ["b"],
        "unknown": ["d"],
        "notSites": ["e"],
        "counted": [7, 2],
        "meant": ["a1", "c1", "b2"],
    }
    page.close()


@pytest.mark.parametrize(
    ("typed", "closest"),
    [
        ("王家庄", ["王家庄", "李家庄", "大王家庄"]),
        ("临邑镇 李家装", ["李家庄", "王家庄"]),
        ("刘集", []),
    ],
)
def test_the_closest_names_differ_by_two_letters_at_most(browser: Browser, typed: str, closest: list[str]) -> None:
    page = core_page(browser)
    assert page.evaluate(CLOSEST, [typed, ["李家庄", "大王家庄", "王家庄", "东西南北村"]]) == closest
    page.close()
