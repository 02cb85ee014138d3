"""On counties that nobody has seen: the empty scenario is the plan, and scheme 0 is what stands."""

import json
import random
import shutil

import numpy as np
import pytest
import toy_county
from typer.testing import CliRunner

from api.cli.commands import app
from layers.build import build_county

SERVICES = ("elder-centre", "hub", "service-room")
KINDS = {"elder-centre": ("elder-home", "elder-centre"), "hub": ("hub",), "service-room": ("service-room",)}


@pytest.fixture(scope="module", params=range(3))
def county(request, tmp_path_factory):
    """A county with places, people and facilities drawn at random; the facilities by id: (kind, capacity)."""
    chance = random.Random(request.param)
    junctions = [(x, y) for x in range(toy_county.COLUMNS) for y in range(toy_county.ROWS)]
    places = {
        f"1{k:04}": (
            f"第{k}村",
            "T1" if x < 2 else "T2",
            x,
            y,
            *(chance.randint(100, 900) for _ in range(2)),
            50,
            40,
            9,
            20,
        )
        for k, (x, y) in enumerate(chance.sample(junctions, 9))
    }
    kinds = [chance.choice(["elder-home", "elder-centre", "hub", "service-room"]) for _ in range(2 * request.param)]
    facilities = {
        f"S{k}": (f"设施{k}", kind, "village", "T1" if x < 2 else "T2", x, y, chance.randint(5, 60))
        for k, (kind, (x, y)) in enumerate(zip(kinds, chance.sample(junctions, len(kinds)), strict=True))
    }
    folder = tmp_path_factory.mktemp("county")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(toy_county, "VILLAGES", places)
        patch.setattr(toy_county, "NEIGHBOURHOODS", {})
        patch.setattr(toy_county, "FACILITIES", facilities or {"S9": ("镇政府", "township-office", "", "T1", 1, 1, "")})
        toml = toy_county.write_toy_county(folder / "files")
    text = toml.read_text(encoding="utf-8")
    for part in (
        '[layers.neighbourhoods]\nsource = "neighbourhoods.csv"\n',
        '[layers.roster]\nsource = "roster.xlsx"\n',
    ):
        text = text.replace(part, "")
    toml.write_text(text.replace("resident = 3900\n", ""), encoding="utf-8")
    build_county(toml, data_dir=folder / "data")
    return folder / "data", facilities


@pytest.fixture
def run(county, monkeypatch, tmp_path):
    monkeypatch.setenv("COUNTYGRID_DATA", str(county[0]))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", f"sqlite:///{tmp_path / 'app.sqlite'}")

    def call(*words):
        answer = CliRunner().invoke(app, [*words, "--json"])
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    return call


@pytest.mark.parametrize("service", SERVICES)
def test_the_empty_scenario_is_the_plan_computed_on_its_own(county, run, service):
    words = ("--service", service, *(("--p", "3") if service != "hub" else ()))
    made = json.loads(run("scenario", "new", "空", *words))
    first = run("scenario", "run", made["id"])
    shutil.rmtree(county[0] / "cache")
    plan = run("plan", *words)
    assert first == plan
    assert json.loads(plan)["status"] == "optimal"


@pytest.mark.parametrize("service", SERVICES)
def test_scheme_0_sends_everyone_to_the_nearest_of_what_stands(county, run, service, tmp_path):
    told = json.loads(run("scenario", "run", "--scheme-0", "--service", service))
    standing = {id_: row for id_, row in county[1].items() if row[1] in KINDS[service]}
    assert set(told["opened"]) == set(standing)
    assert told["status"] == ("as-it-stands" if standing else "no-service")
    matrix = tmp_path / "m.npz"
    more = ("--p", "3") if service != "hub" else ()
    CliRunner().invoke(app, ["matrix", "--service", service, *more, "--out", str(matrix)])
    with np.load(matrix) as file:
        columns = [file["destination_ids"].tolist().index(id_) for id_ in standing]
        nearest = file["values"][:, columns].min(axis=1) if standing else None
        people = file["weights"]
    if nearest is None:
        assert {row["seconds"] for row in told["allocation"]} == {None}
        assert told["measures"]["mean_s"] is told["measures"]["worst_s"] is None
        assert told["measures"]["people_within_limit"] == 0
    else:
        assert [row["seconds"] for row in told["allocation"]] == nearest.tolist()
        assert told["measures"]["mean_s"] == pytest.approx(people @ nearest / people.sum())
        assert [site["capacity"] for site in told["facilities"]] == [standing[id_][-1] for id_ in told["opened"]]
    assert told["measures"]["people_total"] == people.sum()
