"""Which files of a data folder a backup holds: what cannot be computed again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gis.faults import FaultsError
from layers.current import VERSION, current_version, pointed_version
from layers.soundness import damaged_layers
from layers.store import layer_path, read_build


def kept_files(data_dir: Path) -> tuple[list[str], list[str]]:
    """Return the builds, the layers they name and the pointer; never sources, caches or logs.

    Returns
    -------
    kept, lacking
        Names below the data folder: what is there, and what a build names but is missing or damaged.
    """
    kept, lacking = set(), set()
    for path in sorted(data_dir.glob("builds/*.json")):
        if not VERSION.fullmatch(path.stem):
            continue
        try:
            build = read_build(data_dir, path.stem)
        except FaultsError:
            lacking.add(f"builds/{path.name}")
            continue
        kept.add(f"builds/{path.name}")
        versions = {name: str(one["version"]) for name, one in build["layers"].items()}
        damaged = damaged_layers(data_dir, versions)
        for name, version in versions.items():
            stored = layer_path(data_dir, name, version).relative_to(data_dir).as_posix()
            (lacking if name in damaged else kept).add(stored)
    if pointed_version(data_dir) is not None:
        kept.add("current")
    return sorted(kept), sorted(lacking)


def current_county(data_dir: Path) -> Mapping[str, str]:
    """Return code, name and version of the current build, nothing if there is none that can be read."""
    version = current_version(data_dir)
    try:
        build: Mapping[str, Any] = read_build(data_dir, version) if version else {}
    except FaultsError:
        build = {}
    return {name: str(build[name]) for name in ("code", "name", "version") if name in build}
