"""The ground of the map over HTTP: any county has one, it is drawn once, and sent once to each browser."""

import pytest
from callers import call
from line_county import line
from toy_county import NEIGHBOURHOODS, TOWNSHIPS, VILLAGES, lon_lat, write_geojson

from api.actions import ground as drawing
from api.place_views import GroundAnswer
from api.settings import Settings
from gis.ground.plane import points_of
from layers.build import build_county


@pytest.fixture
def ground(client):
    return client.get("/api/ground").json()


BARE = """\
[county]
name = "某县"
code = "371499"

[layers.roads]
source = "roads.geojson"
noding = true

[layers.villages]
source = "villages.csv"
"""


@pytest.fixture
def bare_site(tmp_path):
    """Two villages on roads without a name: no outline, townships, rivers, streets."""
    (tmp_path / "county.toml").write_text(BARE, encoding="utf-8")
    rows = [f"{name},{name}庄,{lon},{lat},9" for name, (lon, lat) in (("1", lon_lat(0, 1)), ("2", lon_lat(1, 3)))]
    (tmp_path / "villages.csv").write_text("\n".join(["id,name,lon,lat,resident", *rows]), encoding="utf-8")
    lines = (("县道", line((0, 1), (4, 1))), ("村道", line((1, 1), (1, 3))))
    write_geojson(tmp_path / "roads.geojson", [{"road_class": name, "geometry": drawn} for name, drawn in lines])
    build_county(tmp_path / "county.toml", data_dir=tmp_path / "data")
    with call(Settings(data=tmp_path / "data")) as client:
        yield client


def test_the_answer_has_the_form_that_is_declared(ground):
    GroundAnswer.model_validate(ground)


def test_the_toy_county_is_drawn_to_scale(ground):
    assert ground["size"] == pytest.approx([5000, 4000], rel=0.01)
    (outline,) = ground["county"]
    spread = points_of(outline).max(axis=0) - points_of(outline).min(axis=0)
    assert spread.tolist() == pytest.approx([5000, 4000], rel=0.01)
    assert ground["bands"][0]["roads"].keys() == {"tertiary"}
    assert ground["bands"][-1]["roads"].keys() == {"tertiary", "residential"}
    assert sum(map(len, ground["bridges"].values())) == 4  # where four rows cross the river


def test_everything_that_has_a_name_is_named(ground):
    names = ground["names"]
    assert {name for _, _, name in names["townships"]} == {name for name, *_ in TOWNSHIPS.values()}
    by_people = sorted((*VILLAGES.values(), *NEIGHBOURHOODS.values()), key=lambda unit: -unit[4])
    assert [name for _, _, name in names["villages"]] == [name for name, *_ in by_people]
    assert [river["name"] for river in names["rivers"]] == ["徒骇河"]
    assert names["roads"][0]["name"] == "横1路"  # the tertiary one


def test_a_browser_that_has_the_ground_is_not_sent_it_again(client):
    first = client.get("/api/ground")
    again = client.get("/api/ground", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = client.get("/api/ground", headers={"Accept-Encoding": "identity"})
    assert first.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.json() == first.json()


def test_the_ground_is_drawn_once_for_a_build_however_often_the_service_starts(settings, monkeypatch):
    drawn = []
    real = drawing.county_ground
    monkeypatch.setattr(drawing, "county_ground", lambda layers: drawn.append(1) or real(layers))
    for cached in settings.cache.folder.glob("ground-*"):
        cached.unlink()
    told = []
    for _ in range(2):
        with call(settings) as client:
            told += [client.get("/api/ground").content for _ in range(2)]
    assert len(drawn) == 1
    assert len(set(told)) == 1


def test_a_county_of_villages_and_nameless_roads_has_a_ground_too(bare_site):
    ground = bare_site.get("/api/ground").json()
    GroundAnswer.model_validate(ground)
    for absent in ("county", "townships", "settlements", "rivers"):
        assert ground[absent] == []
    assert ground["names"] | {"villages": []} == {"townships": [], "villages": [], "roads": [], "rivers": []}
    assert [name for _, _, name in ground["names"]["villages"]] == ["1庄", "2庄"]
    assert ground["bands"][-1]["roads"].keys() == {"tertiary", "residential"}
