"""Every writing route of the service, called as it should be, leaves exactly one row; refused, it leaves none."""

import shutil
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from callers import HERE, call, finished
from case_calls import case_calls, cell_calls
from edited_tables import edited
from publication_calls import PUBLIC_FORM, PUBLIC_REMARK, publication_calls
from scenario_calls import placed, scenario_calls
from signed_in import account, caller, key_for, leaves
from sqlalchemy import func, select
from staff_calls import staff_calls

from api.access.passwords import hash_password
from api.access.roles import Role
from api.actions.accounts.set_up import new_code
from api.actions.cases.dry_run import KINDS as TRIED
from api.main import create_app
from api.settings import Settings
from layers.records.audit import THE_SERVICE
from layers.records.sessions import SessionStore
from layers.records.tables import audit
from planning.tables.registry import TABLES

GOOD = "纸船 7 sails"
STORED = hash_password(GOOD)
PLAN = {"service": "elder-centre", "model": "p-median"}
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CHANGED = {
    kind: next(one.name for one in table.columns if one.name in ("note", "basis", "opening_yuan"))
    for kind, table in TABLES.items()
}
"""A column of each table that may hold anything of its kind."""


class Office:
    """A service with somebody who may do everything, and what its routes need to be called as they should."""

    def __init__(self, client):
        self.app, self.client = client.app, client
        self.database = client.app.state.workplace.database.get()
        self.numbers = iter(range(1, 1000))
        roles = [(role, "county", "*") for role in Role if role not in (Role.PUBLIC, Role.GRID_WORKER)]
        self.me = account(self.database, "me", *roles)
        self.mine = caller(self.app, key_for(self.database, self.me))

    def somebody(self, *, password_hash="x"):
        return account(
            self.database, f"one{next(self.numbers)}", ("planner", "county", "*"), password_hash=password_hash
        )

    def form(self, path, by=None, **fields):
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        return lambda: (by or self.mine).post(path, content=urlencode(fields), headers=headers)

    def json(self, method, path, body=None):
        return lambda: self.mine.request(method, path, json=body)

    def run(self):
        body = {**PLAN, "p": 1 + next(self.numbers) % 6, "limit_minutes": 5 + next(self.numbers)}
        return self.mine.post("/api/plans", json=body).json()["run"]

    def cancelled(self):
        run = self.run()
        finished(self.mine, run)
        with self.database.writing() as connection:
            connection.exec_driver_sql(f"UPDATE run SET state = 'cancelled' WHERE id = '{run['id']}'")
        return run["id"]

    def rows(self, kind):
        """Return the rows of a table with one figure changed, and the version that was changed."""
        told = self.mine.get(f"/api/tables/{kind}").json()
        rows = [dict(row) for row in told["rows"]]
        rows[0][CHANGED[kind]] = self.another(kind)
        return rows, told["version"]

    def another(self, kind):
        number = next(self.numbers)
        return 10**6 + number if kind == "unit-costs" else f"改 {number}"

    def workbook(self, kind):
        """Return a table as a file with one cell changed."""
        content = self.mine.get(f"/api/tables/{kind}.xlsx").content
        column = 1 + [one.name for one in TABLES[kind].columns].index(CHANGED[kind])

        def change(book):
            book.worksheets[0].cell(row=2, column=column).value = self.another(kind)

        return edited(content, change)


def sent_file(content):
    mark = "b0undary"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="t.xlsx"\r\n\r\n'.encode()
    note = f'\r\n--{mark}\r\nContent-Disposition: form-data; name="note"\r\n\r\n改\r\n--{mark}--\r\n'.encode()
    return {"content": head + content + note, "headers": {"Content-Type": f"multipart/form-data; boundary={mark}"}}


