"""The tables of an office over the API: look, change, take along, send back; who was second is told what changed."""

from io import BytesIO

import openpyxl
import pytest
from edited_tables import as_csv, edited, workbook
from sqlalchemy import select

from layers.records.tables import audit
from planning.tables.registry import TABLES

KINDS = sorted(TABLES)


def rows_of(client, kind):
    return client.get(f"/api/tables/{kind}").json()["rows"]


def change(client, kind, version, rows, **more):
    return client.put(f"/api/tables/{kind}", json={"expected_version": version, "rows": rows, **more})


def larger_hall(client, area=130):
    rows = rows_of(client, "rooms")
    rows[0]["base_m2"] = area
    return rows


def acts(client):
    with client.app.state.workplace.database.get().reading() as connection:
        asked = select(audit).where(audit.c.object_kind == "table").order_by(audit.c.pos)
        return [(row.action, row.object_id, row.detail) for row in connection.execute(asked)]


def test_before_anybody_has_changed_anything_the_program_s_tables_count(client):
    listed = client.get("/api/tables").json()
    assert sorted(one["kind"] for one in listed) == KINDS
    assert {(one["version"], one["in_force"], one["latest"], one["valid_from"]) for one in listed} == {(0, 0, 0, None)}
    for kind in KINDS:
        found = client.get(f"/api/tables/{kind}").json()
        assert found["rows"] == [dict(row) for row in TABLES[kind].defaults]
        assert [one["name"] for one in found["columns"]] == [one.name for one in TABLES[kind].columns]
        assert client.get(f"/api/tables/{kind}/history").json() == [
            {"version": 0, "sha": found["sha"], "valid_from": None, "at": None, "by": None, "note": ""}
        ]


def test_a_change_is_a_new_version_that_counts_at_once_and_the_old_one_stays(client):
    answer = change(client, "rooms", 0, larger_hall(client), note="会议纪要 12 号")
    assert answer.status_code == 200
    saved = answer.json()
    assert (saved["kind"], saved["version"], saved["changed"]) == ("rooms", 1, True)
    assert saved["difference"] == [
        {
            "change": "changed",
            "key": {"room": "hall"},
            "cells": [{"column": "base_m2", "before": 120, "after": 130}],
        }
    ]
    now = client.get("/api/tables/rooms").json()
    assert (now["version"], now["rows"][0]["base_m2"], now["note"]) == (1, 130, "会议纪要 12 号")
    assert client.get("/api/tables/rooms?version=0").json()["rows"][0]["base_m2"] == 120
    assert [one["version"] for one in client.get("/api/tables/rooms/history").json()] == [1, 0]
    assert acts(client) == [("table.saved", "rooms", {"version": 1, "sha": saved["sha"]})]


def test_a_version_may_count_from_a_later_day(client):
    answer = change(client, "rooms", 0, larger_hall(client), valid_from="2100-01-01T00:00:00+08:00")
    assert answer.json()["version"] == 1
    found = client.get("/api/tables/rooms").json()
    assert (found["version"], found["in_force"], found["latest"], found["rows"][0]["base_m2"]) == (0, 0, 1, 120)
    assert client.get("/api/tables/rooms?version=1").json()["valid_from"] == "2100-01-01T00:00:00+08:00"


def test_whoever_was_second_is_told_what_was_changed_and_nothing_is_saved(client):
    change(client, "rooms", 0, larger_hall(client))
    answer = change(client, "rooms", 0, larger_hall(client, 140))
    assert answer.status_code == 409
    told = answer.json()
    assert (told["error"], told["latest"]) == ("table-changed", 1)
    assert told["difference"][0]["cells"] == [{"column": "base_m2", "before": 120, "after": 130}]
    assert told["faults"][0]["code"] == "table-moved-on"
    assert told["faults"][0]["expected"]
    assert client.get("/api/tables/rooms").json()["latest"] == 1
    assert len(acts(client)) == 1
    beyond = change(client, "rooms", 7, larger_hall(client, 140))
    assert (beyond.status_code, beyond.json()["difference"]) == (409, None)


def test_the_same_content_is_no_new_version_and_is_recorded(client):
    answer = change(client, "rooms", 0, rows_of(client, "rooms"))
    assert (answer.status_code, answer.json()["version"], answer.json()["changed"]) == (200, 0, False)
    assert acts(client) == [("table.saved", "rooms", {"version": 0, "unchanged": True})]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"rows": []}, 422),
        ({"expected_version": -1, "rows": []}, 422),
        ({"expected_version": 0, "rows": "x"}, 422),
        ({"expected_version": 0, "rows": [], "more": 1}, 422),
        ({"expected_version": 0, "rows": [{}]}, 422),
        ({"expected_version": 0, "rows": [{"room": {}}]}, 422),
        ({"expected_version": 0, "rows": [], "note": "x" * 201}, 422),
        ({"expected_version": 0, "rows": [], "valid_from": "2100-01-01T00:00:00"}, 422),
        ({"expected_version": 0, "rows": [], "valid_from": "soon"}, 422),
    ],
)
def test_a_body_that_makes_no_sense_is_refused(client, body, status):
    assert client.put("/api/tables/rooms", json=body).status_code == status
    assert acts(client) == []


