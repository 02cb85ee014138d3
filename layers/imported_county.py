"""All layers of a county on their way into the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from geopandas import GeoDataFrame

from layers.county_spec import CountySpec
from layers.imported_layer import ImportedLayer


@dataclass(frozen=True, eq=False)
class ImportedCounty:
    """What came out of the sources of a county.

    Parameters
    ----------
    spec
    crs
        Projected CRS in which it is measured.
    layers
        Those that could be read.
    """

    spec: CountySpec
    crs: str
    layers: Mapping[str, ImportedLayer]
    _metric: dict[str, GeoDataFrame] = field(default_factory=dict)

    def metric(self, name: str) -> GeoDataFrame:
        """Return the frame of a layer in the projected CRS."""
        if name not in self._metric:
            frame = self.layers[name].frame
            if not isinstance(frame, GeoDataFrame):
                raise TypeError(f"layer {name} has no geometry")
            self._metric[name] = frame.to_crs(self.crs)
        return self._metric[name]

    def remember_metric(self, name: str, frame: GeoDataFrame) -> None:
        """Spare a projection that is known already."""
        self._metric[name] = frame

    def with_layers(self, *layers: ImportedLayer) -> ImportedCounty:
        """Return the county with some layers replaced."""
        changed = {layer.spec.name: layer for layer in layers}
        kept = {name: frame for name, frame in self._metric.items() if name not in changed}
        return ImportedCounty(self.spec, self.crs, {**self.layers, **changed}, kept)

    def without(self, names: set[str]) -> ImportedCounty:
        """Return the county without some layers, for checks that they would only confuse."""
        layers = {name: layer for name, layer in self.layers.items() if name not in names}
        return ImportedCounty(self.spec, self.crs, layers, self._metric)
