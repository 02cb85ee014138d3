"""Whether the county was built anew since a scenario was made, and which layers differ then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.settings import Settings
from gis.faults import FaultsError
from layers.county import open_county
from layers.current import VERSION, current_version


def stale_of(settings: Settings, pinned: str) -> dict[str, Any] | None:
    """Return what has changed since a build, ``None`` if it is the current one.

    Parameters
    ----------
    settings
        Where the counties are stored.
    pinned
        Version of the build.

    Returns
    -------
    dict or None
        ``current``: version of the current build; ``layers``: ``added``, ``removed``, ``changed``, or ``None`` where
        one of the two builds is gone; ``other_county``: whether it is a build of another county altogether.
    """
    current = current_version(settings.data)
    if current is None or current == pinned:
        return None
    old, new = manifest_of(settings, pinned), manifest_of(settings, current)
    if old is None or new is None:
        return {"current": current, "layers": None, "other_county": False}
    return {
        "current": current,
        "layers": layers_changed(old["layers"], new["layers"]),
        "other_county": old["code"] != new["code"],
    }


def layers_changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return which layers were added, removed and changed between two manifests' layers."""
    both = [name for name in new if name in old]
    return {
        "added": [name for name in new if name not in old],
        "removed": [name for name in old if name not in new],
        "changed": [name for name in both if old[name]["version"] != new[name]["version"]],
    }


def manifest_of(settings: Settings, version: str) -> Mapping[str, Any] | None:
    """Return the manifest of a build that is stored here, ``None`` if there is none that can be read."""
    if not VERSION.fullmatch(version):
        return None
    try:
        return open_county(settings.data, version=version).manifest
    except FaultsError:
        return None
