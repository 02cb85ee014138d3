"""Every route, mount and stream × every role × area × way of bringing a key: who may, and that refusals are alike."""

import pytest
from callers import call
from case_calls import CASE_FILES, CASE_PAGES, CELL_ROUTES, MATTERS, OF_CASES, OF_DESKS, OPEN311
from publication_routes import BY_ANYBODY, BY_PLANNERS
from signed_in import account, caller, key_for, leaves
from staff_calls import STAFF_CALLS, STAFF_ROLES

from api.access.roles import Role
from api.actions.workplace import Workplace
from api.main import create_app
from api.settings import Settings

PLANNERS = {"planner", "official"}
STAFF = set(Role) - {"administrator", "public"}
HANDLERS = {"grid-worker", "township-desk", "county-desk", "department", "checker"}
TABLE_READERS = {"planner", "official", "county-desk", "department", "checker", "administrator"}
INCIDENT_TABLES = ("categories", "subcategories", "deadlines", "steps", "rules", "calendar", "duty-hours")
TABLE_WRITERS = {"planner": ("services", "rooms", "unit-costs", "speeds"), "county-desk": (*INCIDENT_TABLES, "matters")}
ROLES = {
    ("GET", "/plan"): PLANNERS,
    ("GET", "/incidents"): STAFF,
    **CASE_PAGES,
    ("GET", "/docs"): STAFF,
    ("GET", "/openapi.json"): STAFF,
    ("GET", "/api/county"): STAFF,
    ("GET", "/api/layers/{name}"): STAFF,
    ("GET", "/api/ground"): STAFF,
    ("GET", "/api/search"): STAFF,
    **{route: {"official", "county-desk"} if route[0] == "POST" else STAFF for route in CELL_ROUTES},
    ("GET", "/api/place"): STAFF,
    ("GET", "/api/access"): STAFF,
    ("GET", "/api/roads/closed"): STAFF,
    ("GET", "/api/matrices/{service}"): PLANNERS,
    ("POST", "/api/matrices"): PLANNERS,
    ("POST", "/api/plans"): PLANNERS,
    **{("POST", f"/api/{noun}"): PLANNERS for noun in ("evaluations", "ways", "left-behind", "names")},
    ("GET", "/api/roads"): PLANNERS,
    ("GET", "/api/roads/near"): PLANNERS,
    ("POST", "/api/studies"): PLANNERS,
    ("GET", "/api/runs"): PLANNERS,
    ("GET", "/api/runs/{name}"): PLANNERS,
    ("GET", "/api/runs/{name}/events"): PLANNERS,
    ("GET", "/api/runs/{name}/plan-file"): PLANNERS,
    ("GET", "/api/runs/{name}/left-behind"): PLANNERS,
    ("DELETE", "/api/runs/{name}"): PLANNERS,
    ("POST", "/api/runs/{name}/repeat"): PLANNERS,
    ("GET", "/plan/sheet"): PLANNERS,
    ("GET", "/api/compare"): PLANNERS,
    ("POST", "/api/futures"): PLANNERS,
    ("GET", "/compare"): PLANNERS,
    ("GET", "/api/compare/made-good"): PLANNERS,
    ("POST", "/api/closures"): PLANNERS,
    **{
        (method, f"/api/scenarios{path}"): PLANNERS
        for method, path in (
            ("POST", ""),
            ("GET", ""),
            ("GET", "/scheme-0"),
            ("POST", "/import"),
            ("GET", "/{name}"),
            ("PUT", "/{name}"),
            ("DELETE", "/{name}"),
            ("GET", "/{name}/revisions"),
            ("GET", "/{name}/revisions/{n}"),
            ("GET", "/{name}/export"),
            ("GET", "/{name}/shares"),
            ("DELETE", "/{name}/shares/{share}"),
            ("GET", "/{name}/comments"),
            ("DELETE", "/{name}/comments/{comment}"),
            *(
                ("POST", f"/{{name}}/{verb}")
                for verb in ("restore", "undo", "redo", "clone", "runs", "rebase", "shares", "comments")
            ),
        )
    },
    ("GET", "/api/adoptions"): PLANNERS,
    ("GET", "/adoptions"): PLANNERS,
    ("GET", "/adoptions/new"): {"official"},
    ("POST", "/adoptions/new"): {"official"},
    ("POST", "/adoptions/{name}/withdraw"): {"official"},
    ("POST", "/api/scenarios/{name}/adopt"): {"official"},
    ("POST", "/api/adoptions/{name}/withdraw"): {"official"},
    **dict.fromkeys(BY_PLANNERS, PLANNERS),
    ("POST", "/api/incidents"): STAFF,
    **{route: {"county-desk"} for route in CASE_FILES},
    **dict.fromkeys((*OF_CASES, *MATTERS), HANDLERS),
    **{route: {"township-desk", "county-desk"} for route in OF_DESKS},
    **STAFF_ROLES,
    ("GET", "/tables"): TABLE_READERS,
    ("GET", "/tables/{kind}"): TABLE_READERS,
    ("GET", "/tables/{kind}.xlsx"): TABLE_READERS,
    ("GET", "/api/tables"): TABLE_READERS,
    ("GET", "/api/tables/{kind}"): TABLE_READERS,
    ("GET", "/api/tables/{kind}.xlsx"): TABLE_READERS,
    ("GET", "/api/tables/{kind}/history"): TABLE_READERS,
    **{
        route: {role}
        for role, kinds in TABLE_WRITERS.items()
        for kind in kinds
        for route in (("POST", f"/tables/{kind}"), ("PUT", f"/api/tables/{kind}"), ("POST", f"/api/tables/{kind}.xlsx"))
    },
    **{("POST", f"/api/tables/{kind}/dry-run"): {"county-desk"} for kind in INCIDENT_TABLES[1:]},
}
"""Who may do what, said a second time: a route that is opened to more people fails here first."""
ROLES |= {
    (method, path): {"administrator"}
    for method, path in (
        ("GET", "/people"),
        ("GET", "/people/new"),
        ("POST", "/people"),
        ("GET", "/people/{name}"),
        *(("POST", f"/people/{{name}}/{verb}") for verb in ("name", "roles", "reset", "disable", "enable", "sessions")),
        ("GET", "/api/accounts"),
        ("POST", "/api/accounts"),
        ("GET", "/api/accounts/{name}"),
        ("PUT", "/api/accounts/{name}/grants"),
        *(("POST", f"/api/accounts/{{name}}/{verb}") for verb in ("reset", "disable", "enable")),
        ("GET", "/audit"),
        ("GET", "/audit.xlsx"),
        ("GET", "/service"),
        ("GET", "/api/service"),
    )
}
OWN = {
    ("GET", "/"),
    ("GET", "/account"),
    ("GET", "/api/me"),
    ("POST", "/account/password"),
    ("POST", "/account/language"),
    ("POST", "/account/tokens"),
    ("POST", "/account/sessions/{name}/end"),
    ("POST", "/sign-out"),
}
"""One's own: whoever has an account, in whatever role."""
PUBLIC = {
    ("GET", "/health"),
    ("GET", "/favicon.ico"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/setup"),
    ("POST", "/setup"),
    ("GET", "/welcome/{key}"),
    ("POST", "/welcome/{key}"),
    *BY_ANYBODY,
    *OPEN311,
}
CALLS = {
    ("GET", "/scripts/{name}"): ("/scripts/none.js", None),
    ("GET", "/api/layers/{name}"): ("/api/layers/villages", None),
    ("GET", "/api/search"): ("/api/search?q=x", None),
    ("GET", "/api/place"): ("/api/place?lon=116.9&lat=37.2", None),
    ("GET", "/api/matrices/{service}"): ("/api/matrices/elder-centre", None),
    ("POST", "/api/plans"): ("/api/plans", {"service": "elder-centre", "p": 1}),
    ("POST", "/api/matrices"): ("/api/matrices", {"service": "elder-centre"}),
    ("POST", "/api/evaluations"): ("/api/evaluations", {"service": "elder-centre", "sites": ["00001"]}),
    ("POST", "/api/left-behind"): ("/api/left-behind", {"service": "elder-centre", "sites": ["00001"]}),
    ("POST", "/api/ways"): ("/api/ways", {"service": "elder-centre", "from": "00001", "to": "00002"}),
    ("POST", "/api/names"): ("/api/names", {"names": ["东庄"]}),
    ("GET", "/api/roads"): ("/api/roads?target=NS", None),
    ("GET", "/api/roads/near"): ("/api/roads/near?lon=116.9&lat=37.2", None),
    ("POST", "/api/studies"): ("/api/studies", {"kind": "why-here", "plan_id": "none"}),
    ("GET", "/plan/sheet"): ("/plan/sheet?run=none", None),
    ("GET", "/api/compare"): ("/api/compare?runs=none,today", None),
    ("POST", "/api/futures"): ("/api/futures", {"runs": ["none", "today"]}),
    ("GET", "/api/compare/made-good"): ("/api/compare/made-good?runs=none,today", None),
    ("POST", "/api/closures"): ("/api/closures", {}),
    **STAFF_CALLS,
    ("POST", "/api/incidents"): (
        "/api/incidents",
        {"category": "party", "lon": 1, "lat": 2, "idempotency_key": "who-may"},
    ),
    ("GET", "/api/incidents/stream"): ("/api/incidents/stream?seconds=0", None),
    ("POST", "/api/incidents/{name}/events"): (
        "/api/incidents/none/events",
        {"move": "note", "expected_version": 1, "key": "who-may"},
    ),
}
"""Path and body of a call that the route would answer, where they are not plain."""
AREA_OF = {"grid-worker": "cell", "township-desk": "township", "department": "unit", "checker": "township"}
"""What kind of area a role usually has; the others have the county."""


def routes_of(app):
    """(method, path) of every route, those that the description leaves out too."""
    return {(method, one.path) for one in leaves(app.routes) for method in getattr(one, "methods", ())} - {"HEAD"}


def address_of(route):
    path = route[1]
    return CALLS.get(route, (path.replace("{name}", "none").replace("{key}", "none").replace("{kind}", "rooms"), None))


def test_every_route_of_the_service_is_in_this_table(settings):
    assert routes_of(create_app(settings)) == set(ROLES) | OWN | PUBLIC


def test_the_description_is_of_what_programs_call_and_names_the_roles(settings):
    paths = create_app(settings).openapi()["paths"]
    told = {
        (method.upper(), path): set(one["x-roles"])
        for path, methods in paths.items()
        for method, one in methods.items()
    }
    assert told == {
        route: ROLES.get(route, set(Role) if route in OWN else set())
        for route in set(ROLES) | OWN | PUBLIC
        if route in told
    }
    assert {route for route in set(ROLES) | OWN | PUBLIC if route[1].startswith("/api/")} <= told.keys()


@pytest.fixture(scope="module")
def served(toy_data, tmp_path_factory):
    """A service with accounts."""
    records = tmp_path_factory.mktemp("who") / "app.sqlite"
    with call(Settings(data=toy_data, database_url=f"sqlite:///{records}")) as client:
        yield client.app


@pytest.fixture(scope="module")
def areas(served):
    """An area of each kind in the county that is served."""
    workplace: Workplace = served.state.workplace
    territory = workplace.territory(needs_parts=True)
    cell, township = next((cell, township) for cell, township in territory.cells.items() if township)
    return {"county": territory.county, "township": township, "cell": cell, "unit": "民政局"}


@pytest.fixture(scope="module")
def keys(served, areas):
    """Keys by (role, area): the role's own area, another one, or no role at all."""
    database = served.state.workplace.database.get()

    def one(name, *grants):
        made = account(database, name, *grants)
        return {"cookie": key_for(database, made), "token": key_for(database, made, kind="token")}

    found = {("nothing", "none"): one("nobody")}
    for role in Role:
        kind = AREA_OF.get(role, "county")
        other = ("county", "999999") if kind == "unit" else (kind, "999999")
        found[role, "own"] = one(f"{role}-own", (role, kind, areas[kind]))
        found[role, "other"] = one(f"{role}-other", (role, *other))
    return found


WHO = [("nothing", "none"), *((role, area) for role in Role for area in ("own", "other"))]


@pytest.mark.parametrize("by", ["cookie", "token"])
@pytest.mark.parametrize("who", WHO, ids="-".join)
def test_each_role_may_call_its_routes_in_its_area_and_no_other(served, keys, who, by):
    role, area = who
    client = caller(served, keys[who][by], by=by)
    refusals = []
    for route in sorted(ROLES):
        address, body = address_of(route)
        answer = client.request(route[0], address, json=body)
        if role in ROLES[route] and area == "own":
            assert answer.status_code not in (401, 403), route
        else:
            refusals.append((answer.status_code, answer.text))
    assert len(set(refusals)) <= 1, "every refusal is alike"
    assert {status for status, _text in refusals} <= {403}
    for method, path in sorted(OWN - {("POST", "/sign-out")}):
        assert client.request(method, path.replace("{name}", "none")).status_code in (200, 303, 403, 404, 422)


@pytest.mark.parametrize("key", [None, "", "made-up", "x" * 5000])
@pytest.mark.parametrize("by", ["cookie", "token"])
def test_whoever_brings_no_key_is_refused_everywhere_alike(served, keys, key, by):
    client = caller(served, key, by=by) if key is not None else caller(served, "", by="nothing", address="127.0.0.1")
    refusals = set()
    for route in sorted(set(ROLES) | OWN):
        address, body = address_of(route)
        answer = client.request(route[0], address, json=body)
        refusals.add((answer.status_code, answer.text))
    assert {status for status, _text in refusals} == {401}
    assert len(refusals) == 1
    for path in ("/health", "/sign-in", "/static/css/office.css"):
        assert client.get(path).status_code == 200


def test_a_key_in_the_header_goes_before_the_cookie(served, keys):
    client = caller(served, keys["planner", "own"]["cookie"])
    assert client.get("/api/me").status_code == 200
    assert client.get("/api/me", headers={"Authorization": "Bearer made-up"}).status_code == 401


def test_a_token_for_reading_changes_nothing(served, areas):
    database = served.state.workplace.database.get()
    made = account(database, "reader", ("planner", "county", areas["county"]))
    client = caller(served, key_for(database, made, kind="token", scopes=("read",)), by="token")
    assert client.get("/api/county").status_code == 200
    for path in ("/api/plans", "/account/tokens", "/account/password", "/sign-out"):
        assert client.post(path).status_code == 403
