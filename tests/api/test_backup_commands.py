"""``countygrid backup`` and ``restore``: what is typed, what is told, and that a restored site serves."""

import json
import re
import sys

import pytest
from callers import call as call_service
from sqlalchemy import text

from api.cli.commands import main
from api.settings import Settings
from layers.records.database import open_database

CHINESE = re.compile(r"[一-鿿]")
REPORT = {"category": "party", "lon": 116.886, "lat": 37.19, "text": "路灯不亮"}


@pytest.fixture
def run(monkeypatch, capsys):
    def run(*words, lang="en"):
        monkeypatch.setattr(sys, "argv", ["countygrid", *map(str, words), "--lang", lang])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return ended.value.code or 0, told.out, told.err

    return run


@pytest.fixture
def site(toy_data, database_url, monkeypatch):
    """A running service with an incident, and the command line set to the same site."""
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", database_url)
    with call_service(Settings(data=toy_data, database_url=database_url)) as service:
        sent = service.post("/api/incidents", json={**REPORT, "idempotency_key": "one"})
        assert sent.status_code in (200, 201), sent.text
        yield service


def test_a_running_site_is_kept_and_served_elsewhere(site, run, tmp_path):
    code, out, err = run("backup", tmp_path / "kept" / "b.zip")
    assert (code, err) == (0, "")
    assert out.startswith(f"Backup written to {tmp_path / 'kept' / 'b.zip'}\n")
    assert "示范县" in out
    assert "3 rows of records" in out
    code, out, err = run("restore", tmp_path / "kept" / "b.zip", "--into", tmp_path / "new")
    assert (code, err) == (0, "")
    assert f"COUNTYGRID_DATA={tmp_path / 'new'} countygrid serve" in out
    asked = "/api/incidents"
    with call_service(Settings(data=tmp_path / "new", database_url="")) as again:
        assert again.get(asked).json() == site.get(asked).json()
        assert again.get("/api/county").json() == site.get("/api/county").json()


def test_json_tells_every_file_with_its_hash(site, run, tmp_path):
    code, out, _ = run("backup", tmp_path / "b.zip", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["rows"] == {"incident": 1, "incident_event": 2}
    assert {"app.sqlite", "current"} < set(told["files"])
    assert all(re.fullmatch("[0-9a-f]{64}", one["sha256"]) for one in told["files"].values())
    code, out, _ = run("restore", tmp_path / "b.zip", "--into", tmp_path / "new", "--json")
    assert json.loads(out).items() <= told.items()


def test_in_a_folder_a_backup_is_named_by_its_moment_and_old_ones_go(site, run, tmp_path):
    for name in ("countygrid-20200101-000000.zip", "countygrid-20200102-000000.zip"):
        run("backup", tmp_path / name)
    code, out, _ = run("backup", tmp_path, "--keep", 1)
    assert code == 0
    assert "older backup countygrid-20200101-000000.zip removed" in out
    (left,) = tmp_path.glob("*.zip")
    assert re.fullmatch(r"countygrid-20\d{6}-\d{6}\.zip", left.name)
    assert left.name not in ("countygrid-20200101-000000.zip", "countygrid-20200102-000000.zip")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_is_told_in_the_language(site, run, tmp_path, lang):
    run("backup", tmp_path / "b.zip")
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "x").touch()
    (tmp_path / "letter.zip").write_bytes(b"a letter")
    torn = tmp_path / "torn.zip"
    torn.write_bytes((tmp_path / "b.zip").read_bytes()[:-100])
    refused = [
        (("restore", tmp_path / "b.zip", "--into", tmp_path / "used"), {"zh": "文件夹里已有内容", "en": "left alone"}),
        (("restore", torn, "--into", tmp_path / "new"), {"zh": "文件不完整", "en": "part of the file is missing"}),
        (
            ("restore", tmp_path / "letter.zip", "--into", tmp_path / "new"),
            {"zh": "不是本系统", "en": "no backup of ours"},
        ),
        (("restore", tmp_path / "none.zip", "--into", tmp_path / "new"), {"zh": "没有这个文件", "en": "no such file"}),
        (("backup", tmp_path / "letter.zip"), {"zh": "已有同名文件", "en": "another file has this name"}),
        (
            ("restore", tmp_path / "b.zip", "--into", tmp_path / "new", "--database-url", "mysql://x"),
            {"zh": "--database-url:要求:postgresql://", "en": "--database-url: expected: postgresql://"},
        ),
        (
            ("restore", tmp_path / "b.zip", "--into", tmp_path / "new", "--database-url", "postgresql://127.0.0.1:9/x"),
            {"zh": "连不上数据库", "en": "cannot be reached"},
        ),
    ]
    for words, told in refused:
        code, out, err = run(*words, lang=lang)
        assert (code, out) == (1, "")
        assert told[lang] in err, err
        assert lang == "zh" or not CHINESE.findall(err), err
        assert not (tmp_path / "new").exists()


def test_an_empty_data_folder_and_a_site_without_records_are_told(toy_data, run, tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATA", str(tmp_path / "nothing"))
    code, _, err = run("backup", tmp_path / "b.zip")
    assert code == 1
    assert "nothing to back up" in err
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite'}")
    code, _, err = run("backup", tmp_path / "b.zip")
    assert code == 0
    assert "COUNTYGRID_DATABASE_URL" in err


def test_a_database_of_a_newer_program_is_refused_in_one_sentence(site, run, tmp_path, database_url):
    database = open_database(database_url)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    database.close()
    code, out, err = run("backup", tmp_path / "b.zip")
    assert (code, out) == (1, "")
    assert "newer version of the program" in err
    assert len(err.strip().splitlines()) == 1
    assert list(tmp_path.glob("*.zip")) == []


def test_keeping_none_is_refused(run, tmp_path):
    code, _, err = run("backup", tmp_path / "b.zip", "--keep", 0)
    assert code == 2
    assert "--keep" in err
