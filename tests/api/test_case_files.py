"""Cases as files by command: a hotline's batch, history with its states, lines out and in, faults by row and column."""

import json
import shutil
from io import BytesIO

import pytest
from callers import call
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from api.cli.commands import app
from api.settings import Settings
from layers.records.database import open_database, sqlite_url

HEAD = ["外部编号", "类别", "紧急程度", "经度", "纬度", "坐标系", "村", "描述", "姓名", "电话", "上报时间"]
PAST = [*HEAD, "接单时间", "到场时间", "处置时间", "结案时间", "处置结果"]


@pytest.fixture
def office(toy_data, tmp_path, monkeypatch):
    shutil.copytree(toy_data, tmp_path / "data")
    monkeypatch.setenv("COUNTYGRID_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COUNTYGRID_LANG", "zh")
    return tmp_path


def book(path, head, *rows):
    made = Workbook()
    for row in (head, *rows):
        made.active.append(row)
    made.save(path)
    return path


def run(*words, code=0):
    told = CliRunner().invoke(app, ["incidents", *map(str, words)])
    assert told.exit_code == code, told.output
    return told


def test_a_batch_is_taken_in_once_however_often_it_is_sent(office):
    file = book(
        office / "batch.xlsx",
        HEAD,
        ["r-1", "道路交通", "紧急", None, None, None, "00001", "路口塌陷", "王大爷", "13800001111", "2026-11-03 08:30"],
        ["r-2", "environment", None, 116.9, 37.2, "GCJ-02", None, "污水", None, None, None],
    )
    assert json.loads(run("import", file, "--json").stdout) == {"rows": 2, "created": 2, "known": 0}
    assert json.loads(run("import", file, "--json").stdout) == {"rows": 2, "created": 0, "known": 2}
    told = [json.loads(line) for line in out(office, "--with-people").read_text().splitlines()]
    first = next(one for one in told if one["key"] == "r-1")
    assert first["texts"] == {"name": "王大爷", "phone": "13800001111", "text-1": "路口塌陷"}
    assert [one["kind"] for one in first["events"]] == ["reported", "assigned"]
    payload = first["events"][0]["payload"]
    assert (payload["channel"], payload["severity"], payload["lon"]) == ("hotline", "urgent", pytest.approx(117, abs=2))
    assert first["events"][0]["at"] == "2026-11-03T00:30:00+00:00"
    assert "王大爷" not in out(office).read_text()


def out(office, *options, name="out.jsonl"):
    run("export", office / name, *options)
    return office / name


def test_history_lives_again_with_its_instants(office):
    row = ["h-1", "民生", None, None, None, None, "00002", None, None, None, "2026/3/2 9:00"]
    done = ["2026-03-02 09:30", None, "2026-03-02 11:00", "2026-03-03 10:00", "已解释说明"]
    run("import", book(office / "past.xlsx", PAST, [*row, *done]))
    case = json.loads(out(office).read_text())
    kinds = ["reported", "assigned", "accepted", "handled", "fed_back", "checked_good", "closed"]
    assert [one["kind"] for one in case["events"]] == kinds
    assert case["events"][-1]["at"] == "2026-03-03T02:00:00+00:00"
    assert case["events"][3]["payload"]["outcome"] == "explained"
    figures = json.loads(run("stats", "--json").stdout)["by_month"]["2026-03"]
    assert (figures["reported"], figures["closed"], figures["overdue"]) == (1, 1, 0)
    assert figures["median_minutes"]["worked"] == 90
    assert "完全一致" in run("replay").stdout


