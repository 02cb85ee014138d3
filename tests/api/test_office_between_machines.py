"""An office begins: from another machine, over its own https, set-up → administrator → planner → a plan of five."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
from namespaces import serving, two_machines
from toy_county import write_toy_county

from api.authority import make_certificate
from layers.build import build_county

PORT = 8443
GOOD = "纸船 7 sails"


class Browser:
    """What a browser keeps: its cookies, and the office's authority that it trusts."""

    def __init__(self, machine, root, trust):
        self.machine, self.root, self.trust, self.cookies = machine, root, trust, {}

    def ask(self, path, **sent):
        headers = {"Accept": "text/html", **sent.pop("headers", {})}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.machine.ask(f"{self.root}{path}", trust=self.trust, headers=headers, **sent)
        for line in filter(None, answer.headers.get("set-cookie", "").splitlines()):
            name, _is, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
            assert (
                name == "lang"
                or value in ("", '""')
                or {"httponly", "secure"} <= {one.strip().lower() for one in line.split(";")}
            )
        return answer

    def send(self, path, **form):
        return self.ask(path, method="POST", form=form, headers={"Origin": self.root})

    def tell(self, path, body):
        return self.ask(path, method="POST", body=body, headers={"Accept": "application/json"})


@pytest.fixture
def office(tmp_path):
    with two_machines() as (server, desk):
        data = tmp_path / "data"
        build_county(write_toy_county(tmp_path / "files"), data_dir=data)
        files = make_certificate(tmp_path / "tls", [server.address], now=datetime.now(UTC)).files
        options = ["--host", server.address, "--port", PORT, "--cert", files.server, "--key", files.server_key]
        with serving(server, data, *options) as (_line, process):
            link = re.search(r"https://\S+(/setup\?code=(\S+))", process.stdout.readline() + process.stdout.readline())
            yield server, desk, files.authority, link


def test_an_office_begins_from_another_desk(office):
    server, desk, trust, link = office
    root = f"https://{server.address}:{PORT}"
    first, here = Browser(desk, root, trust), Browser(server, root, trust)
    assert first.ask("/api/county").status == 401
    assert first.ask(link[1]).status == 200
    made = first.send("/setup", code=link[2], name="wang", display="王主任", password=GOOD, again=GOOD)
    assert (made.status, made.headers["location"]) == (303, "/plan")
    assert here.ask("/api/county", headers={"Accept": "application/json"}).json()["error"] == "sign-in-needed"
    assert (first.ask("/").status, first.ask("/plan").status) == (303, 200)

    roles = {"role-0": "planner", "area_kind-0": "county", "area_code-0": "371499"}
    invited = first.send("/people", name="li", display="李规划", **roles)
    assert invited.status == 303
    welcome = re.search(rf"{re.escape(root)}(/welcome/[\w-]+)", first.ask(invited.headers["location"]).body)[1]
    planner = Browser(desk, root, trust)
    assert planner.send(welcome, password=GOOD, again=GOOD).status == 303
    assert planner.ask("/people").status == 403

    asked = planner.tell("/api/plans", {"service": "elder-centre", "p": 5})
    assert asked.status in (200, 202)
    place = asked.headers["location"]
    deadline = time.monotonic() + 60
    while (run := planner.ask(place, headers={"Accept": "application/json"}).json()["run"])["state"] != "done":
        assert run["state"] in ("queued", "running"), run
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert (run["result"]["status"], run["result"]["proof"]) == ("optimal", "certificate")
    assert first.ask(place, headers={"Accept": "application/json"}).status == 404, "a run is its asker's"
    assert first.ask("/", headers={"Host": "evil.example"}).status == 400
