"""What is known of Linyi: the files of ``layers/data/linyi``, read and nothing added."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO, StringIO

import geopandas as gpd
import pandas as pd
from shapely import Polygon

COUNTY_NAME = "临邑县"
COUNTY_CODE = "371424"
GEOGRAPHIC_CRS = "EPSG:4490"
METRIC_CRS = "EPSG:4548"

RESIDENT = 473_421
REGISTERED = 545_000
MENGSI = "371424106"
MENGSI_REGISTERED = 46_016
AREAS_KM2 = {MENGSI: 123.62, "371424003": 136.0}
"""The only published township areas: 孟寺镇 (2020) and, less surely, 临盘 (before 2010)."""

COUNTY_CENTRE = (116.8614, 37.1916)
"""Longitude and latitude of the county town's middle."""


@dataclass(frozen=True)
class LinyiFacts:
    """The published facts.

    Parameters
    ----------
    units
        865 rows indexed by code: ``official_name``, ``township_code``, ``kind``
        (村委会 or 居委会), ``community``, ``short_name``.
    townships
        12 rows indexed by code: ``name``, ``kind``.
    outline
        County outline in metres (EPSG:4548).
    outline_degrees
        The same as longitude and latitude.
    age_bands
        2020 census: ``from_age``, ``to_age``, ``male``, ``female``.
    """

    units: pd.DataFrame
    townships: pd.DataFrame
    outline: Polygon
    outline_degrees: Polygon
    age_bands: pd.DataFrame

    def village_counts(self) -> dict[str, int]:
        """Count the village committees of each township code."""
        villages = self.units.loc[self.units["kind"] == "村委会", "township_code"]
        return {str(code): int(count) for code, count in villages.value_counts(sort=False).items()}

    def people_aged(self, *, from_age: int, below: int = 200) -> int:
        """Count residents of an age, from the census bands.

        Parameters
        ----------
        from_age, below
            Years; both must be the edges of bands.

        Returns
        -------
        int
        """
        bands = self.age_bands[(self.age_bands["from_age"] >= from_age) & (self.age_bands["from_age"] < below)]
        return int(bands[["male", "female"]].to_numpy().sum())


def read_facts() -> LinyiFacts:
    """Read the package data.

    Returns
    -------
    LinyiFacts
    """
    outline = gpd.read_file(BytesIO(_file("outline.geojson").encode())).set_crs(GEOGRAPHIC_CRS, allow_override=True)
    return LinyiFacts(
        units=_table("units.csv"),
        townships=_table("townships.csv"),
        outline=outline.to_crs(METRIC_CRS).geometry.iloc[0],
        outline_degrees=outline.geometry.iloc[0],
        age_bands=pd.read_csv(StringIO(_file("age_bands.csv"))),
    )


def to_metres(lon: float, lat: float) -> tuple[float, float]:
    """Project one point to EPSG:4548.

    Parameters
    ----------
    lon, lat
        Degrees.

    Returns
    -------
    x, y
        Metres.
    """
    point = gpd.points_from_xy([lon], [lat], crs=GEOGRAPHIC_CRS).to_crs(METRIC_CRS)
    return float(point.x[0]), float(point.y[0])


def _file(name: str) -> str:
    return files("layers.data.linyi").joinpath(name).read_text(encoding="utf-8")


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(_file(name)), dtype=str, keep_default_na=False).set_index("code")