BAD = {
    "编号缺": (["", "民生", None, None, None, None, "00001"], "外部编号"),
    "类别错": (["a", "水利", None, None, None, None, "00001"], "类别"),
    "紧急程度错": (["b", "民生", "火急", None, None, None, "00001"], "紧急程度"),
    "没有位置": (["c", "民生"], "村"),
    "只有经度": (["d", "民生", None, 116.9], "纬度"),
    "经度过大": (["e", "民生", None, 999, 37], "经度"),
    "坐标系错": (["f", "民生", None, 116.9, 37, "北京54"], "坐标系"),
    "村名错": (["g", "民生", None, None, None, None, "没有这个村"], "村"),
    "电话错": (["h", "民生", None, None, None, None, "00001", None, None, "同上"], "电话"),
    "时间错": (["i", "民生", None, None, None, None, "00001", None, None, None, "昨天"], "上报时间"),
    "时间未到": (["j", "民生", None, None, None, None, "00001", None, None, None, "2099-01-01"], "上报时间"),
    "先后颠倒": (
        ["k", "民生", None, None, None, None, "00001", None, None, None, "2026-03-02 9:00", "2026-03-01 9:00"],
        "接单时间",
    ),
    "历史没有上报": (
        ["l", "民生", None, None, None, None, "00001", None, None, None, None, "2026-03-01 9:00"],
        "上报时间",
    ),
    "结果错": (
        ["m", "民生", *[None] * 4, "00001", *[None] * 3, "2026-03-02 9:00", *[None] * 4, "不知道"],
        "处置结果",
    ),
    "重复": (["z", "民生", None, None, None, None, "00001"], "外部编号"),
}


def test_every_fault_is_told_with_row_and_column_and_nothing_is_saved(office):
    good = ["z", "民生", None, None, None, None, "00001"]
    rows = [good, *(row for row, _column in BAD.values())]
    told = run("import", book(office / "bad.xlsx", PAST, *rows), code=1).stderr
    lines = told.splitlines()
    for number, (name, (_row, column)) in enumerate(BAD.items(), start=3):
        assert any(f"第{number}行" in line and column in line for line in lines), (name, told)
    database = open_database(sqlite_url(office / "data"))
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM incident").scalar() == 0
    database.close()


def test_lines_out_and_in_change_nothing_and_a_bad_line_keeps_all_out(office):
    run("import", book(office / "b.xlsx", HEAD, ["r-1", "民生", None, None, None, None, "00001", "说明"]))
    file = out(office, "--with-people")
    whole = file.read_text()
    (office / "data" / "app.sqlite").unlink()
    broken = office / "broken.jsonl"
    broken.write_text(whole + '{"key": "x", "events": []}\nnothing\n' + whole)
    told = run("import", broken, code=1).stderr
    assert all(f"第{number}行" in told for number in (2, 3, 4))
    assert json.loads(run("import", file, "--json").stdout)["created"] == 1
    assert out(office, "--with-people", name="again.jsonl").read_text() == whole
    assert out(office, name="table.xlsx").stat().st_size > 3000
    run("stats", "--out", office / "figures.xlsx")
    assert (office / "figures.xlsx").stat().st_size > 3000


def test_a_desk_takes_the_form_sends_it_and_takes_all_cases_along(office):
    with call(Settings(data=office / "data")) as desk:
        form = desk.get("/api/incidents/batch.xlsx")
        sheet = load_workbook(BytesIO(form.content)).worksheets[0]
        assert [cell.value for cell in sheet[1]][:2] == ["外部编号", "类别"]
        sent = book(office / "b.xlsx", HEAD, ["r-1", "民生", None, None, None, None, "00001"]).read_bytes()
        answers = [desk.post("/api/incidents/batch.xlsx?file=b.xlsx", content=sent).json() for _ in range(2)]
        assert [one["created"] for one in answers] == [1, 0]
        all_cases = desk.get("/api/incidents/cases.xlsx").content
        back = desk.post("/api/incidents/batch.xlsx?file=all.xlsx", content=all_cases).json()
        assert back == {"rows": 1, "created": 0, "known": 1}
        told = desk.post("/api/incidents/batch.xlsx?file=b%00.xl%12sx", content=b"nothing").json()
        assert told["error"] == "faults"
