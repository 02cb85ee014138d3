"""A county of three villages for tests of pages and exports."""

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point

VILLAGES = gpd.GeoDataFrame(
    {
        "name": ["东村", "西村</script>", "北村"],
        "resident": [100, 250, 400],
        "geometry": [Point(116.8, 37.1), Point(116.9, 37.1), Point(116.85, 37.2)],
    },
    index=["a", "b", "c"],
    crs="EPSG:4490",
)
ROADS = gpd.GeoDataFrame(
    {
        "road_class": ["primary", "primary", "residential", "footway"],
        "bridge": [False, True, False, False],
        "geometry": [
            LineString([(116.8, 37.1), (116.85123456, 37.1)]),
            LineString([(116.85123456, 37.1), (116.9, 37.1)]),
            LineString([(116.85, 37.1), (116.85, 37.2)]),
            LineString([(116.85, 37.2), (116.86, 37.2)]),
        ],
    },
    crs="EPSG:4490",
)
INFO = {
    "county": {"name": "试县", "code": "000000", "area_km2": None, "crs": "EPSG:4548"},
    "layers": {
        "villages": {"count": 3, "source": "villages.csv", "reconstructed": ["geometry", "resident"]},
        "roads": {"count": 4, "source": "roads.osm.pbf", "reconstructed": []},
        "roster": {"count": 2, "source": "roster.xlsx", "reconstructed": ["name"]},
    },
    "version": "0123456789abcdef",
}
PLAN = {
    "status": "optimal", "sense": "min", "objective": 61200, "bound": 61200, "objective_unit": "person-seconds",
    "gap": 0.0, "proof": "certificate", "opened": ["c"], "solver": "HiGHS",
    "allocation": [
        {"demand_id": "a", "facility_id": "c", "seconds": 300}, {"demand_id": "b", "facility_id": "c", "seconds": None},
        {"demand_id": "c", "facility_id": "c", "seconds": 0},
    ],
    "measures": {
        "people_total": 750, "people_within_limit": 500, "mean_s": 81.6, "p95_s": 300, "worst_s": 300,
        "unreachable_people": 250,
    },
    "service": "elder-centre", "model": "p-median", "p": 1, "limit_minutes": 15, "mode": "car", "base": "resident",
    "county_version": "0123456789abcdef", "candidates": {"count": 3, "of": 3, "rule": "all"}, "reasons": [],
    "facilities": [
        {"id": "c", "name": "北村", "township": None, "lon": 116.85, "lat": 37.2, "people": 500, "mean_s": 81.6,
         "worst_s": 300},
    ],
    "spokes": [[116.8, 37.1, 116.85, 37.2]], "notes": ["beds-not-counted"], "weights_basis": "resident",
}  # fmt: skip


@pytest.fixture
def villages():
    return VILLAGES.copy()


@pytest.fixture
def roads():
    return ROADS.copy()


@pytest.fixture
def info():
    return INFO


@pytest.fixture
def plan():
    return PLAN
