"""Cells as an office keeps them: split, merged, named by Excel; codes that are retired, versions with dates."""

import io
import shutil

import pytest
from callers import call
from openpyxl import load_workbook
from signed_in import account, caller, key_for
from toy_county import lon_lat, write_toy_county

from api.settings import Settings
from layers.build import build_county
from layers.cell_versions import register_of
from layers.county import open_county

XLSX = {"content-type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@pytest.fixture
def served(toy_data, tmp_path, database_url):
    shutil.copytree(toy_data, tmp_path / "data", dirs_exist_ok=True)  # the database has made the folder
    with call(Settings(data=tmp_path / "data", database_url=database_url)) as client:
        yield client


@pytest.fixture
def lone(toy_data, tmp_path):
    shutil.copytree(toy_data, tmp_path / "data")
    with call(Settings(data=tmp_path / "data")) as client:
        yield client


def rows(client):
    return {row["code"]: row for row in client.get("/api/cells").json()}


def code_of(client, village):
    return next(code for code, row in rows(client).items() if row["village"] == village)


def reported(client, key, x, y):
    lon, lat = lon_lat(x, y)
    body = {"category": "party", "lon": lon, "lat": lat, "idempotency_key": key}
    return client.post("/api/incidents", json=body).json()


def test_a_cell_is_split_and_its_code_retired_for_good(served):
    before = rows(served)
    code = code_of(served, "00001")
    case = reported(served, "before", 0.05, 0.05)
    answer = served.post("/api/cells/split", json={"code": code, "parts": 2})
    assert answer.status_code == 200, answer.text
    made, after = answer.json(), rows(served)
    assert made["retired"] == [code]
    assert set(after) - set(before) == set(made["parents"])
    assert list(made["parents"].values()) == [[code], [code]]
    assert sum(after[new]["households"] for new in made["parents"]) == before[code]["households"]
    later = reported(served, "after", 0.05, 0.05)
    assert later["cell"] in made["parents"]
    assert (later["assignee"], later["rule"]) == (case["assignee"], case["rule"]), "one pair serves all cells"
    seen = served.get(f"/api/incidents/{case['id']}").json()
    assert (seen["cell"], seen["county_version"]) == (code, case["county_version"]), "a case keeps its own"
    told = served.get("/api/cells/versions").json()
    assert [one["version"] for one in told] == [2, 1]
    assert (told[0]["county_version"], told[0]["retired"]) == (made["county_version"], [code])
    merged = served.post("/api/cells/merge", json={"codes": list(made["parents"])}).json()
    [new] = merged["parents"]
    assert new not in {*before, *after}
    assert rows(served)[new]["households"] == before[code]["households"]


def test_whoever_had_a_cell_has_its_parts_and_its_old_cases(lone):
    code = code_of(lone, "00001")
    case = reported(lone, "before", 0.05, 0.05)
    database = lone.app.state.workplace.database.get()
    worker = caller(lone.app, key_for(database, account(database, "worker", ("grid-worker", "cell", code))))
    desk = caller(lone.app, key_for(database, account(database, "desk", ("county-desk", "county", "*"))))
    assert desk.post("/api/cells/split", json={"code": code, "parts": 2}).status_code == 200
    later = reported(desk, "after", 0.05, 0.05)
    assert {one["id"] for one in worker.get("/api/incidents").json()} == {case["id"], later["id"]}
    assert worker.post("/api/cells/split", json={"code": later["cell"]}).status_code == 403


def test_what_the_office_has_split_stays_when_the_county_is_built_anew(lone, tmp_path):
    code = code_of(lone, "00001")
    made = lone.post("/api/cells/split", json={"code": code, "parts": 2}).json()
    data = tmp_path / "data"
    toml = write_toy_county(tmp_path / "again")
    assert build_county(toml, data_dir=data).version == made["county_version"], "the same files"
    villages = tmp_path / "again" / "villages.csv"
    moved = villages.read_text(encoding="utf-8").replace(
        ",".join(map(str, lon_lat(4, 0))), ",".join(map(str, lon_lat(4, 1.8)))
    )
    villages.write_text(moved, encoding="utf-8")
    build_county(toml, data_dir=data)
    county = open_county(data)
    assert set(made["parents"]) <= set(county.layer("cells").index)
    assert code in register_of(county.manifest).retired
    assert lone.get("/api/cells/versions").json()[0]["county_version"] == county.version


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("split", {"code": "371499001999001"}, "unknown-cell"),
        ("split", {"code": "{first}", "line": [[0.0, 0.0], [1.0, 1.0]]}, "cell-not-cut"),
        ("merge", {"codes": ["{first}", "{first}"]}, "cell-alone"),
        ("merge", {"codes": ["{first}", "{last}"]}, "cells-of-townships"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(lone, path, body, code):
    known = sorted(rows(lone))
    named = {"{first}": known[0], "{last}": known[-1]}
    body = {
        name: [named.get(v, v) if isinstance(v, str) else v for v in value] if isinstance(value, list)
        else named.get(value, value)
        for name, value in body.items()
    }  # fmt: skip
    answer = lone.post(f"/api/cells/{path}", json=body)
    assert answer.status_code == 422
    assert [fault["code"] for fault in answer.json()["faults"]] == [code]
    assert sorted(rows(lone)) == known


def edited(client, **cells):
    book = load_workbook(io.BytesIO(client.get("/api/cells.xlsx").content))
    for at, value in cells.items():
        book.worksheets[0][at] = value
    sent = io.BytesIO()
    book.save(sent)
    return client.post("/api/cells.xlsx?file=cells.xlsx", content=sent.getvalue(), headers=XLSX)


def test_names_and_households_come_back_from_excel_and_outlast_a_new_build(lone, tmp_path):
    assert edited(lone).json()["version"] == 0, "out and in changes nothing"
    first = min(rows(lone))
    answer = edited(lone, B2="东庄新名", C2=188)
    assert answer.status_code == 200, answer.text
    assert (rows(lone)[first]["name"], rows(lone)[first]["households"]) == ("东庄新名", 188)
    build_county(write_toy_county(tmp_path / "again"), data_dir=tmp_path / "data")
    assert rows(lone)[first]["name"] == "东庄新名"


def test_faults_of_the_table_are_told_by_row_and_column_and_nothing_is_saved(lone):
    before = rows(lone)
    tables = (
        ({"C3": -5, "C4": "many", "B7": "", "B8": "好名"}, {3: "户数", 4: "户数", 7: "名称"}),
        ({"A2": "371499001999001", "D5": "99999", "D6": "00006"}, {2: "网格代码", 5: "村(居)代码", 6: "村(居)代码"}),
    )
    for cells, wrong in tables:
        answer = edited(lone, **cells)
        assert answer.status_code == 422
        found = answer.json()["faults"]
        assert {fault["row"]: fault["field"] for fault in found} == wrong, found
        assert all(fault["expected"] and fault["mend"] for fault in found)
    assert {fault["code"] for fault in found} == {"cell-unknown-code", "cell-unknown-village", "cell-village-elsewhere"}
    assert rows(lone) == before
