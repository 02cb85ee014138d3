"""What axe-core finds on a page: https://github.com/dequelabs/axe-core, kept apart from what the product installs."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from maps.assets import ROOT, fingerprint, install_packages

_APART = ROOT / ".pytest_cache" / "web"
_STAMP = ".lock-sha256"
_RUN = """
async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  const told = ({ id, help }, { target }) => `${id} (${help}): ${target.flat().join(" ")}`;
  return grave.flatMap((rule) => rule.nodes.map((node) => told(rule, node)));
}
"""


def serious_faults(page: Page) -> list[str]:
    """Return what is serious or critical on the page as it stands, as "rule (what it asks): where".

    The script is evaluated from outside, so that no content security policy stands against it.
    """
    page.evaluate(axe_script())
    return page.evaluate(_RUN)


@cache
def axe_script() -> str:
    """Return the script of the version that the lock names, fetched once."""
    script = _APART / "node_modules" / "axe-core" / "axe.min.js"
    stamp = _APART / _STAMP
    if not stamp.is_file() or stamp.read_text() != fingerprint(ROOT):
        _fetch(_APART)
        stamp.write_text(fingerprint(ROOT))
    return script.read_text(encoding="utf-8")


def _fetch(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(ROOT / name, folder / name)
    install_packages(folder, for_tests=True)
