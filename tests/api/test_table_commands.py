"""countygrid table: list, export, import; a refusal names every fault and saves nothing."""

import json
import sys

import openpyxl
import pytest
from edited_tables import as_csv, edited, workbook
from sqlalchemy import select

from api.cli.commands import main
from layers.records.audit import broken_links
from layers.records.database import open_database
from layers.records.documents import DocumentStore
from layers.records.tables import audit
from planning.tables.registry import TABLES


@pytest.fixture
def run(monkeypatch, capsys, settings):
    monkeypatch.setenv("COUNTYGRID_DATA", str(settings.data))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", settings.database_url)

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["countygrid", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return ended.value.code or 0, told.out, told.err

    return call


def file_with(folder, area=130):
    path = folder / "用房.xlsx"
    path.write_bytes(edited(workbook("rooms"), lambda book: book.worksheets[0].__setitem__("B2", area)))
    return path


def history(settings):
    database = open_database(settings.database_url)
    with database.reading() as connection:
        assert not broken_links(connection)
        acts = [(row.action, row.from_addr, row.detail["version"]) for row in connection.execute(select(audit))]
    found = DocumentStore(database).history("rooms")
    database.close()
    return found, acts


def test_the_list_needs_no_database_and_makes_none(run, tmp_path):
    code, out, _err = run("table", "list")
    assert (code, len(out.splitlines())) == (0, len(TABLES))
    assert "用房标准:现行:程序自带" in out
    assert json.loads(run("table", "list", "--json")[1]) == {}
    assert not (tmp_path / "app.sqlite").exists()


def test_out_and_in_again_saves_nothing(run, tmp_path):
    file = tmp_path / "r.xlsx"
    assert run("table", "export", "rooms", file)[:2] == (0, f"{file}\n")
    assert openpyxl.load_workbook(file).sheetnames == ["用房标准", "说明"]
    code, out, _err = run("table", "import", "rooms", file, "--lang", "en")
    assert (code, out) == (0, "The content is what the program comes with; nothing was saved\n")


def test_a_look_makes_no_database(run, monkeypatch, tmp_path):
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", "")
    monkeypatch.setenv("COUNTYGRID_DATA", str(tmp_path))
    assert run("table", "export", "deadlines", tmp_path / "d.xlsx")[0] == 0
    assert run("table", "list")[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["d.xlsx"]
    assert run("table", "export", "deadlines", tmp_path / "d.xlsx", "--version", 1)[0] == 1


def test_a_change_is_saved_with_its_note_and_shown(run, settings, tmp_path):
    code, out, _err = run("table", "import", "rooms", file_with(tmp_path), "--note", "会议纪要")
    assert (code, out) == (0, "已保存为第 1 版\n  一站式大厅 · 固定面积(平方米):120 → 130\n")
    (saved,), acts = history(settings)
    assert (saved.note, saved.by_id, saved.content["rows"][0]["base_m2"]) == ("会议纪要", None, 130)
    assert acts == [("table.saved", "command line", 1)]
    assert "用房标准:现行:第 1 版" in run("table", "list")[1]
    assert json.loads(run("table", "list", "--json")[1]) == {"rooms": 1}
    older = tmp_path / "old.xlsx"
    run("table", "export", "rooms", older, "--version", 0)
    assert openpyxl.load_workbook(older).worksheets[0]["B2"].value == 120
    told = json.loads(run("table", "import", "rooms", as_file(tmp_path, base_m2=9), "--json")[1])
    assert (told["version"], told["changed"], told["difference"][0]["key"]) == (2, True, {"room": "hall"})


def as_file(folder, **changes):
    rows = [dict(row) for row in TABLES["rooms"].defaults]
    rows[0] |= changes
    path = folder / "用房.csv"
    path.write_bytes(as_csv("rooms", rows))
    return path


def test_a_day_may_be_named_from_which_it_counts(run, settings, tmp_path):
    assert run("table", "import", "rooms", file_with(tmp_path), "--since", "2100-01-01")[0] == 0
    (saved,), _acts = history(settings)
    assert saved.valid_from.isoformat() == "2099-12-31T16:00:00+00:00"
    assert "用房标准:现行:程序自带" in run("table", "list")[1]
    for day in ("soon", "2100-13-01", "2020-01-01"):
        code, _out, err = run("table", "import", "rooms", as_file(tmp_path, base_m2=1), "--since", day)
        assert (code, day[:4] in err) == (1, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("rooms", "bad.xlsx"), ("bad.xlsx", "第2行", "固定面积(平方米)", "-1", "在 0 到 100,000 之间")),
        (("speeds", "good.xlsx"), ("出行速度", "用房标准")),
        (("rooms", "none.xlsx"), ("文件存在", "找不到文件")),
        (("nope", "good.xlsx"), ("KIND", "unit-costs", "nope")),
        (("rooms", "large.csv"), ("MB",)),
        (("rooms", "."), ("文件夹",)),
        (("rooms", "good.xlsx", "--note", "x" * 201), ("200",)),
        (("rooms", "good.xlsx", "--expected-version", "3"), ("第 3 版",)),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_saved(run, settings, tmp_path, monkeypatch, words, told):
    (tmp_path / "good.xlsx").write_bytes(file_with(tmp_path).read_bytes())
    (tmp_path / "bad.xlsx").write_bytes(file_with(tmp_path, -1).read_bytes())
    (tmp_path / "large.csv").write_bytes(b"a" * (2 * 2**20 + 1))
    monkeypatch.chdir(tmp_path)
    code, out, err = run("table", "import", *words)
    assert (code, out) == (1, "")
    assert [word for word in told if word not in err] == []
    assert history(settings) == ([], [])


def test_a_file_from_an_older_version_is_refused(run, tmp_path):
    first = file_with(tmp_path)
    assert run("table", "import", "rooms", first)[0] == 0
    code, _out, err = run("table", "import", "rooms", first)
    assert (code, "文件是从第 0 版导出的" in err) == (1, True)


def test_the_group_alone_says_what_there_is(run):
    for words in (("table",), ("table", "--help"), ("table", "--lang", "zh")):
        code, out, _err = run(*words)
        assert (code, out.count("\n  ")) == (0, 4)
    code, _out, err = run("table", "import")
    assert (code, "countygrid table import --help" in err) == (2, True)
    assert run("table", "export", "rooms", "x.xlsx", "--version", "99")[0] == 1
