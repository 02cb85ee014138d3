"""Calls of the writing routes of cases, as they should be called."""

from attached_files import photo
from edited_tables import edited

CASE_PAGES = {
    ("GET", "/worker"): {"grid-worker", "department"},
    ("GET", "/desk"): {"township-desk", "county-desk", "checker"},
}
"""Whose page each is."""
_ONE = "/api/incidents/{name}"
OF_CASES = (
    *(("GET", f"/api/incidents{path}") for path in ("", "/feed", "/stream", "/{name}")),
    *(("GET", f"{_ONE}/{noun}") for noun in ("ledger.svg", "duplicates", "attachments/{attachment}")),
    *(("POST", f"{_ONE}/{noun}") for noun in ("events", "attachments")),
)
"""Routes of whoever has to do with cases."""
OF_DESKS = (("GET", f"{_ONE}/people"), ("DELETE", f"{_ONE}/attachments/{{attachment}}"))
CASE_FILES = {(method, "/api/incidents/batch.xlsx") for method in ("GET", "POST")} | {
    ("GET", "/api/incidents/cases.xlsx")
}
CELL_ROUTES = {
    *(("GET", f"/api/cells{path}") for path in ("", "/versions", ".xlsx")),
    *(("POST", f"/api/cells{path}") for path in ("/split", "/merge", ".xlsx")),
}
MATTERS = {(method, "/api/matters") for method in ("GET", "POST")} | {("POST", "/api/matters/samples")}
OPEN311 = {
    *(
        ("GET", f"/open311/v2/{path}.{{form}}")
        for path in ("services", "services/{code}", "requests", "requests/{code}")
    ),
    ("POST", "/open311/v2/requests.{form}"),
    ("GET", "/open311/v2/tokens/{code}.{form}"),
}
"""Routes that anybody may call: what they show is a matter of their keys."""


def case_calls(office):
    """Return what makes a call of each writing route ready, by (method, path)."""
    return {
        ("POST", "/api/incidents"): lambda: office.json("POST", "/api/incidents", _report("audit")),
        ("POST", "/api/incidents/{name}/events"): lambda: _move(office, a_case(office)),
        ("POST", "/api/incidents/batch.xlsx"): lambda: _batch(office),
        ("POST", "/open311/v2/requests.{form}"): lambda: office.form(
            "/open311/v2/requests.json", service_code="party", lat="1", long="2"
        ),
        ("POST", "/api/incidents/{name}/attachments"): lambda: _send(office, a_case(office)),
        ("DELETE", "/api/incidents/{name}/attachments/{attachment}"): lambda: _erase(office),
    }


def a_case(office):
    """Report a case and return its id."""
    return office.mine.post("/api/incidents", json=_report(f"case {next(office.numbers)}")).json()["id"]


def _report(key):
    return {"category": "party", "lon": 1, "lat": 2, "idempotency_key": key}


def _move(office, case):
    body = {"move": "accept", "expected_version": 2, "key": "m"}
    return lambda: office.mine.post(f"/api/incidents/{case}/events", json=body)


def _send(office, case):
    return lambda: office.mine.post(f"/api/incidents/{case}/attachments?key=k", content=photo())


def _erase(office):
    case = a_case(office)
    sent = _send(office, case)().json()["id"]
    return lambda: office.mine.delete(f"/api/incidents/{case}/attachments/{sent}")


def cell_calls(office):
    """Return what makes a call of each route that changes cells ready, by (method, path)."""
    return {
        ("POST", "/api/cells/split"): lambda: office.json("POST", "/api/cells/split", {"code": _a_cell(office)}),
        ("POST", "/api/cells/merge"): lambda: office.json("POST", "/api/cells/merge", {"codes": _parts(office)}),
        ("POST", "/api/cells.xlsx"): lambda: _renamed(office),
        ("POST", "/api/matters"): lambda: office.json("POST", "/api/matters", _matter(office)),
        ("POST", "/api/matters/samples"): lambda: _sample(office),
    }


def _matter(office):
    return {"matter": "v-001", "village": "00001", "idempotency_key": f"matter {next(office.numbers)}"}


def _sample(office):
    """Have one matter granted, and return a call that draws it and nothing else."""
    case = office.mine.post("/api/matters", json=_matter(office)).json()["id"]
    granted = {"move": "grant", "expected_version": 1, "key": "g"}
    office.mine.post(f"/api/incidents/{case}/events", json=granted)
    return office.json("POST", "/api/matters/samples", {"seed": f"s{next(office.numbers)}", "percent": 1})


def _a_cell(office):
    cells = office.mine.get("/api/cells").json()
    return max(cells, key=lambda cell: (cell["households"], cell["code"]))["code"]


def _parts(office):
    return list(office.mine.post("/api/cells/split", json={"code": _a_cell(office)}).json()["parents"])


def _renamed(office):
    content = office.mine.get("/api/cells.xlsx").content

    def change(book):
        book.worksheets[0]["B2"] = f"网格 {next(office.numbers)}"

    return lambda: office.mine.post("/api/cells.xlsx?file=cells.xlsx", content=edited(content, change))


def _batch(office):
    content = f"外部编号,类别,经度,纬度\nb{next(office.numbers)},党建,1,2\n".encode()
    return lambda: office.mine.post("/api/incidents/batch.xlsx?file=b.csv", content=content)
