"""Behind a real proxy the caller is who called the proxy."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time

import pytest
from mute_server import free_port
from served import ask, served

NGINX = """
daemon off; pid {folder}/pid; error_log {folder}/error; worker_processes 1;
events {{ }}
http {{
    access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 0.0.0.0:{port};
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }}
    }}
}}
"""


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


def test_behind_nginx_the_caller_is_who_called_nginx(toy_data, nginx, tmp_path):
    tmp_path.chmod(0o755)
    front = free_port()
    with served(toy_data, COUNTYGRID_PROXY="127.0.0.1") as (behind, _):
        configured = tmp_path / "nginx.conf"
        configured.write_text(NGINX.format(folder=tmp_path, port=front, behind=behind))
        with subprocess.Popen(
            [nginx, "-p", str(tmp_path), "-e", str(tmp_path / "error"), "-c", str(configured)]
        ) as proxy:
            try:
                _until_open(front)
                for claim in ("10.0.0.9", "127.0.0.1", "::1", ""):
                    claimed = {"X-Forwarded-For": claim} if claim else {}
                    assert ask(front, "/api/county", **claimed)[0] == 200, "called from this machine"
                    from_outside = ask_from(own_address(), front, "/api/county", **claimed)
                    assert from_outside == 401, "called from another address"
                assert ask(behind, "/api/county")[0] == 401, "past the proxy nobody says who calls"
                assert ask(behind, "/health")[0] == 200
            finally:
                proxy.terminate()


def ask_from(address: str, port: int, path: str, **headers: str) -> int:
    """Return the status of a call that comes from another address than loopback."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection((address, port), timeout=10, source_address=(address, 0)) as connection:
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
