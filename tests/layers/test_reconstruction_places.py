"""Linyi's townships, villages, people, facilities and roster, read back from the written files."""

import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.spatial import KDTree

from layers.reconstruction.facts import read_facts
from layers.reconstruction.population import apportion
from layers.reconstruction.townships import partition_townships
from layers.reconstruction.write import write_linyi

METRES = "EPSG:4548"
PEOPLE = ["resident", "registered", "age_60_plus", "age_65_plus", "age_80_plus", "age_5_14"]
CODE = {"邢侗": "371424001", "恒源": "371424002", "临盘": "371424003", "临邑": "371424100", "临南": "371424102"}
CODE |= {"德平": "371424103", "林子": "371424104", "兴隆": "371424105", "孟寺": "371424106", "宿安": "371424202"}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.getbasetemp() / "linyi"  # shared with the road tests
    return written if (written / "county.toml").exists() else write_linyi(written).parent


@pytest.fixture(scope="session")
def townships(folder: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(folder / "townships.gpkg").set_index("id").to_crs(METRES)


@pytest.fixture(scope="session")
def units(folder: Path) -> gpd.GeoDataFrame:
    text = {"id": str, "township_id": str}
    tables = {kind: pd.read_csv(folder / f"{kind}.csv", dtype=text) for kind in ("villages", "neighbourhoods")}
    table = pd.concat([t.assign(layer=kind) for kind, t in tables.items()]).set_index("id")
    points = gpd.points_from_xy(table["lon"], table["lat"], crs="EPSG:4490")
    return gpd.GeoDataFrame(table, geometry=points).to_crs(METRES)


@pytest.fixture(scope="session")
def villages(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return units[units["layer"] == "villages"]


def gini(people: np.ndarray) -> float:
    ordered = np.sort(people)
    lorenz = np.concatenate([[0], ordered.cumsum() / ordered.sum()])
    return float(1 - (lorenz[1:] + lorenz[:-1]).sum() / len(ordered))


def test_description_names_a_source_and_a_licence_for_every_layer(folder):
    spec = tomllib.loads((folder / "county.toml").read_text(encoding="utf-8"))
    assert spec["county"]["name"] == "临邑县"
    assert spec["county"]["code"] == "371424"
    for layer in spec["layers"].values():
        assert (folder / layer["source"]).is_file()
        assert layer["licence"]
        assert layer["origin"]
    assert spec["layers"]["county"]["reconstructed"] == []
    assert {"geometry", *PEOPLE} == set(spec["layers"]["villages"]["reconstructed"])


def test_townships_partition_the_county_exactly(folder):
    county = gpd.read_file(folder / "county.geojson").geometry.iloc[0]
    parts = gpd.read_file(folder / "townships.gpkg").geometry
    assert (parts.geom_type == "Polygon").all()
    assert parts.is_valid.all()
    assert shapely.coverage_is_valid(parts.to_numpy())
    assert shapely.area(parts.to_numpy()).sum() == pytest.approx(county.area, rel=1e-9)
    assert shapely.symmetric_difference(parts.union_all(), county).area < county.area * 1e-9


def test_county_keeps_the_real_outline(folder):
    real = read_facts().outline_degrees
    written = gpd.read_file(folder / "county.geojson").geometry.iloc[0]
    corners = {tuple(np.round(xy, 6)) for xy in shapely.get_coordinates(written).tolist()}
    assert {tuple(xy) for xy in shapely.get_coordinates(real).tolist()} <= corners
    assert shapely.symmetric_difference(real, written).area < real.area * 1e-5


def test_township_areas_follow_published_figures_and_villages(townships, villages):
    area_km2 = townships.area / 1e6
    assert area_km2[CODE["孟寺"]] == pytest.approx(123.62, rel=0.01)
    assert area_km2[CODE["临盘"]] == pytest.approx(136.0, rel=0.01)
    per_village = area_km2 / villages.groupby("township_id").size()
    assert per_village.between(1.0, 1.45).all()


def test_townships_lie_in_the_known_arrangement(townships):
    middle = townships.centroid
    centre = gpd.points_from_xy([116.861], [37.192], crs="EPSG:4490").to_crs(METRES)[0]
    place = {name: middle[code] for name, code in CODE.items()}
    assert townships.geometry[CODE["邢侗"]].contains(centre)
    assert townships.geometry[CODE["恒源"]].distance(centre) < 4000
    assert place["临盘"].x < centre.x - 5000
    assert place["孟寺"].x > centre.x + 5000
    assert place["孟寺"].y < centre.y
    assert place["宿安"].y > place["孟寺"].y
    assert place["德平"].y == max(middle.y)
    assert {"临南", "兴隆"} == set(sorted(place, key=lambda name: place[name].y)[:2])
    assert place["林子"].y > centre.y
    for west in ("邢侗", "临邑"):
        assert shapely.length(townships.geometry[CODE["孟寺"]].intersection(townships.geometry[CODE[west]])) > 300


def test_units_are_the_857_villages_and_8_urban_committees(units):
    real = read_facts().units
    assert sorted(units.index) == sorted(real.index)
    assert units["layer"].value_counts().to_dict() == {"villages": 857, "neighbourhoods": 8}
    assert (units["official_name"] == real["official_name"].reindex(units.index)).all()
    assert not units["name"].str.contains("委员会").any()


def test_units_stand_in_their_township_clear_of_its_border(units, townships):
    home = townships.geometry.reindex(units["township_id"]).to_numpy()
    assert shapely.contains(home, units.geometry.to_numpy()).all()
    assert shapely.distance(shapely.boundary(home), units.geometry.to_numpy()).min() >= 50


def test_no_two_units_are_nearer_than_300_m_and_they_form_no_lattice(units):
    xy = shapely.get_coordinates(units.geometry)
    nearest_m = KDTree(xy).query(xy, k=2)[0][:, 1]
    assert nearest_m.min() >= 300
    assert nearest_m.std() / nearest_m.mean() > 0.15


def test_members_of_a_community_are_neighbours_around_its_village(villages):
    xy = shapely.get_coordinates(villages.geometry)
    key = (villages["township_id"] + villages["community"].fillna("")).to_numpy()
    inside = villages["community"].notna().to_numpy()
    nearest = KDTree(xy).query(xy, k=7)[1][:, 1:]
    size = pd.Series(key).map(pd.Series(key).value_counts()).to_numpy()
    has_neighbour = (key[nearest] == key[:, None]).any(axis=1)
    assert has_neighbour[inside & (size > 1)].mean() > 0.98
    for (_, community), group in villages[inside].groupby(["township_id", "community"]):
        points = shapely.get_coordinates(group.geometry)
        far_m = np.hypot(*(points - points.mean(axis=0)).T)
        assert far_m.max() < 1300 * np.sqrt(len(group)) + 300, community
        named = (group["name"].str.removesuffix("村") == community.removesuffix("社区")).to_numpy()
        if named.any() and len(group) > 4:
            assert far_m[named].min() <= np.median(far_m) + 1, community


def test_people_add_up_to_the_published_totals(units):
    total = units[PEOPLE].sum()
    assert total["resident"] == 473_421
    assert total["registered"] == 545_000
    assert total["age_60_plus"] == 103_265
    assert total["age_65_plus"] == 76_652
    assert total["age_80_plus"] == 11_412
    assert total["age_5_14"] == 15_377 + 13_814 + 15_628 + 13_994
    assert units.loc[units["township_id"] == CODE["孟寺"], "registered"].sum() == 46_016


def test_age_bands_fit_inside_each_unit(units):
    assert (units["age_80_plus"] <= units["age_65_plus"]).all()
    assert (units["age_65_plus"] <= units["age_60_plus"]).all()
    assert (units["age_60_plus"] + units["age_5_14"] <= units["resident"]).all()
    elders = units.groupby("layer")[["age_60_plus", "resident"]].sum()
    share = elders["age_60_plus"] / elders["resident"]
    assert share["villages"] > 1.5 * share["neighbourhoods"]


@pytest.mark.parametrize("base", ["resident", "registered"])
def test_village_sizes_are_unequal_as_in_the_countryside(villages, base):
    people = villages[base].to_numpy()
    assert 0.30 <= gini(people) <= 0.45
    assert ((people >= 100) & (people <= 2000)).mean() > 0.95


def test_towns_hold_the_people_that_villages_cannot(units):
    urban = units[units["layer"] == "neighbourhoods"]
    assert urban["registered"].sum() == 116_000
    assert urban["resident"].sum() == 126_000


def test_facilities_are_the_county_centre_offices_and_old_homes(folder, townships):
    table = pd.read_excel(folder / "facilities.xlsx", engine="openpyxl", dtype={"township_id": str}).set_index("id")
    assert table["kind"].value_counts().to_dict() == {"township-office": 12, "elder-home": 12, "county-centre": 1}
    assert (table["status"] == "existing").all()
    assert table.loc[table["kind"] == "county-centre", "floor_area_m2"].tolist() == [18_000]
    assert table.loc[table["kind"] == "elder-home", "capacity"].between(30, 80).all()
    assert table.groupby("kind")["township_id"].nunique()[["township-office", "elder-home"]].tolist() == [12, 12]
    points = gpd.GeoSeries(gpd.points_from_xy(table["lon"], table["lat"], crs="EPSG:4490")).to_crs(METRES)
    assert shapely.contains(townships.geometry.reindex(table["township_id"]).to_numpy(), points.to_numpy()).all()


def test_roster_has_an_a_and_a_b_for_every_unit(folder, units):
    table = pd.read_excel(folder / "roster.xlsx", engine="openpyxl", dtype=str)
    assert table["id"].is_unique
    assert sorted(table["village_id"] + table["role"]) == sorted(code + role for code in units.index for role in "AB")
    assert table["name"].str.fullmatch(r".+网格员[AB]").all()
    assert table["phone"].isna().all()
    away = table["on_duty"] == "no"
    assert 0.01 < away[table["role"] == "A"].mean() < 0.08
    assert not away[table["role"] == "B"].any()


def test_another_seed_draws_other_borders_of_the_same_county():
    facts = read_facts()
    one, two = (partition_townships(facts, rng=np.random.default_rng(seed)) for seed in (1, 2))
    assert not one.geometry.geom_equals(two.geometry).any()
    assert one.area.sum() == pytest.approx(two.area.sum(), rel=1e-9)


def test_apportion_shares_every_person_within_one_of_the_quota():
    share = apportion(10, [1, 1, 1])
    assert share.sum() == 10
    assert sorted(share.tolist()) == [3, 3, 4]
