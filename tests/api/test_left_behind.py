"""Who is left behind by a plan: by name over HTTP, as files, on the command line; in sum what the plan says."""

import csv
import io
import json

import openpyxl
import pyogrio
import pytest
from callers import asked
from toy_county import VILLAGES
from typer.testing import CliRunner

from api.cli.commands import app
from maps.report.place_list import PlaceList, write_places
from maps.report.workbook import SheetColumn

FAR = {"service": "elder-centre", "p": 1, "mode": "walk", "limit_minutes": 5}
FULL = {"service": "elder-centre", "model": "mclp", "p": 1, "capacity": 10, "limit_minutes": 60}
FULL["status"] = {"F4": "excluded"}  # which has forty beds


@pytest.fixture
def plan(client):
    def ask(body):
        run = asked(client, "/api/plans", body)
        return run["id"], run["result"]

    return ask


@pytest.mark.parametrize("body", [FAR, FULL], ids=["far", "full"])
def test_the_places_sum_to_what_the_plan_says_of_everyone(client, plan, body):
    name, made = plan(body)
    told = client.get(f"/api/runs/{name}/left-behind").json()
    measures = made["measures"]
    over = sum(one["people"] for one in told["places"] if one["reason"] == "over-capacity")
    outside = sum(one["people"] for one in told["places"] if one["reason"] != "over-capacity")
    assert (over, outside) == (measures["over_capacity_people"], measures["outside_people"])
    assert over + outside > 0
    for figure in ("people_total", "served_people", "over_capacity_people", "outside_people"):
        assert told["sums"][figure] == measures[figure]


def test_a_place_comes_with_township_elders_minutes_and_nearest_site(client, plan):
    name, made = plan(FAR)
    told = client.get(f"/api/runs/{name}/left-behind").json()
    seconds = {one["demand_id"]: one["seconds"] for one in made["allocation"]}
    for one in told["places"]:
        assert one["site_id"] in made["opened"]
        assert one["seconds"] == seconds[one["id"]] > 300
        assert one["minutes"] == pytest.approx(one["seconds"] / 60, abs=0.051)
        assert one["people"] == one["counted"] == one["age_60_plus"] >= one["age_80_plus"]
    people = [one["people"] for one in told["places"]]
    assert people == sorted(people, reverse=True)
    assert {one["id"] for one in told["places"]} & set(VILLAGES)
    assert (told["ages"], told["ages_basis"], told["crs"]) == (["age_60_plus", "age_80_plus"], "resident", "EPSG:4490")
    assert "population-reconstructed" in told["notes"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_csv_opens_in_excel_and_says_its_basis(client, plan, lang):
    name, _ = plan(FAR)
    told = client.get(f"/api/runs/{name}/left-behind").json()["places"]
    answer = client.get(f"/api/runs/{name}/left-behind?as=csv&lang={lang}")
    assert answer.content.startswith("\ufeff".encode())
    assert f'filename="left-behind-{name[:8]}.csv"' in answer.headers["content-disposition"]
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert head[:5] == (
        ["代码", "村(居)", "乡镇", "原因", "未得到服务(人)"]
        if lang == "zh"
        else ["Code", "Place", "Township", "Reason", "Left behind (people)"]
    )
    assert [(row[0], row[1], int(row[4])) for row in rows] == [(one["id"], one["name"], one["people"]) for one in told]
    note = "人口为模拟数据" if lang == "zh" else "populations are reconstructed"
    assert all(note in row[-1] and "EPSG:4490" in row[-1] for row in rows)


def test_the_workbook_keeps_codes_as_text_and_figures_as_figures(client, plan):
    name, made = plan(FAR)
    told = client.get(f"/api/runs/{name}/left-behind").json()
    content = client.get(f"/api/runs/{name}/left-behind?as=xlsx").content
    places, about = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert places.title == "未得到服务的村(居)"
    rows = list(places.iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[4]) for row in rows] == [(one["id"], one["people"]) for one in told["places"]]
    assert sum(row[4] for row in rows) == made["measures"]["outside_people"]
    said = dict(about.iter_rows(values_only=True))
    assert said["时限外"] == str(made["measures"]["outside_people"])
    assert said["服务"] == "养老服务中心"
    assert said["时限"] == "5 分钟"


def test_the_geopackage_is_a_layer_of_points_in_the_county_s_degrees(client, plan, tmp_path):
    name, _ = plan(FAR)
    told = client.get(f"/api/runs/{name}/left-behind").json()["places"]
    path = tmp_path / "left.gpkg"
    path.write_bytes(client.get(f"/api/runs/{name}/left-behind?as=gpkg&lang=en").content)
    assert [layer[0] for layer in pyogrio.list_layers(path)] == ["Left behind", "About"]
    frame = pyogrio.read_dataframe(path, layer="Left behind")
    assert frame.crs.to_epsg() == 4490
    assert frame["Code"].tolist() == [one["id"] for one in told]
    assert frame["Left behind (people)"].tolist() == [one["people"] for one in told]
    assert frame.geometry.x.tolist() == pytest.approx([one["lon"] for one in told])
    about = pyogrio.read_dataframe(path, layer="About", read_geometry=False)
    assert "EPSG:4490" in " ".join(about["Content"])


@pytest.mark.parametrize("kind", ["csv", "xlsx", "gpkg"])
def test_a_plan_that_leaves_nobody_behind_makes_an_empty_list(client, plan, kind, tmp_path):
    name, _ = plan({"service": "elder-centre", "p": 7, "limit_minutes": 60})
    told = client.get(f"/api/runs/{name}/left-behind").json()
    assert told["places"] == []
    answer = client.get(f"/api/runs/{name}/left-behind?as={kind}")
    assert answer.status_code == 200
    path = tmp_path / f"left.{kind}"
    path.write_bytes(answer.content)
    if kind == "gpkg":
        assert len(pyogrio.read_dataframe(path, layer="未得到服务的村(居)")) == 0


def test_what_is_no_plan_of_the_caller_s_or_no_kind_of_file_is_refused(client, plan):
    assert client.get("/api/runs/none/left-behind").status_code == 404
    name, _ = plan(FAR)
    assert client.get(f"/api/runs/{name}/left-behind?as=pdf").status_code == 422


def test_a_name_that_looks_like_a_formula_stays_a_name_in_every_file(tmp_path):
    odd = PlaceList(
        "名单", [SheetColumn("村")], [["=1+1"]], [(116.9, 37.2)], "EPSG:4490", "说明", ("项", "内容"), [("a", "b")]
    )
    assert "'=1+1" in write_places(odd, "csv").decode("utf-8-sig")
    sheet = openpyxl.load_workbook(io.BytesIO(write_places(odd, "xlsx"))).worksheets[0]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")


def test_the_command_line_writes_the_same_list(toy_data, monkeypatch, tmp_path, client, plan):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    name, _ = plan(FAR)
    words = ["plan", "--service", "elder-centre", "--p", "1", "--mode", "walk", "--limit", "5", "--json"]
    done = CliRunner().invoke(app, [*words, "--left-behind", str(tmp_path / "left.csv")])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["status"] == "optimal"
    assert str(tmp_path / "left.csv") in done.stderr
    assert (tmp_path / "left.csv").read_bytes() == client.get(f"/api/runs/{name}/left-behind?as=csv").content
    refused = CliRunner().invoke(app, [*words, "--left-behind", str(tmp_path / "left.pdf")])
    assert refused.exit_code == 1
    assert ".gpkg" in refused.stderr
    assert "Traceback" not in refused.output
