"""A plan is adopted by the ids that it tells: its sites stand where it opened them, none of them twice."""

import openpyxl
import pytest
from callers import asked, call
from toy_county import lon_lat, write_toy_county

from api.settings import Settings
from layers.build import build_county

PLAN = {"service": "elder-centre", "model": "p-median", "p": 3}
NAMES = {"F4": "00005", "F2": "facility 00006"}
"""Facilities that are called as a village is, or as a candidate would be that had to be told apart."""


@pytest.fixture(scope="module")
def namesakes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("namesakes")
    toml = write_toy_county(folder / "files")
    book = openpyxl.load_workbook(folder / "files" / "facilities.xlsx")
    for cell in next(book.active.columns):
        cell.value = NAMES.get(cell.value, cell.value)
    book.save(folder / "files" / "facilities.xlsx")
    build_county(toml, data_dir=folder / "data")
    return folder / "data"


@pytest.fixture
def client(namesakes, tmp_path):
    with call(Settings(data=namesakes, database_url=f"sqlite:///{tmp_path / 'app.sqlite'}")) as made:
        yield made


def plan_of(client, **more):
    return asked(client, "/api/plans", PLAN | more)["result"]


@pytest.mark.parametrize("status", ["existing", "closable"])
@pytest.mark.parametrize("with_positions", [True, False])
def test_an_adopted_plan_is_the_plan_whatever_its_sites_are_called(client, status, with_positions):
    keep = {"status": {"facility 00005": "existing", "河口": "required"}}
    made = plan_of(client, **keep)
    assert {"facility 00005", "00006"} < set(made["opened"])
    places = {site["id"]: [site["lon"], site["lat"]] for site in made["facilities"]}
    sites = [{"target": id_} | ({"at": at} if with_positions else {}) for id_, at in places.items()]
    adopted = {"op": "adopted", "target": "elder-centre", "sites": sites}
    again = plan_of(client, edits=[adopted], status={"facility 00005": "existing"} if status == "existing" else {})
    assert (again["opened"], again["objective"]) == (made["opened"], made["objective"])
    assert again["candidates"]["count"] == made["candidates"]["count"]
    assert all(site["stands"] for site in again["facilities"])


def test_of_two_of_one_id_the_place_is_meant_and_the_facility_by_what_it_is(client):
    village, home = (
        plan_of(client, p=1, edits=[{"op": "adopted", "target": "elder-centre", "sites": [{"target": id_}]}])
        for id_ in ("00005", "facility 00005")
    )
    at = {site["id"]: (site["lon"], site["lat"]) for made in (village, home) for site in made["facilities"]}
    assert set(at) <= {"00005", "facility 00005"}
    assert at.get("facility 00005", lon_lat(0, 1)) == pytest.approx(lon_lat(0, 1), abs=1e-5)