def calls(office):
    """A call of each writing route, by (method, path), made ready when it is asked for."""
    people = {
        "name": {"display": "新名"},
        "roles": {"role-0": "planner", "area_kind-0": "county", "area_code-0": "*"},
        "reset": {},
        "disable": {},
        "sessions": {},
    }
    grants = [{"role": "planner", "area": {"kind": "county", "code": "*"}}]
    made = {
        ("POST", "/sign-in"): lambda: office.form(
            "/sign-in", by=caller(office.app, ""), name=office.named.name, password=GOOD
        ),
        ("POST", "/sign-out"): lambda: office.form(
            "/sign-out", by=caller(office.app, key_for(office.database, office.somebody()))
        ),
        ("POST", "/account/password"): lambda: office.form(
            "/account/password", by=caller(office.app, key_for(office.database, office.somebody(password_hash=STORED))),
            old=GOOD, password="another 1 way", again="another 1 way",
        ),
        ("POST", "/account/language"): lambda: office.form("/account/language", lang="zh"),
        ("POST", "/account/tokens"): lambda: office.form("/account/tokens", label="统计", days="30"),
        ("POST", "/account/sessions/{name}/end"): lambda: office.form(f"/account/sessions/{office.token()}/end"),
        ("POST", "/welcome/{key}"): lambda: office.form(
            f"/welcome/{office.invited()}", by=caller(office.app, ""), password=GOOD, again=GOOD
        ),
        ("POST", "/people"): lambda: office.form(
            "/people", name="neu", display="新人", **{"role-0": "planner", "area_kind-0": "county", "area_code-0": "*"}
        ),
        ("POST", "/people/{name}/enable"): lambda: office.form(f"/people/{office.disabled()}/enable"),
        **{
            ("POST", f"/people/{{name}}/{verb}"): lambda verb=verb, form=form: office.form(
                f"/people/{office.somebody().id}/{verb}", **form
            )
            for verb, form in people.items()
        },
        ("POST", "/api/accounts"): lambda: office.json("POST", "/api/accounts", {"name": "neu2", "grants": grants}),
        ("PUT", "/api/accounts/{name}/grants"): lambda: office.json(
            "PUT", f"/api/accounts/{office.somebody().id}/grants", {"grants": grants}
        ),
        ("POST", "/api/accounts/{name}/enable"): lambda: office.json(
            "POST", f"/api/accounts/{office.disabled()}/enable"
        ),
        ("POST", "/api/accounts/{name}/reset"): lambda: office.json(
            "POST", f"/api/accounts/{office.somebody().id}/reset"
        ),
        ("POST", "/api/accounts/{name}/disable"): lambda: office.json(
            "POST", f"/api/accounts/{office.somebody().id}/disable", {}
        ),
        ("POST", "/api/plans"): lambda: office.json("POST", "/api/plans", {**PLAN, "p": 2}),
        ("POST", "/api/studies"): lambda: office.json(
            "POST", "/api/studies", {"kind": "frontier", "plan": {**PLAN, "p": 2}}
        ),
        ("POST", "/api/futures"): lambda: office.json(
            "POST", "/api/futures", {"runs": ["today", placed(office)], "count": 2}
        ),
        ("DELETE", "/api/runs/{name}"): lambda: office.json("DELETE", f"/api/runs/{office.run()['id']}"),
        ("POST", "/api/runs/{name}/repeat"): lambda: office.json("POST", f"/api/runs/{office.cancelled()}/repeat"),
        ("POST", "/api/closures"): lambda: office.json("POST", "/api/closures", {}),
        **scenario_calls(office),
        **publication_calls(office),
        **case_calls(office),
        **cell_calls(office),
        **staff_calls(office),
    }  # fmt: skip
    for kind in TABLES:
        made |= {
            ("PUT", f"/api/tables/{kind}"): lambda kind=kind: _put(office, kind),
            ("POST", f"/api/tables/{kind}.xlsx"): lambda kind=kind: _post(office, kind),
            ("POST", f"/tables/{kind}"): lambda kind=kind: _upload(office, kind),
        }
    return made


def _put(office, kind):
    rows, version = office.rows(kind)
    return office.json("PUT", f"/api/tables/{kind}", {"expected_version": version, "rows": rows, "note": "改"})


def _post(office, kind):
    content = office.workbook(kind)
    return lambda: office.mine.post(f"/api/tables/{kind}.xlsx?file=t.xlsx", content=content)


def _upload(office, kind):
    sent = sent_file(office.workbook(kind))
    return lambda: office.mine.post(f"/tables/{kind}", **sent)


