"""The service under TLS as a process: its own authority, silent callers, plain http at its port, limits, its end."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import time
import urllib.error
from datetime import UTC, datetime

import pytest
import uvicorn
from mute_server import free_port
from served import ask, open_url, served
from uvicorn.server import ServerState

from api import serving
from api.authority import make_certificate


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    return make_certificate(folder, ["127.0.0.1", "grid.office"], now=datetime.now(UTC)).files


@pytest.fixture(scope="module")
def https(office):
    return {"COUNTYGRID_CERT": str(office.server), "COUNTYGRID_KEY": str(office.server_key)}


@pytest.mark.alone
def test_who_trusts_the_office_is_answered_and_nobody_else_believes_it(toy_data, office, https):
    redirect = free_port()
    settings = {**https, "COUNTYGRID_REDIRECT_PORT": str(redirect), "COUNTYGRID_LANG": "en"}
    with served(toy_data, output=subprocess.PIPE, **settings) as (port, process):
        assert f" https://127.0.0.1:{port} " in process.stdout.readline().decode()
        with open_url(f"https://127.0.0.1:{port}/health", trust=office.authority) as answer:
            assert answer.status == 200
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert ask(port, "/health", trust=office.authority, Host="grid.office")[0] == 200, "a name it stands for"
        assert ask(port, "/health", trust=office.authority, Host="other.office")[0] == 400
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            open_url(f"https://127.0.0.1:{port}/health")
        for method, status in (("GET", 301), ("POST", 308)):
            with open_url(f"http://127.0.0.1:{redirect}/api/county?x=1", method=method) as answer:
                assert (answer.status, answer.headers["Location"]) == (
                    status,
                    f"https://127.0.0.1:{port}/api/county?x=1",
                )
        assert ask(redirect, "/health", Host="other.office")[0] == 400
        process.terminate()
        process.wait(3.2)
        for gone in (port, redirect):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", gone))


def test_plain_http_at_its_port_and_broken_tls_leave_no_word_in_the_log(toy_data, https):
    with served(toy_data, errors=subprocess.PIPE, **https) as (port, process):
        for sent in (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"\x00" * 500, b""):
            with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                assert b"HTTP/1.1 2" not in connection.recv(4096)
        process.terminate()
        assert process.communicate(timeout=60)[1] == b""


@pytest.mark.alone
def test_callers_who_never_finish_a_handshake_keep_nobody_and_not_its_end(toy_data, office, https):
    with served(toy_data, **https) as (port, process):
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
        for connection in silent[::2]:
            connection.sendall(b"\x16\x03\x01\x02\x00\x01")
        begun = time.monotonic()
        assert ask(port, "/health", trust=office.authority)[0] == 200
        assert time.monotonic() - begun < 2
        begun = time.monotonic()
        process.terminate()
        process.wait(10)
        assert time.monotonic() - begun < 3.2
        for connection in silent:
            connection.close()


def test_after_kill_9_the_port_is_free_at_once(toy_data, office, https):
    second = free_port()
    settings = {**https, "COUNTYGRID_REDIRECT_PORT": str(second)}
    with served(toy_data, **settings) as (port, process):
        context = ssl.create_default_context(cafile=office.authority)
        held = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
        held = [context.wrap_socket(one, server_hostname="127.0.0.1") for one in held]
        process.kill()
        process.wait(5)
        with served(toy_data, PORT=str(port), **settings) as (again, _):
            assert ask(again, "/health", trust=office.authority)[0] == 200
        for one in held:
            one.close()


HALF_SENT = {
    "half a head": b"POST /api/incidents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le",
    "half a body": b"POST /api/incidents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\n\r\n{",
}


@pytest.mark.parametrize("part", HALF_SENT)
def test_half_a_request_under_tls_is_not_waited_for(office, part, monkeypatch):
    monkeypatch.setattr(serving, "REQUEST_TIMEOUT_S", 0.3)
    monkeypatch.setattr(serving, "_GOODBYE_S", 0.3)
    assert asyncio.run(_sent(office, HALF_SENT[part])).startswith(b"HTTP/1.1 408")


@pytest.mark.alone
def test_a_handshake_is_waited_for_a_moment_only(office, monkeypatch):
    monkeypatch.setattr(serving, "_HANDSHAKE_S", 0.3)
    begun = time.monotonic()
    assert asyncio.run(_sent(office, None)) == b""
    assert time.monotonic() - begun < 3


async def _sent(office, part):
    """Return what a server under TLS answers to a part of a request, or to a line without a word."""

    async def app(scope, receive, send):
        while (await receive()).get("more_body"):
            pass

    config = uvicorn.Config(app, ssl_certfile=office.server, ssl_keyfile=office.server_key, log_config=None, ws="none")
    config.load()
    loop, state = asyncio.get_running_loop(), ServerState()
    with serving._short_handshakes(loop, is_https=True):
        listening = await loop.create_server(
            lambda: serving.TimedProtocol(config, state, {}, loop), "127.0.0.1", 0, ssl=config.ssl
        )
    port = listening.sockets[0].getsockname()[1]
    trusting = ssl.create_default_context(cafile=office.authority) if part else None
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
    writer.write(part or b"")
    answer = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    listening.close()
    deadline = time.monotonic() + 60
    while state.connections and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    assert not state.connections, "and it lets go of it"
    return answer
