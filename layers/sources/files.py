"""Whether a path can be read at all, and what a person may have meant by a misspelt name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from gis.faults import Fault, FaultsError
from layers.county_spec import LayerSpec


def file_fault(path: Path, *, layer: str = "", max_bytes: int) -> Fault | None:
    """Say why a path is no file that can be read.

    Parameters
    ----------
    path
    layer
        Layer that it is the source of.
    max_bytes
        Largest size accepted.

    Returns
    -------
    Fault or None
    """
    try:
        if path.is_dir():
            return Fault("folder-not-file", layer=layer, file=path.name, value=str(path))
        if not path.is_file():
            params = {"closest": _closest_file(path)}
            return Fault("missing-file", layer=layer, file=path.name, value=str(path), params=params)
        with path.open("rb"):
            pass
    except OSError as error:  # no right to read, a name too long, a disk that is gone
        return Fault("unreadable-file", layer=layer, file=path.name, value=error.strerror or str(error))
    if (size := path.stat().st_size) > max_bytes:
        params_size = {"limit_mb": max_bytes // 1_000_000}
        return Fault("file-too-large", layer=layer, file=path.name, value=f"{size} B", params=params_size)
    return None


def readable_source(spec: LayerSpec, *, max_bytes: int) -> Path:
    """Return the file of a layer.

    Parameters
    ----------
    spec
    max_bytes
        Largest size accepted.

    Raises
    ------
    FaultsError
        If it is no file that can be read.
    """
    path = spec.source or Path()
    if (fault := file_fault(path, layer=spec.name, max_bytes=max_bytes)) is not None:
        raise FaultsError([fault])
    return path


def _closest_file(path: Path) -> str:
    """Return the file of that folder whose name comes nearest, its ending aside; empty if none does."""
    names = [entry.name for entry in path.parent.iterdir() if entry.is_file()] if path.parent.is_dir() else []
    stem = closest(path.stem, [Path(name).stem for name in names])
    alike = sorted(name for name in names if stem and Path(name).stem == stem)
    return closest(path.name, alike) or next(iter(alike), "")


def closest(word: str, known: Sequence[str]) -> str:
    """Return the known word that comes nearest to a misspelt one, empty if none does."""
    lowered = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.5)
    return lowered[found[0]] if found else ""
