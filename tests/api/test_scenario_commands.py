"""countygrid scenario: kept, changed, computed as any plan, taken along and back."""

import io
import json
import sys

import pytest
import typer.main

from api.cli.commands import app, main
from api.cli.help import option_words

PLAN = ("--service", "elder-centre", "--p", "2")


@pytest.fixture
def run(monkeypatch, capsys, settings):
    monkeypatch.setenv("COUNTYGRID_DATA", str(settings.data))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", settings.database_url)

    def call(*words, stdin=""):
        monkeypatch.setattr(sys, "argv", ["countygrid", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return ended.value.code or 0, told.out, told.err

    return call


def scenario(run, *words, **options):
    code, out, err = run("scenario", *words, **options)
    assert code == 0, err
    return json.loads(out) if "--json" in words else out


def new(run, *words, name="甲", **options):
    return scenario(run, "new", name, *PLAN, *words, "--json", **options)


@pytest.mark.parametrize("service", ["elder-centre", "hub", "service-room"])
def test_the_empty_scenario_is_the_plan_byte_for_byte(run, service):
    p = ("--p", "3") if service == "service-room" else ()
    made = scenario(run, "new", "空", "--service", service, *p, "--json")
    for more in (("--json",), ()):
        assert run("scenario", "run", made["id"], *more) == run("plan", "--service", service, *p, *more)


def test_a_scenario_with_every_option_asks_what_the_plan_asks(run):
    conditions = ("--never", "河口", "--must", "00001", "--max-time", "90", "--limit", "20", "--base", "registered")
    made = new(run, *conditions)
    assert made["question"]["status"] == {"00001": "required", "河口": "excluded"}
    assert run("scenario", "run", "甲", "--json") == run("plan", *PLAN, *conditions, "--json")


def test_edits_are_added_removed_and_replaced(run, tmp_path):
    made = new(run, "--edits", "-", "--close-road", "横1路", stdin='[{"op":"counted","group":"80+"}]')
    assert [one["op"] for one in made["edits"]] == ["counted", "road-closed"]
    words = ("--add", '{"op":"road-closed","target":"横2路"}', "--remove", "1", "--never", "河口、李家")
    changed = scenario(run, "edit", made["id"][:8], *words, "--question", '{"p": 3}', "--json")
    assert [one["target"] for one in changed["edits"]] == ["横1路", "横2路", "河口", "李家"]
    assert changed["question"] == {"service": "elder-centre", "p": 3}
    file = tmp_path / "edits.json"
    file.write_text('{"edits": []}')
    emptied = scenario(run, "edit", "甲", "--edits", str(file), "--question", '{"p": null}', "--name", "乙", "--json")
    assert (emptied["edits"], emptied["question"], emptied["name"]) == ([], {"service": "elder-centre"}, "乙")
    assert "第 3 版" in scenario(run, "undo", "乙") + scenario(run, "redo", "乙")
    shown = scenario(run, "show", "乙")
    assert "服务:养老服务中心" in shown
    assert "没有修改县数据" in shown
    assert "乙" in scenario(run, "list")


def test_what_is_wrong_is_told_together_and_changes_nothing(run):
    made = new(run)
    code, _out, err = run("scenario", "edit", "甲", "--remove", "3", "--add", "{", "--remove", "9")
    assert (code, err.count("--remove"), err.count("--add")) == (1, 2, 1)
    code, _out, err = run("scenario", "new", "丙", *PLAN, "--never", "南庄", "--must", "大王庄")
    assert (code, "南庄" in err, "大王庄" in err) == (1, True, True)
    passed_over = [("run",), ("run", "甲", "--scheme-0"), ("run", "甲", "--limit", "9"), ("run", "--scheme-0")]
    passed_over.append(("run", "--scheme-0", "--service", "hub", "--out", "x.json"))
    for words in (("show", "无"), ("edit", made["id"], "--edits", "none.json"), *passed_over):
        assert run("scenario", *words)[0] == 1
    assert scenario(run, "show", "甲", "--json")["revision"] == 1
    new(run)
    code, _out, err = run("scenario", "show", "甲", "--lang", "en")
    assert (code, "Several" in err, made["id"][:12] in err) == (1, True, True)


def test_the_second_of_two_writers_is_told_the_number_that_is_kept(run):
    new(run)
    scenario(run, "edit", "甲", "--close-road", "横1路")
    code, _out, err = run("scenario", "edit", "甲", "--close-road", "横2路", "--expected", "1")
    assert (code, "第 3 版" in err) == (1, True)
    assert scenario(run, "show", "甲", "--json")["edits"] == [{"op": "road-closed", "target": "横1路"}]


def test_a_copy_differs_by_what_was_changed(run):
    new(run)
    scenario(run, "clone", "甲", "乙")
    assert "内容相同" in scenario(run, "compare", "甲", "乙")
    scenario(run, "edit", "乙", "--close-road", "横1路", "--question", '{"p": 3}')
    told = scenario(run, "compare", "甲", "乙")
    assert "设置数量(处):2 → 3" in told
    assert "增加: 封闭道路:横1路" in told


def test_scheme_0_is_what_stands_and_where_nothing_stands_there_is_no_service(run):
    told = scenario(run, "run", "--scheme-0", "--service", "elder-centre", "--json")
    assert (told["opened"], told["status"], told["scheme"]) == (["F4"], "as-it-stands", 0)
    assert told["facilities"][0]["capacity"] == 40
    assert told["measures"]["people_total"] == 750
    assert told["measures"]["mean_s"] > 0
    assert "河西镇敬老院" in scenario(run, "run", "--scheme-0", "--service", "elder-centre")
    none = scenario(run, "run", "--scheme-0", "--service", "hub", "--json")
    assert (none["status"], none["opened"], none["measures"]["mean_s"]) == ("no-service", [], None)
    assert none["measures"]["unreachable_people"] == none["measures"]["people_total"] == 3900
    assert "没有这项服务" in scenario(run, "run", "--scheme-0", "--service", "hub")
    assert run("scenario", "run", "--scheme-0", "--service", "airport")[0] == 1


def test_a_file_of_a_plan_of_a_scenario_is_checked_as_any(run, tmp_path):
    new(run)
    file = tmp_path / "plan.json"
    scenario(run, "run", "甲", "--out", str(file))
    assert run("verify", str(file))[0] == 0


def test_every_command_and_option_has_its_words_in_both_languages(run):
    for name, command in typer.main.get_command(app).commands["scenario"].commands.items():
        for lang in ("zh", "en"):
            assert run("scenario", name, "--help", "--lang", lang)[0] == 0
            left = [one.name for one in command.params if not option_words(f"scenario-{name}", one, lang)]
            assert set(left) <= {"help"}, name


def test_on_behalf_of_somebody_only_what_is_theirs_is_seen(run):
    mine = new(run)
    run("account", "add", "wang", "--role", "administrator", "--role", "planner")
    run("account", "add", "li", "--role", "planner")
    assert [row["id"] for row in scenario(run, "list", "--account", "wang", "--json")] == [mine["id"]]
    assert scenario(run, "list", "--account", "li", "--json") == []
    for words in (("show", "甲"), ("show", "甲", "--account", "li"), ("list", "--account", "nobody")):
        assert run("scenario", *words)[0] == 1
    theirs = new(run, "--account", "li", name="乙")
    assert scenario(run, "show", "乙", "--account", "li", "--json")["owner_name"] == "li"
    assert theirs["owner"] != mine["owner"]


def test_files_that_editors_of_windows_wrote_are_read(run, tmp_path):
    edits, file, moved = tmp_path / "edits.json", tmp_path / "one.json", tmp_path / "two.json"
    edits.write_text('[{"op":"road-closed","target":"横1路"}]', encoding="utf-8-sig")
    made = new(run, "--edits", edits)
    scenario(run, "export", made["id"], file)
    moved.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    kept = scenario(run, "import", moved, "--json")
    assert (kept["content_id"], kept["edits"]) == (made["content_id"], made["edits"])
    assert scenario(run, "import", "-", "--json", stdin=moved.read_text(encoding="utf-8"))["edits"] == made["edits"]
