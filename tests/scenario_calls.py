"""A call of each writing route about scenarios, ready to be made."""

PLAN = {"service": "elder-centre", "model": "p-median"}


def kept(office, *, undone=False):
    """Return the id of a scenario with two revisions."""
    body = {"question": PLAN, "edits": [{"op": "road-closed", "target": "横1路"}]}
    made = office.mine.post("/api/scenarios", json={"name": "甲", **body}).json()["id"]
    more = {**body, "question": {**PLAN, "p": 3}, "expected_revision": 1}
    assert office.mine.put(f"/api/scenarios/{made}", json=more).status_code == 200
    if undone:
        assert office.mine.post(f"/api/scenarios/{made}/undo").status_code == 200
    return made


def undo_of(office, what, body):
    """Return a call that takes back what is made of a scenario."""
    address = f"/api/scenarios/{kept(office)}/{what}"
    return office.json("DELETE", f"{address}/{office.mine.post(address, json=body).json()['id']}")


def placed(office, site="00003"):
    """Return the id of a scenario whose one site is named: what was adopted once is adopted no second time."""
    asks = {"question": {"service": "elder-centre", "sites": [site]}, "edits": []}
    return office.mine.post("/api/scenarios", json={"name": "甲", **asks}).json()["id"]


DECISION = {"decision": "示范发〔2026〕12号", "from_date": "2027-01-01"}


def adopted(office):
    """Return the id of an adoption."""
    return office.mine.post(f"/api/scenarios/{placed(office, '00005')}/adopt", json=DECISION).json()["id"]


def withdrawn(office):
    """Return a call that takes an adoption back."""
    return office.json("POST", f"/api/adoptions/{adopted(office)}/withdraw", {"reason": "预算未批"})


def scenario_calls(office):
    """A call of each writing route about scenarios."""
    one = "/api/scenarios/{name}"
    asks = {"question": PLAN, "edits": [{"op": "road-closed", "target": "横1路"}]}
    said = {
        "undo": {},
        "redo": {},
        "clone": {"name": "副本"},
        "runs": {},
        "rebase": {},
        "shares": {"role": "planner", "level": "read"},
        "comments": {"text": "好"},
        "restore": None,
    }

    def post(verb, body):
        scenario = kept(office, undone=verb == "redo")
        return office.json("POST", f"/api/scenarios/{scenario}/{verb}", body)

    return {
        ("POST", "/api/scenarios"): lambda: office.json("POST", "/api/scenarios", {"name": "甲", **asks}),
        ("POST", "/api/scenarios/import"): lambda: office.json("POST", "/api/scenarios/import", {"name": "乙", **asks}),
        ("PUT", one): lambda: office.json(
            "PUT", f"/api/scenarios/{kept(office)}", {"expected_revision": 2, "question": PLAN}
        ),
        ("DELETE", one): lambda: office.json("DELETE", f"/api/scenarios/{kept(office)}"),
        **{("POST", f"{one}/{verb}"): lambda verb=verb, body=body: post(verb, body) for verb, body in said.items()},
        ("POST", f"{one}/adopt"): lambda: office.json("POST", f"/api/scenarios/{placed(office)}/adopt", DECISION),
        ("POST", "/api/adoptions/{name}/withdraw"): lambda: withdrawn(office),
        ("POST", "/adoptions/new"): lambda: office.form("/adoptions/new", scenario=placed(office, "00006"), **DECISION),
        ("POST", "/adoptions/{name}/withdraw"): lambda: office.form(
            f"/adoptions/{adopted(office)}/withdraw", reason="预算未批"
        ),
        ("DELETE", one + "/shares/{share}"): lambda: undo_of(office, "shares", {"role": "planner", "level": "read"}),
        ("DELETE", one + "/comments/{comment}"): lambda: undo_of(office, "comments", {"text": "好"}),
    }
