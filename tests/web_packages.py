"""npm packages that only tests need, in the versions that the lock names, kept apart from what the product installs."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from maps.assets import ROOT, fingerprint, install_packages


@cache
def web_packages() -> Path:
    """Return the folder that holds them, fetched once for a lock; test processes side by side do not disturb it."""
    kept = ROOT / ".pytest_cache" / f"web-{fingerprint(ROOT)[:12]}"
    if not kept.is_dir():
        kept.parent.mkdir(exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=kept.parent))
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(ROOT / name, fresh / name)
        install_packages(fresh, for_tests=True)
        with suppress(OSError):  # another process was first
            fresh.rename(kept)
        shutil.rmtree(fresh, ignore_errors=True)
    return kept / "node_modules"
