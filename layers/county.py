"""A county that has been built: its manifest and its layers, read when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame

from gis.faults import Fault, FaultsError
from layers.current import current_version, is_pointer_lost
from layers.schema import UNIT_LAYERS
from layers.soundness import FileState, file_state
from layers.store import Manifest, layer_path, read_build, read_layer


@dataclass(frozen=True, eq=False)
class County:
    """One build of a county.

    Parameters
    ----------
    data_dir
    manifest
        ``name``, ``code``, ``version``, ``crs`` (projected), ``geographic_crs``, ``layers``
        (version, count, source, licence, origin, reconstructed of each), ``warnings``; ``services`` where the county
        file has some.
    """

    data_dir: Path
    manifest: Manifest
    _frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    _unreadable: dict[str, FileState] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the county."""
        return str(self.manifest["name"])

    @property
    def code(self) -> str:
        """Six-digit code."""
        return str(self.manifest["code"])

    @property
    def version(self) -> str:
        """Hash of the content of all layers."""
        return str(self.manifest["version"])

    @property
    def crs(self) -> str:
        """Projected CRS to measure in."""
        return str(self.manifest["crs"])

    @property
    def layers(self) -> dict[str, dict[str, Any]]:
        """What the manifest says of each layer."""
        layers: dict[str, dict[str, Any]] = self.manifest["layers"]
        return layers

    @property
    def services(self) -> tuple[dict[str, Any], ...]:
        """Rows of the table of services that are the county's own."""
        return tuple(self.manifest.get("services", ()))

    def has(self, name: str) -> bool:
        """Tell whether the county has a layer."""
        return name in self.layers

    def table(self, name: str) -> pd.DataFrame:
        """Return a layer, with or without geometry.

        Parameters
        ----------
        name

        Returns
        -------
        DataFrame
            Index ``id``. Shared between callers: do not change it, take a copy.

        Raises
        ------
        FaultsError
            ``missing-layer`` if the county has none of that name.
        """
        if name not in self.layers:
            raise FaultsError([Fault("missing-layer", layer=name, field=f"layers.{name}", value=name)])
        if name not in self._frames:
            version = str(self.layers[name]["version"])
            before = file_state(layer_path(self.data_dir, name, version))
            try:
                self._frames[name] = read_layer(self.data_dir, name, version)
            except FaultsError:
                self._unreadable[name] = before
                raise
        return self._frames[name]

    def unreadable(self) -> list[str]:
        """Return the layers that could not be read when they were asked for, and whose file is still the same."""
        return [
            name
            for name, state in list(self._unreadable.items())
            if name not in self._frames
            and state == file_state(layer_path(self.data_dir, name, str(self.layers[name]["version"])))
        ]

    def layer(self, name: str) -> GeoDataFrame:
        """Return a layer that has geometry, in the geographic CRS; as ``table``.

        Raises
        ------
        FaultsError
            ``missing-layer``.
        TypeError
            If the layer is a plain table such as the roster.
        """
        frame = self.table(name)
        if not isinstance(frame, GeoDataFrame):
            raise TypeError(f"layer {name} has no geometry; use table()")
        return frame

    @property
    def demand(self) -> GeoDataFrame:
        """Villages and neighbourhoods with a column ``kind`` (village, neighbourhood).

        Columns of figures that only one of the two layers has are left out.
        """
        if "demand" not in self._frames:
            parts = {name: self.layer(name) for name in UNIT_LAYERS if name in self.layers}
            self._frames["demand"] = _together(parts)
        demand: GeoDataFrame = self._frames["demand"]
        return demand


def open_county(data_dir: Path, *, version: str | None = None) -> County:
    """Open a build of a county.

    Parameters
    ----------
    data_dir
    version
        An earlier build; the current one if not given.

    Returns
    -------
    County

    Raises
    ------
    FaultsError
        ``no-county`` before the first build, ``lost-pointer`` if nothing says which of several builds is
        the current one, ``no-such-build`` for an unknown version, ``damaged-store`` for a damaged one.
    """
    wanted = version or current_version(data_dir)
    if wanted is None and is_pointer_lost(data_dir):
        raise FaultsError([Fault("lost-pointer", file="current")])
    if wanted is None:
        raise FaultsError([Fault("no-county", file=str(data_dir))])
    return County(data_dir, read_build(data_dir, wanted))


def _together(parts: dict[str, GeoDataFrame]) -> GeoDataFrame:
    frames = [frame.assign(kind=name.removesuffix("s")) for name, frame in parts.items()]
    every = dict.fromkeys(column for frame in frames for column in frame.columns)
    texts = [column for column in ("township_id", "community") if column in every]
    shared = [column for column in every if column in texts or all(column in frame for frame in frames)]
    return pd.concat([frame.reindex(columns=shared).fillna(dict.fromkeys(texts, "")) for frame in frames])