class Named(Office):
    """An office with somebody whose password is known."""

    def __init__(self, client):
        super().__init__(client)
        self.named = self.somebody(password_hash=STORED)

    def token(self):
        key_for(self.database, self.me, kind="token")
        found = SessionStore(self.database).of_account(self.me.id, now=datetime.now(UTC))
        return next(one.id for one in found if one.kind == "token")

    def invited(self):
        made = self.somebody(password_hash=None)
        opened = SessionStore(self.database).open(
            made.id, "invite", label="", lasting=timedelta(days=1), now=datetime.now(UTC), act=None
        )
        return opened[0]

    def disabled(self):
        made = self.somebody()
        assert self.mine.post(f"/api/accounts/{made.id}/disable", json={}).status_code < 300
        return made.id


@pytest.fixture(scope="module")
def office(toy_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rows")
    shutil.copytree(toy_data, folder / "data")  # a scheme that is adopted changes it
    with call(Settings(data=folder / "data", database_url=f"sqlite:///{folder / 'app.sqlite'}")) as client:
        yield Named(client)


BY_PEOPLE = audit.c.from_addr != THE_SERVICE.from_addr
PUBLISHING = {("POST", "/api/publications"), ("POST", "/hearings")}
"""They ask for counter-proposals too, and that a computation was asked for is a row of its own."""


def count(database):
    """Count what people did; the service ends runs by itself meanwhile."""
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(audit).where(BY_PEOPLE))


QUESTION = {**PLAN, "edits": [{"op": "road-closed", "target": "横1路"}]}
ASKING = {
    "/api/matrices": QUESTION,
    "/api/evaluations": {**QUESTION, "sites": ["00001"]},
    "/api/left-behind": {**QUESTION, "sites": ["00001"]},
    "/api/ways": {**QUESTION, "from": "00001", "to": "00002"},
    "/api/names": {"names": ["东庄"]},
    **{f"/api/tables/{kind}/dry-run": {"rows": [dict(row) for row in TABLES[kind].defaults]} for kind in TRIED},
}
"""Questions that are asked in a body since an address cannot hold them: nothing is kept, so there is no row."""
WRITING_ROUTES = sorted(
    (method, route.path)
    for route in leaves(create_app(Settings()).routes)
    for method in getattr(route, "methods", ())
    if method in WRITING and route.path not in ("/setup", *ASKING)
)


@pytest.mark.parametrize("route", WRITING_ROUTES, ids=" ".join)
def test_a_writing_request_that_succeeds_leaves_one_row(office, route):
    ask = calls(office)[route]()
    before = count(office.database)
    answer = ask()
    assert answer.status_code < 400, answer.text
    assert count(office.database) == before + (2 if route in PUBLISHING else 1)
    with office.database.reading() as connection:
        row = connection.execute(select(audit).where(BY_PEOPLE).order_by(audit.c.pos.desc())).first()
    assert row.from_addr == ("" if route in (PUBLIC_FORM, PUBLIC_REMARK) else "10.1.2.3")
    assert GOOD not in str(row)


@pytest.mark.parametrize("path", ASKING)
def test_a_question_that_changes_nothing_leaves_none(office, path):
    before = count(office.database)
    answer = office.mine.post(path, json=ASKING[path])
    assert answer.status_code == 200, answer.text
    assert count(office.database) == before


@pytest.mark.parametrize("route", WRITING_ROUTES, ids=" ".join)
def test_a_writing_request_that_is_refused_leaves_none(office, route):
    before = count(office.database)
    path = route[1].replace("{name}", "none").replace("{key}", "none")
    assert caller(office.app, "made-up").request(route[0], path).status_code >= 400
    assert count(office.database) == before


def test_the_first_administrator_is_one_row(settings):
    with call(settings) as client:
        database = client.app.state.workplace.database.get()
        code = new_code(database, now=datetime.now(UTC))
        fields = {"code": code, "name": "wang", "display": "王", "password": GOOD, "again": GOOD}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": HERE}
        assert (
            client.post("/setup", content=urlencode(fields), headers=headers, follow_redirects=False).status_code == 303
        )
        assert count(database) == 1
