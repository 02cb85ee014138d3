"""How somebody fills in a form: by mouse, or by the tab key and never anything else."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Page

MOST_TABS = 150
"""More stops than any page of ours has before what is looked for."""
_SEEN = """(selector) => {
  const one = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  const isSeen = one === document.body || (outlineStyle !== "none" && parseFloat(outlineWidth) > 0);
  return { isSeen, isIt: one.matches(selector), told: one.outerHTML.slice(0, 120) };
}"""


class Hands(Protocol):
    """What a walk does on a page; each thing is named by a CSS selector that fits one thing only."""

    def press(self, selector: str) -> None:
        """Follow a link or press a button."""

    def fill(self, selector: str, words: str) -> None:
        """Write into a field, instead of what stands there."""

    def choose(self, selector: str, value: str) -> None:
        """Choose an option of a list."""


class Mouse:
    """Clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, selector: str) -> None:
        self.page.click(selector)

    def fill(self, selector: str, words: str) -> None:
        self.page.fill(selector, words)

    def choose(self, selector: str, value: str) -> None:
        self.page.select_option(selector, value)


class Keyboard:
    """Tabs from wherever the page begins; what has the focus can be seen at every stop."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, selector: str) -> None:
        self._tab_to(selector)
        self.page.keyboard.press("Enter")

    def fill(self, selector: str, words: str) -> None:
        self._tab_to(selector)
        if self.page.locator(selector).get_attribute("type") == "date":
            year, month, day = words.split("-")
            self.page.keyboard.type(f"{month}{day}{year}")  # as the browser of the tests asks for it
            return
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def choose(self, selector: str, value: str) -> None:
        self._tab_to(selector)
        self.page.keyboard.press("Home")
        for _step in range(self.page.locator(f"{selector} option").count()):
            if self.page.input_value(selector) == value:
                return
            self.page.keyboard.press("ArrowDown")
        assert self.page.input_value(selector) == value, f"{value} is not offered by {selector}"

    def _tab_to(self, selector: str) -> None:
        for _press in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(_SEEN, selector)
            assert focus["isSeen"], focus["told"]
            if focus["isIt"]:
                return
        raise AssertionError(f"{selector} is not reached by the tab key")


def by(kind: str, page: Page) -> Hands:
    """Return the hands that use ``mouse`` or ``keyboard``."""
    return Mouse(page) if kind == "mouse" else Keyboard(page)
