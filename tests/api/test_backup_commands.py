"""``countygrid backup`` and ``restore``: what is typed, what is told, and that a restored site serves."""

import json
import os
import re
import shutil
import sys
import zipfile

import pytest
import typer
from backup_rows import write_rows
from backup_site import tables_of
from callers import call as call_service
from mute_server import free_port
from older_site import write_old
from signed_in import account, caller, key_for
from sqlalchemy import text

from api.cli.commands import main
from api.cli.told import told as refusals_told
from api.kept_settings import told_settings
from api.settings import Settings
from layers.content_files import content_path
from layers.records.database import open_database
from layers.records.database_faults import DatabaseDownError

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
    assert re.search(r"\d+ rows of records", out)
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
    cases = ("incident", "incident_event")
    assert {name: told["rows"][name] for name in cases} == {"incident": 1, "incident_event": 2}
    assert {"secret", "audit", "person", "post", "leave"} <= {name for name, rows in told["rows"].items() if rows}
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


def test_a_database_of_a_newer_program_is_refused_in_one_sentence(
    site, run, tmp_path, database_url, monkeypatch, capsys
):
    database = open_database(database_url)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    database.close()
    monkeypatch.setenv("COUNTYGRID_LANG", "en")
    monkeypatch.setenv("PORT", str(free_port()))
    monkeypatch.setattr(sys, "argv", ["countygrid", "serve"])
    with pytest.raises(SystemExit) as ended:
        main()
    served = capsys.readouterr()
    commands = (
        ("backup", tmp_path / "b.zip"),
        ("plan", "--service", "service-room", "--p", 1),
        ("account", "list"),
        ("account", "add", "li", "--role", "planner"),
        ("audit", "verify"),
    )
    for code, out, err in (*(run(*words) for words in commands), (ended.value.code, served.out, served.err)):
        assert (code, out) == (1, "")
        assert "newer version of the program" in err
        assert len(err.strip().splitlines()) == 1
    assert list(tmp_path.glob("*.zip")) == []


def test_every_command_says_in_one_sentence_that_the_database_is_down(capsys):
    with pytest.raises(typer.Exit), refusals_told("en"):
        raise DatabaseDownError("other-version")
    assert capsys.readouterr().err == "The database was made by a newer version of the program. Upgrade the program.\n"


def test_what_a_site_has_set_is_told_when_it_is_restored_but_nothing_secret(site, run, tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_TILES", "tianditu")
    monkeypatch.setenv("COUNTYGRID_TIANDITU_KEY", "s3cret-key")
    monkeypatch.setenv("PORT", "8123")
    run("backup", tmp_path / "b.zip")
    for lang, told in (("zh", "保密,没有写入备份"), ("en", "secret, not in the backup")):
        code, out, err = run("restore", tmp_path / "b.zip", "--into", tmp_path / lang, lang=lang)
        assert (code, err) == (0, "")
        assert "  COUNTYGRID_TILES=tianditu\n  COUNTYGRID_TIANDITU_KEY=…" in out
        assert "\n  PORT=8123\n" in out
        assert told in out
        assert out.count("COUNTYGRID_DATA") == 1  # the place it was restored to, not the old one
        assert "COUNTYGRID_DATABASE_URL" not in out
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert all(b"s3cret" not in archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://u:p4ss@db.example/records", "postgresql://u:***@db.example/records"),
        ("postgresql://u@h/r?password=p4ss&sslmode=require", "postgresql://u@h/r?sslmode=require"),
        ("postgresql://h/r?sslpassword=p4ss&options=-csearch_path%3Dx", "postgresql://h/r?options=-csearch_path%3Dx"),
        ("sqlite:////srv/records.sqlite", "sqlite:////srv/records.sqlite"),
    ],
)
def test_a_url_is_told_without_its_password(url, told):
    settings = Settings(database_url=url)
    assert told_settings(settings)["COUNTYGRID_DATABASE_URL"] == told


