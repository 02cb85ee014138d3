"""Behind a real proxy the caller is who called the proxy."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from mute_server import free_port
from served import ROOT, ask, open_url, served

from api.authority import make_certificate

NGINX = """
{user} daemon off; pid {folder}/pid; error_log {folder}/error; worker_processes 1;
events {{ }}
http {{
    access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {server}
}}
"""


def of_the_readme(port, behind, files):
    """Return the example of README with this machine's ports and files: what is written there is what is tested."""
    example = re.search(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    for written, here in (
        ("listen 443 ssl", f"listen 0.0.0.0:{port} ssl"),
        ("/path/to/server.crt", str(files.server)),
        ("/path/to/server.key", str(files.server_key)),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{behind}"),
    ):
        assert example.count(written) == 1
        example = example.replace(written, here)
    return example


@contextlib.contextmanager
def in_front(nginx, folder, behind, files):
    """Run nginx in front of a port; gives its own."""
    folder.chmod(0o755)
    front = free_port()
    configured = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""  # folders of tests are for their owner alone
    configured.write_text(NGINX.format(user=user, folder=folder, server=of_the_readme(front, behind, files)))
    command = [nginx, "-p", str(folder), "-e", str(folder / "error"), "-c", str(configured)]
    with subprocess.Popen(command) as proxy:
        try:
            _until_open(front)
            yield front
        finally:
            proxy.terminate()


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    return make_certificate(folder, ["127.0.0.1", own_address(), "grid.office"], now=datetime.now(UTC)).files


@pytest.fixture(scope="module")
def nginx():
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        reason = "nginx is not installed: apt-get install nginx-light"
        if os.environ.get("CI") == "true":
            raise pytest.UsageError(reason)
        pytest.skip(reason)
    return found


def own_address() -> str:
    """Return an address of this machine that is not loopback; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address of its own")
        return probe.getsockname()[0]


def test_behind_nginx_the_caller_is_who_called_nginx_and_comes_by_https(toy_data, nginx, office, tmp_path):
    settings = {"COUNTYGRID_PROXY": "127.0.0.1", "COUNTYGRID_HOSTS": "grid.office"}
    with served(toy_data, **settings) as (behind, _), in_front(nginx, tmp_path, behind, office) as front:
        trust = office.authority
        for claim in ("10.0.0.9", "127.0.0.1", "::1", ""):
            claimed = {"X-Forwarded-For": claim} if claim else {}
            assert ask(front, "/api/county", trust=trust, **claimed)[0] == 200, "called from this machine"
            from_outside = ask_from(own_address(), front, "/api/county", trust, **claimed)
            assert from_outside == 401, "called from another address"
        assert ask(behind, "/api/county")[0] == 401, "past the proxy nobody says who calls"
        assert ask(behind, "/health")[0] == 200
        assert ask(front, "/health", trust=trust, Host="grid.office")[0] == 200
        assert ask(front, "/health", trust=trust, Host="evil.example")[0] == 400
        for claim in ({}, {"X-Forwarded-Proto": "http"}):
            with open_url(f"https://127.0.0.1:{front}/health", trust=trust, **claim) as answer:
                assert answer.headers["Strict-Transport-Security"], "whatever the caller claims"
        refused = open_url(f"https://127.0.0.1:{front}/api/plans", trust=trust, body={"x": "x" * 2_000_000})
        with refused:
            assert (refused.status, json.loads(refused.read())["error"]) == (413, "http-413"), "in our own words"


def test_a_stream_arrives_as_it_is_written(nginx, office, tmp_path):
    may_go_on = threading.Event()

    class Stream(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("X-Accel-Buffering", "no")
            self.end_headers()
            for number in range(2):
                self.wfile.write(f"data: {number}\n\n".encode())
                self.wfile.flush()
                assert may_go_on.wait(10), "the first was waited for with the second"

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Stream) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with (
            in_front(nginx, tmp_path, server.server_address[1], office) as front,
            open_url(f"https://127.0.0.1:{front}/", trust=office.authority) as answer,
        ):
            assert answer.readline() == b"data: 0\n"
            may_go_on.set()
            assert answer.read() == b"\ndata: 1\n\n"
        server.shutdown()


def ask_from(address: str, port: int, path: str, trust, **headers: str) -> int:
    """Return the status of a call that comes from another address than loopback."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    trusting = ssl.create_default_context(cafile=trust)
    with (
        socket.create_connection((address, port), timeout=10, source_address=(address, 0)) as plain,
        trusting.wrap_socket(plain, server_hostname=address) as connection,
    ):
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(connection.recv(64).split(b" ")[1])


def _until_open(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.1)
    raise AssertionError("nginx did not start")
