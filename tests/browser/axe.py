"""What axe-core finds on a page: https://github.com/dequelabs/axe-core."""

from __future__ import annotations

from functools import cache

from playwright.sync_api import Page
from watched_page import drawn
from web_packages import web_packages

_RUN = """
async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  const told = ({ id, help }, { target }) => `${id} (${help}): ${target.flat().join(" ")}`;
  return grave.flatMap((rule) => rule.nodes.map((node) => told(rule, node)));
}
"""


def serious_faults(page: Page) -> list[str]:
    """Return what is serious or critical on the page once it is drawn, as "rule (what it asks): where".

    The script is evaluated from outside, so that no content security policy stands against it.
    """
    drawn(page)
    page.evaluate(axe_script())
    return page.evaluate(_RUN)


@cache
def axe_script() -> str:
    """Return the script of the version that the lock names."""
    return (web_packages() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