def test_a_day_in_the_past_and_a_note_of_several_lines_are_refused(client):
    answer = change(client, "rooms", 0, larger_hall(client), valid_from="2020-01-01T00:00:00Z", note="a\nb")
    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.json()["faults"]} == {"table-valid-from-past", "control-character"}


def test_every_fault_of_a_body_is_told_with_its_row_and_column(client):
    rows = [*larger_hall(client, -1), {"room": "走廊", "base_m2": "宽"}]
    answer = change(client, "rooms", 0, rows)
    assert answer.status_code == 422
    told = [(fault["code"], fault["row"], fault["field"], fault["value"]) for fault in answer.json()["faults"]]
    assert ("table-too-small", 1, "base_m2", "-1") in told
    assert ("table-not-a-number", 5, "base_m2", "宽") in told
    assert all(fault["expected"] and fault["mend"] for fault in answer.json()["faults"])
    assert client.get("/api/tables/rooms").json()["latest"] == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_downloaded_and_sent_back_changes_nothing(client, kind, lang):
    file = client.get(f"/api/tables/{kind}.xlsx?lang={lang}")
    assert file.status_code == 200
    assert file.headers["content-disposition"] == f'attachment; filename="{kind}.xlsx"'
    assert openpyxl.load_workbook(BytesIO(file.content)).sheetnames[1] == {"zh": "说明", "en": "About"}[lang]
    answer = client.post(f"/api/tables/{kind}.xlsx?lang={lang}", content=file.content)
    assert (answer.status_code, answer.json()["changed"]) == (200, False)
    assert client.get(f"/api/tables/{kind}.xlsx?lang={lang}").content == file.content


def test_a_file_changes_a_table_and_an_older_one_no_more(client):
    first = client.get("/api/tables/deadlines.xlsx").content
    ours = edited(first, lambda book: book.worksheets[0].__setitem__("B2", 5))
    answer = client.post("/api/tables/deadlines.xlsx?expected_version=0&note=五日", content=ours)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert client.get("/api/tables/deadlines").json()["rows"][0]["workdays"] == 5
    theirs = edited(first, lambda book: book.worksheets[0].__setitem__("B2", 9))
    refused = client.post("/api/tables/deadlines.xlsx?expected_version=1", content=theirs)
    assert refused.status_code == 409
    assert refused.json()["faults"][0]["code"] == "table-older-version"
    assert refused.json()["difference"][0]["cells"] == [{"column": "workdays", "before": 3, "after": 5}]
    assert len(acts(client)) == 1


def test_text_tables_are_taken_where_the_version_is_told(client):
    rows = [dict(row) for row in TABLES["rooms"].defaults]
    rows[0]["base_m2"] = 99
    refused = client.post("/api/tables/rooms.xlsx", content=as_csv("rooms", rows))
    assert [fault["code"] for fault in refused.json()["faults"]] == ["table-expected-version-missing"]
    taken = client.post("/api/tables/rooms.xlsx?expected_version=0&file=用房.csv", content=as_csv("rooms", rows))
    assert taken.json()["version"] == 1


def test_a_file_of_another_table_is_said_to_be_that(client):
    answer = client.post("/api/tables/speeds.xlsx?file=../../造价.xlsx", content=workbook("unit-costs"))
    (fault,) = answer.json()["faults"]
    assert (answer.status_code, fault["code"], fault["file"]) == (422, "table-wrong-kind", "造价.xlsx")
    assert "出行速度" in fault["expected"]
    assert "单位造价" in fault["mend"]


def test_kinds_of_incident_are_read_as_the_office_calls_them(client):
    names = rows_of(client, "categories")
    names[2]["name_zh"] = "社会治安"
    change(client, "categories", 0, names)
    file = client.get("/api/tables/deadlines.xlsx").content
    sheet = openpyxl.load_workbook(BytesIO(file)).worksheets[0]
    assert sheet["A4"].value == "社会治安"
    assert client.post("/api/tables/deadlines.xlsx", content=file).json()["changed"] is False
    older = client.post("/api/tables/deadlines.xlsx", content=workbook("deadlines"))
    assert older.json()["changed"] is False, "the program's own words are understood too"


@pytest.mark.parametrize(
    "path", ["/api/tables/none", "/api/tables/none/history", "/api/tables/none.xlsx", "/tables/none"]
)
def test_a_table_that_there_is_not_is_a_404_in_words(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown-table")


@pytest.mark.parametrize("path", ["/api/tables/rooms", "/api/tables/rooms.xlsx", "/tables/rooms", "/tables/rooms.xlsx"])
def test_a_version_that_there_is_not_is_a_404_in_words(client, path):
    answer = client.get(f"{path}?version=3")
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown-table-version")


@pytest.mark.parametrize(("size", "status"), [(70_000, 422), (2 * 2**20, 422), (2 * 2**20 + 1, 413)])
def test_a_file_may_be_larger_than_other_bodies(client, size, status):
    answer = client.post("/api/tables/rooms.xlsx?expected_version=0", content=b"a" * size)
    assert answer.status_code == status
    assert client.put("/api/tables/rooms", content=b"a" * 70_000).status_code == 413
