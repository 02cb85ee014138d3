"""Which stored layers are plainly damaged, found without reading them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from layers.store import GPKG_HEAD, layer_path

FileState = tuple[int, int, int] | None


def file_state(path: Path) -> FileState:
    """Return what changes when a file is written again, ``None`` if it is not there."""
    try:
        known = path.stat()
    except OSError:
        return None
    return known.st_ino, known.st_mtime_ns, known.st_size


def damaged_layers(data_dir: Path, versions: Mapping[str, str]) -> list[str]:
    """Return the layers whose file is gone or plainly no GeoPackage, without reading them.

    Parameters
    ----------
    data_dir
    versions
        By layer.
    """
    return [name for name, version in versions.items() if not _looks_sound(layer_path(data_dir, name, version))]


def _looks_sound(path: Path) -> bool:
    """Tell whether a file begins as a GeoPackage does and is as long as it says of itself."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
        size = path.stat().st_size
    except OSError:
        return False
    if len(head) < 100 or not head.startswith(GPKG_HEAD):
        return False
    page = int.from_bytes(head[16:18], "big")
    return size >= int.from_bytes(head[28:32], "big") * (65536 if page == 1 else page)
