"""From another machine, as a network namespace: the office's own https, its name, the redirect, and solo mode."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from namespaces import serving, two_machines

from api.authority import make_certificate

HTTPS, HTTP = 8443, 8080


@pytest.fixture(scope="module")
def office(toy_data, tmp_path_factory):
    """The service on one machine, and the desk that calls it from the other."""
    with two_machines() as (server, desk):
        files = make_certificate(tmp_path_factory.mktemp("tls"), [server.address], now=datetime.now(UTC)).files
        options = ["--host", server.address, "--port", HTTPS, "--redirect-port", HTTP]
        options += ["--cert", files.server, "--key", files.server_key, "--lang", "en"]
        with serving(server, toy_data, *options) as (line, _):
            assert f" https://{server.address}:{HTTPS} " in line
            yield server, desk, files.authority


def test_https_is_answered_to_who_trusts_the_office(office):
    server, desk, authority = office
    answer = desk.ask(f"https://{server.address}:{HTTPS}/health", trust=authority)
    assert (answer.status, answer.json()["status"]) == (200, "ready")
    assert "CERTIFICATE_VERIFY_FAILED" in desk.ask(f"https://{server.address}:{HTTPS}/health").body


def test_another_name_is_refused_without_a_hint(office):
    server, desk, authority = office
    for name in ("evil.example", "127.0.0.2", "10.77.0.2"):
        answer = desk.ask(f"https://{server.address}:{HTTPS}/health", trust=authority, headers={"Host": name})
        assert (answer.status, answer.json()["error"]) == (400, "foreign-host")
        assert server.address not in answer.body
        assert "localhost" not in answer.body
        assert desk.ask(f"http://{server.address}:{HTTP}/", headers={"Host": name}).status == 400


def test_plain_http_leads_to_https_and_at_its_port_to_nothing(office):
    server, desk, _ = office
    place = f"https://{server.address}:{HTTPS}/api/county?lang=en"
    for method, status in (("GET", 301), ("POST", 308)):
        answer = desk.ask(f"http://{server.address}:{HTTP}/api/county?lang=en", method=method)
        assert (answer.status, answer.headers["location"], answer.body) == (status, place, "")
    assert desk.ask(f"http://{server.address}:{HTTPS}/health").status == 0


@pytest.mark.parametrize("path", ["/", "/docs", "/api/county", "/api/layers/villages"])
def test_who_sits_at_another_machine_is_not_the_local_user(office, path):
    server, desk, authority = office
    for claim in ({}, {"X-Forwarded-For": "127.0.0.1"}, {"Host": "127.0.0.1"}):
        answer = desk.ask(f"https://{server.address}:{HTTPS}{path}", trust=authority, headers=claim)
        assert 400 <= answer.status < 500 or answer.status in (302, 303)
        assert "示范县" not in answer.body
