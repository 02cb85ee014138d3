"""Staff and leave: who may call which route, and a call of each writing route as it should be made."""

from __future__ import annotations

from io import BytesIO

from edited_tables import edited

DESKS = {"township-desk", "county-desk"}
READERS = {*DESKS, "checker", "official"}
HANDLERS = {"grid-worker", "township-desk", "county-desk", "department", "checker"}
_A, _FILES = "/staff/people/{name}", ("posts", "leave")
STAFF_ROLES = {
    **{("GET", path): READERS for path in ("/staff", _A, "/api/staff", "/api/staff/gaps", "/api/staff/{name}")},
    **{("GET", f"/api/staff/{kind}.xlsx"): READERS for kind in _FILES},
    **{("POST", f"{room}/{kind}.xlsx"): DESKS for kind in _FILES for room in ("/staff", "/api/staff")},
    ("GET", "/staff/new"): DESKS,
    **{
        ("POST", path): DESKS
        for path in (
            *("/staff/new", _A, f"{_A}/phone", f"{_A}/posts", f"{_A}/posts/{{post}}", f"{_A}/leave"),
            *("/staff/leave/{name}", "/api/staff", "/api/staff/{name}"),
            *("/api/staff/{name}/posts", "/api/staff/{name}/posts/{post}"),
        )
    },
    ("GET", "/api/staff/{name}/phone"): HANDLERS,
    ("GET", "/api/leave"): HANDLERS,
    ("POST", "/api/leave"): HANDLERS,
    ("POST", "/api/leave/{name}/decision"): HANDLERS,
}
"""Who may do what, said a second time."""
_POST = {"post": "assistant", "area_kind": "township", "area": "T1", "from": "2026-01-01"}
STAFF_CALLS = {
    ("POST", "/api/staff"): ("/api/staff", {"name": "新人", "post": _POST}),
    ("POST", "/api/staff/{name}"): ("/api/staff/none", {"expected_version": 1}),
    ("POST", "/api/staff/{name}/posts"): ("/api/staff/none/posts", _POST),
    ("POST", "/api/staff/{name}/posts/{post}"): ("/api/staff/none/posts/none", {"until": None}),
    ("POST", "/api/leave"): ("/api/leave", {"from": "2027-01-01", "person": "none"}),
    ("POST", "/api/leave/{name}/decision"): (
        "/api/leave/none/decision",
        {"decision": "approved", "expected_version": 1},
    ),
}
"""Path and body of a call, where they are not plain."""


def staff_calls(office):
    """A call of each writing route about staff, made ready when it is asked for."""

    def page(path, **fields):
        return lambda: office.form(path(), **fields)

    def api(path, body):
        return lambda: office.json("POST", path(), body)

    person, asked = (lambda: _person(office)), (lambda: _leave(office))
    days = {"from": "2027-03-01", "until": "2027-03-05", "reason": "annual"}
    decision = {"decision": "approved", "expected_version": 1}
    return {
        ("POST", "/staff/new"): page(lambda: "/staff/new", name="新人", **_POST),
        ("POST", _A): page(lambda: f"/staff/people/{person()}", name="新名"),
        ("POST", f"{_A}/phone"): page(lambda: f"/staff/people/{person()}/phone"),
        ("POST", f"{_A}/posts"): page(lambda: f"/staff/people/{person()}/posts", **_POST | {"area": "T2"}),
        ("POST", f"{_A}/posts/{{post}}"): page(lambda: f"/staff/people/{_post(office)}", until="2027-12-31"),
        ("POST", f"{_A}/leave"): page(lambda: f"/staff/people/{person()}/leave", **days),
        ("POST", "/staff/leave/{name}"): page(lambda: f"/staff/leave/{asked()}", decision="denied", version="1"),
        ("POST", "/api/staff"): api(lambda: "/api/staff", {"name": "新人", "post": _POST}),
        ("POST", "/api/staff/{name}"): api(
            lambda: f"/api/staff/{person()}", {"expected_version": 1, "phone": "13900001111"}
        ),
        ("POST", "/api/staff/{name}/posts"): api(lambda: f"/api/staff/{person()}/posts", _POST | {"area": "T2"}),
        ("POST", "/api/staff/{name}/posts/{post}"): api(lambda: f"/api/staff/{_post(office)}", {"until": "2027-12-31"}),
        ("POST", "/api/leave"): api(lambda: "/api/leave", days | {"person": person()}),
        ("POST", "/api/leave/{name}/decision"): api(lambda: f"/api/leave/{asked()}/decision", decision),
        **{("POST", f"/api/staff/{kind}.xlsx"): lambda kind=kind: _file(office, kind) for kind in _FILES},
        **{("POST", f"/staff/{kind}.xlsx"): lambda kind=kind: _form(office, kind) for kind in _FILES},
    }


def _person(office):
    body = {"name": f"某人{next(office.numbers)}", "phone": "13800001111", "post": _POST}
    return office.mine.post("/api/staff", json=body).json()["id"]


def _post(office):
    one = office.mine.get(f"/api/staff/{_person(office)}").json()
    return f"{one['id']}/posts/{one['posts'][0]['id']}"


def _leave(office):
    body = {"from": "2027-03-01", "until": "2027-03-05", "person": _person(office)}
    return office.mine.post("/api/leave", json=body).json()["id"]


def _workbook(office, kind):
    """Return a file with one row changed or added."""
    person = _person(office)
    content = office.mine.get(f"/api/staff/{kind}.xlsx").content

    def change(book):
        sheet = book.worksheets[0]
        if kind == "posts":
            sheet.cell(row=2, column=2).value = f"改名{next(office.numbers)}"
        else:
            sheet.append([person, "", "2027-05-01", "2027-05-02", "病假", "", "待批"])

    return edited(content, change)


def _file(office, kind):
    content = _workbook(office, kind)
    return lambda: office.mine.post(f"/api/staff/{kind}.xlsx?file=t.xlsx", content=content)


def _form(office, kind):
    content = _workbook(office, kind)
    return lambda: office.mine.post(
        f"/staff/{kind}.xlsx", files={"file": ("t.xlsx", BytesIO(content))}, headers={"Accept": "text/html"}
    )