def test_defaults_are_not_told(monkeypatch):
    for name in [name for name in os.environ if name.startswith("COUNTYGRID_") or name == "PORT"]:
        monkeypatch.delenv(name)
    assert told_settings(Settings()) == {}
    assert told_settings(Settings(lang="en", cache_mb=7)) == {"COUNTYGRID_LANG": "en", "COUNTYGRID_CACHE_MB": "7"}


def test_results_that_no_run_names_go_with_the_older_backups(site, run, tmp_path, toy_data, database_url):
    shutil.rmtree(toy_data / "files", ignore_errors=True)  # of other tests
    write_rows(database_url, toy_data, count=3)
    database = open_database(database_url)
    names = sorted(path.name for path in (toy_data / "files").rglob("*") if path.is_file())
    for name in names:
        os.utime(content_path(toy_data, name), (1, 1))
    with database.writing() as connection:
        connection.execute(text("DELETE FROM run WHERE result_sha <> :sha"), {"sha": names[0]})
        for table in ("attachment", "publication"):  # whose files are the same in these rows
            connection.execute(text(f"DELETE FROM {table}"))
    database.close()
    assert "computations" not in run("backup", tmp_path / "b.zip")[1]
    code, out, err = run("backup", tmp_path / "c.zip", "--keep", 1)
    assert (code, err) == (0, "")
    assert "2 results of computations removed" in out
    assert [path.name for path in (toy_data / "files").rglob("*") if path.is_file()] == [names[0]]
    content_path(toy_data, names[0]).unlink()
    code, out, err = run("backup", tmp_path / "d.zip")
    assert code == 0
    assert err.count(names[0]) == 1
    assert "computing it again replaces it" in err


def test_keeping_none_is_refused(run, tmp_path):
    code, _, err = run("backup", tmp_path / "b.zip", "--keep", 0)
    assert code == 2
    assert "--keep" in err


@pytest.mark.parametrize("accounts", [0, 1])
def test_a_restored_site_with_accounts_lets_nobody_in_while_its_database_is_down(
    toy_data, run, tmp_path, monkeypatch, accounts
):
    url = f"sqlite:///{tmp_path / 'app.sqlite'}"
    write_rows(url, toy_data, count=accounts)
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", url)
    run("backup", tmp_path / "b.zip")
    run("restore", tmp_path / "b.zip", "--into", tmp_path / "new")
    with call_service(Settings(data=tmp_path / "new", database_url="postgresql://127.0.0.1:9/x")) as service:
        assert service.get("/api/county").status_code == (401 if accounts else 200)
    with call_service(Settings(data=tmp_path / "new", database_url="")) as service:
        assert service.get("/api/county").status_code == (401 if accounts else 200)


def test_keys_of_before_a_restore_sign_nobody_in(toy_data, run, tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'app.sqlite'}"
    database = open_database(url)
    wang = account(database, "wang", ("planner", "county", "*"))
    keys = [key_for(database, wang, kind=kind) for kind in ("browser", "token")]
    database.close()
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", url)
    run("backup", tmp_path / "b.zip")
    run("restore", tmp_path / "b.zip", "--into", tmp_path / "new")
    with call_service(Settings(data=tmp_path / "new", database_url="")) as service:
        assert [caller(service.app, key).get("/api/me").status_code for key in keys] == [401, 401]
        fresh = key_for(service.app.state.workplace.database.get(), wang)
        assert caller(service.app, fresh).get("/api/me").status_code == 200


def test_a_backup_leaves_older_tables_as_they_are(toy_data, run, tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'app.sqlite'}"
    write_old(url)
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", url)
    assert run("backup", tmp_path / "b.zip", "--keep", 1)[0] == 0
    assert tables_of(url) == {"incident", "incident_event", "alembic_version"}
    assert [path.name for path in tmp_path.glob("*before-*")] == []
