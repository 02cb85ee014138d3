"""One layer as it came out of its source, and where each row stood there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.faults import Fault
from layers.county_spec import LayerSpec


@dataclass(frozen=True, eq=False)
class ImportedLayer:
    """A layer on its way into the store.

    Parameters
    ----------
    spec
    frame : DataFrame or GeoDataFrame, (n,) rows
        Index ``id``; columns of the schema; geometry in the county's geographic CRS.
    rows : (n,) int64
        Row of the source of each row of the frame, 0 if it has none.
    """

    spec: LayerSpec
    frame: pd.DataFrame
    rows: NDArray[np.int64]

    def fault(self, code: str, *, at: int | None = None, **details: Any) -> Fault:
        """Return a fault of this layer, of row ``at`` of the frame if given."""
        row = int(self.rows[at]) if at is not None and self.rows[at] else None
        return Fault(code, layer=self.spec.name, file=self.spec.file, row=row, **details)

    def name_of(self, at: int) -> str:
        """Return the name of row ``at``, its id if it has none."""
        return str(self.frame["name"].iloc[at] or self.frame.index[at])

    def with_frame(self, frame: pd.DataFrame) -> ImportedLayer:
        """Return the layer with another frame of the same rows."""
        return replace(self, frame=frame)
