"""countygrid account and countygrid audit: the same actions as the pages, also beside a running service."""

import io
import json
import re
import sys

import pytest
from callers import call as served_by
from openpyxl import load_workbook
from people_site import rows_of
from sqlalchemy import select, text

from api.access.passwords import is_password
from api.cli.commands import main
from api.settings import Settings
from layers.records.accounts import AccountStore
from layers.records.audit import COMMAND_LINE, Act, record
from layers.records.database import open_database
from layers.records.tables import audit

GOOD = "纸船 7 sails"


@pytest.fixture
def run(monkeypatch, capsys, tmp_path, database_url):
    """Call the command line on an empty site, in English."""
    monkeypatch.setenv("COUNTYGRID_DATA", str(tmp_path / "site"))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", database_url)
    monkeypatch.setenv("COUNTYGRID_LANG", "en")

    def run_it(*words, stdin=""):
        monkeypatch.setattr(sys, "argv", ["countygrid", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return ended.value.code or 0, told.out, told.err

    return run_it


@pytest.fixture
def database(run, database_url):
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def first(run):
    """An administrator with a password, and one more with one."""
    for name in ("root", "li"):
        code, _out, err = run("account", "add", name, "--role", "administrator", "--password-stdin", stdin=f"{GOOD}\n")
        assert (code, err) == (0, "")


def test_the_first_account_is_an_administrator_and_ends_solo_mode_beside_a_running_service(run, database_url, tmp_path):
    with served_by(Settings(data=tmp_path / "site", database_url=database_url)) as client:
        assert client.get("/people").status_code == 200
        code, out, err = run("account", "add", "wang", "--role", "planner")
        assert (code, out) == (1, "")
        assert "--role administrator" in err
        assert client.get("/people").status_code == 200
        code, out, _err = run("account", "add", "root", "--role", "administrator")
        assert code == 0
        (path,) = re.findall(r"/welcome/\S+", out)
        assert (tmp_path / "site" / "accounts-exist").exists()  # for the time when the database is away
        assert client.get("/people").status_code == 401
        assert client.get(path).status_code == 200


def test_a_password_is_read_and_nothing_secret_is_said(run, database):
    _code, out, _err = run("account", "add", "Root", "--role", "administrator", "--password-stdin", stdin=f"{GOOD}\nx")
    assert "/welcome/" not in out
    assert GOOD not in out
    account, stored = AccountStore(database).by_name("root")
    assert is_password(GOOD, stored)
    assert [(one.role, one.area_code) for one in account.grants] == [("administrator", "*")]
    code, _out, err = run("account", "add", "li", "--role", "planner", "--password-stdin", stdin="short\n")
    assert code == 1
    assert "--password-stdin" in err
    assert rows_of(database) == 1


def test_every_command_leaves_a_row_by_the_command_line_and_a_refusal_none(run, first, database):
    run("account", "add", "wang", "--role", "planner@county:*", "--role", "department@unit:水务局", "--display", "王五")
    run("account", "disable", "wang", "--heir", "li")
    run("account", "enable", "wang")
    _code, out, _err = run("account", "reset", "root")
    assert "/welcome/" in out
    _code, key, _err = run("account", "token", "li", "--label", "monthly", "--days", 3, "--read-only")
    assert re.fullmatch(r"[\w-]{43}\n", key)
    with database.reading() as connection:
        rows = connection.execute(select(audit).order_by(audit.c.pos)).all()
    assert [row.action for row in rows] == [
        "account.first", "account.added", "account.invited", "account.disabled", "account.enabled", "account.reset",
        "token.made",
    ]  # fmt: skip
    assert {(row.account_id, row.from_addr) for row in rows} == {(None, "command line")}
    for words in (
        ("add", "WANG", "--role", "planner"), ("add", "x", "--role", "king"), ("add", "x", "--role", "checker@cell:1"),
        ("disable", "nobody"), ("disable", "wang", "--heir", "wang"), ("enable", "wang"), ("disable", "li"),
        ("token", "nobody", "--label", "x"), ("token", "li", "--label", " "), ("reset", "nobody"),
    ):  # fmt: skip
        code, out, err = run("account", *words)
        assert (code, out) == (1, ""), words
        assert err.startswith("[error]"), words
    assert rows_of(database) == len(rows)


def test_areas_go_to_the_roles_that_bring_none(run, first, database):
    run(
        "account",
        "add",
        "wang",
        "--role",
        "checker",
        "--role",
        "planner@county:*",
        "--area",
        "unit:a",
        "--area",
        "unit:b",
    )
    found = [(one.role, one.area_kind, one.area_code) for one in AccountStore(database).by_name("wang")[0].grants]
    assert sorted(found) == [("checker", "unit", "a"), ("checker", "unit", "b"), ("planner", "county", "*")]


def test_everybody_is_listed(run, first):
    run("account", "add", "wang", "--role", "department@unit:水务局", "--display", "王五")
    _code, out, _err = run("account", "list")
    assert out.splitlines() == [
        "li  active  administrator · everywhere",
        "root  active  administrator · everywhere",
        "wang (王五)  no password yet  department · unit 水务局",
    ]
    _code, out, _err = run("account", "list", "--json")
    assert [one["name"] for one in json.loads(out)] == ["li", "root", "wang"]


@pytest.mark.parametrize("words", [[], ["add"], ["add", "x"], ["token", "x"], ["nothing"]])
def test_what_is_missing_is_told_with_where_help_is(run, words):
    code, out, err = run("account", *words)
    assert code in (0, 2)
    assert "countygrid account" in out + err


def test_a_sound_audit_is_said_to_be_and_every_broken_link_in_words(run, first, database):
    code, out, _err = run("audit", "verify")
    assert code == 0
    (head,) = re.findall(r"[0-9a-f]{64}", out)
    assert run("audit", "verify", "--head", head)[0] == 0
    assert run("audit", "verify", "--head", head[:12])[0] == 0
    told = json.loads(run("audit", "verify", "--json")[1])
    assert told == {"sound": True, "rows": 2, "head": head, "unnoted": 0, "broken": []}
    is_sqlite = database.engine.dialect.name == "sqlite"
    with database.writing() as connection:
        drop = "DROP TRIGGER audit_no_update" if is_sqlite else "DROP TRIGGER audit_no_change ON audit"
        connection.execute(text(drop))
        connection.execute(text("UPDATE audit SET from_addr = 'elsewhere' WHERE pos = 1"))
        if is_sqlite:
            connection.execute(text("DROP TRIGGER audit_no_delete"))
        connection.execute(text("DELETE FROM audit WHERE pos = 2"))
    code, out, _err = run("audit", "verify", "--head", head)
    assert code == 1
    assert "row 1: its content is not what was written" in out
    assert "row 2: it is not the row that was noted" in out
    assert "triggers are missing" in out
    assert "no row has the hash" in out
    told = json.loads(run("audit", "verify", "--json")[1])
    assert [(one["pos"], one["code"]) for one in told["broken"]] == [(0, "unguarded"), (1, "changed"), (2, "cut")]


def test_rows_that_were_not_noted_outside_are_counted(run, first, database):
    with database.writing() as connection:  # by a program that notes no heads
        record(connection, Act(COMMAND_LINE, "account.added", "account"))
    code, out, _err = run("audit", "verify")
    assert code == 0
    assert "last 1 rows were not noted" in out


@pytest.mark.parametrize("head", ["x", "ABCDEF0123", "0123456", "f" * 65])
def test_what_is_no_hash_is_refused(run, first, head):
    code, _out, err = run("audit", "verify", "--head", head)
    assert code == 1
    assert "--head" in err


def test_without_a_database_nothing_is_made(run, tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", "")
    code, _out, err = run("audit", "verify")
    assert code == 1
    assert "app.sqlite" in err
    assert run("audit", "export", tmp_path / "a.xlsx")[0] == 1
    assert not (tmp_path / "site" / "app.sqlite").exists()


def test_the_audit_is_taken_along(run, first, tmp_path):
    code, out, _err = run("audit", "export", tmp_path / "a.xlsx")
    assert (code, out) == (0, f"{tmp_path / 'a.xlsx'}\n")
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert [row[4].value for row in sheet.iter_rows(min_row=2)] == ["added an account", "made the first administrator"]
    code, out, err = run("audit", "export", tmp_path / "a.xlsx" / "b.xlsx")
    assert (code, out) == (1, "")
    assert "a.xlsx" in err
