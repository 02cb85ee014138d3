"""The server as a process: half-sent requests, its end, its log, its proxy, and who can read its files."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import signal
import socket
import subprocess
import time

import pytest
import uvicorn
from mute_server import mute_server
from served import ask, served
from uvicorn.server import ServerState

from api import serving
from maps.catalogue import text

REPORT = {"category": "party", "lon": 116.9, "lat": 37.2}


def ends_within_s(process: subprocess.Popen[bytes]) -> float:
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(20)
    return time.monotonic() - begun


@pytest.fixture(scope="module")
def own_data(toy_data, tmp_path_factory):
    data = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(toy_data, data, ignore=shutil.ignore_patterns("cache", "app.sqlite*"))
    return data


@pytest.mark.parametrize(("lang", "words"), [("zh", "服务已就绪"), ("en", "Ready")])
def test_it_says_when_and_where_it_answers(own_data, lang, words):
    with served(own_data, output=subprocess.PIPE, COUNTYGRID_LANG=lang) as (port, process):
        line = process.stdout.readline().decode()
        assert line.startswith(words)
        assert f" http://127.0.0.1:{port} " in line, "blanks round it, so that a terminal opens it by a click"


HALF_SENT = {
    "nothing": b"",
    "a line": b"GET /health HTTP/1.1\r\n",
    "half a head": b"POST /api/incidents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le",
    "half a body": b"POST /api/incidents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b'Content-Length: 500\r\n\r\n{"category":',
    "half a chunk": b"POST /api/plans HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{",
}


@pytest.mark.alone
def test_it_ends_within_three_seconds_whatever_hangs(own_data):
    with (
        mute_server() as mute,
        served(own_data, COUNTYGRID_DATABASE_URL=f"postgresql://u@127.0.0.1:{mute}/x") as (
            port,
            process,
        ),
    ):
        hanging = [socket.create_connection(("127.0.0.1", port)) for _ in HALF_SENT]
        for connection, part in zip(hanging, HALF_SENT.values(), strict=True):
            connection.sendall(part)
        for number in range(5):
            connection = socket.create_connection(("127.0.0.1", port))
            body = json.dumps({**REPORT, "idempotency_key": f"k{number}"}).encode()
            connection.sendall(
                b"POST /api/incidents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                + f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            hanging.append(connection)
        ask(port, "/api/plans", body={"service": "elder-centre", "p": 2, "model": "mclp"})
        time.sleep(0.3)
        assert ends_within_s(process) < 3.2
        for connection in hanging:
            connection.close()


@pytest.mark.parametrize("part", HALF_SENT)
@pytest.mark.alone
def test_half_a_request_is_not_waited_for(own_data, part):
    server, client = socket.socketpair()
    with server, client:
        status, seconds, answer = _timed(HALF_SENT[part])
    assert seconds == pytest.approx(0.5, abs=0.45)
    assert status == 408 or (part == "nothing" and not answer)
    if status == 408:
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"] == "request-timeout"


def _timed(part: bytes, *, dripping: bool = True) -> tuple[int, float, bytes]:
    """Send half a request to the protocol alone, with a limit of half a second."""

    async def app(scope, receive, send):
        message = {"more_body": True}
        while message.get("more_body"):
            message = await receive()
        if message["type"] == "http.request":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    async def run():
        config = uvicorn.Config(app, http=serving.TimedProtocol, ws="none", log_config=None, lifespan="off")
        config.load()
        state = ServerState()
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(lambda: serving.TimedProtocol(config, state, {}, loop), "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        begun = time.monotonic()
        writer.write(part)
        dripped = asyncio.create_task(_drip(writer, part if dripping else b""))
        answer = await asyncio.wait_for(reader.read(), 60)
        dripped.cancel()
        writer.close()
        listening.close()
        return time.monotonic() - begun, answer

    limit, serving.REQUEST_TIMEOUT_S = serving.REQUEST_TIMEOUT_S, 0.5
    try:
        seconds, answer = asyncio.run(run())
    finally:
        serving.REQUEST_TIMEOUT_S = limit
    return int(answer.split(b" ")[1]) if answer else 0, seconds, answer


async def _drip(writer, part):
    """More of the request, a byte at a time, does not turn the clock back."""
    while part and b"chunk" not in part:
        await asyncio.sleep(0.1)
        writer.write(b"x")


NO_HTTP = {
    "two hosts": b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil\r\n\r\n",
    "no chunk": b"POST /api/plans HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a length below nothing": b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
}


@pytest.mark.parametrize("part", NO_HTTP)
def test_what_is_no_http_is_refused_in_the_one_form(part):
    status, _, answer = _timed(NO_HTTP[part], dripping=False)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert status == 400
    assert b"application/json" in head
    assert json.loads(body) == {"error": "http-400", "message": text("zh", "error.http-400"), "faults": []}


def test_several_whole_requests_on_one_connection_are_answered(own_data):
    with served(own_data) as (port, _), socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for _ in range(3):
            connection.sendall(b"GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 204")


@pytest.mark.alone
def test_a_header_makes_nobody_local_or_foreign_and_files_are_for_the_owner(own_data):
    with served(own_data, FORWARDED_ALLOW_IPS="*") as (port, process):
        for value in ("10.0.0.9", "127.0.0.1", "testclient", "[::1", "x" * 2000):
            assert ask(port, "/api/county", **{"X-Forwarded-For": value})[0] == 200
        assert ask(port, "/health", Host="testserver")[0] == 400
        assert ask(port, "/api/incidents", body={**REPORT, "idempotency_key": "k"})[0] == 201
        ask(port, "/api/plans", body={"service": "elder-centre", "p": 2})
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(b"no request\r\n\r\n")
            assert connection.recv(64).startswith(b"HTTP/1.1 400"), "and a line in the log"
        assert ends_within_s(process) < 3.2
    made = [own_data / "app.sqlite", own_data / "cache", own_data / "logs", *(own_data / "cache").iterdir()]
    made.append(own_data / "logs" / "countygrid.log")
    assert {path.name: path.stat().st_mode & 0o077 for path in made if path.stat().st_mode & 0o077} == {}


def test_two_servers_on_one_folder_both_take_reports(own_data):
    with served(own_data) as (one, _), served(own_data) as (two, _):
        for number in range(10):
            told = ask((one, two)[number % 2], "/api/incidents", body={**REPORT, "idempotency_key": f"two{number}"})
            assert told[0] == 201
            assert ask((two, one)[number % 2], f"/api/incidents/{told[1]['id']}")[0] == 200


def test_a_log_is_bounded_and_tells_nothing_that_was_reported(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(serving, "_LOG_BYTES", 5000)
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.raiseExceptions
    try:
        serving.keep_log(tmp_path / "logs")
        for number in range(200):
            try:
                int("DETAIL:  Failing row contains (secret, 13800001234).\n[SQL: INSERT …]")
            except ValueError as error:
                told = ValueError(str(error).encode().decode("unicode_escape"))
                told.__traceback__ = error.__traceback__
                logging.getLogger("x").exception("failure %d", number, exc_info=told)
    finally:
        for handler in root.handlers[:]:
            root.removeHandler(handler)
            handler.close()
        root.handlers, root.level, logging.raiseExceptions = before
    files = list((tmp_path / "logs").iterdir())
    assert 2 <= len(files) <= 4
    assert sum(path.stat().st_size for path in files) < 4 * 6000
    kept = "".join(path.read_text() for path in files)
    assert "Traceback" in kept
    assert "secret" not in kept
    told = capsys.readouterr().err
    assert told.count("\n") == 200
    assert told.count(f"ValueError at {__name__}:") == 200, "where it happened is told"
    assert "secret" not in told


def test_where_no_log_can_be_kept_the_service_runs_all_the_same(tmp_path):
    (tmp_path / "logs").write_text("a file in the way")
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.raiseExceptions
    try:
        serving.keep_log(tmp_path / "logs")
        assert len(root.handlers) == 1
    finally:
        root.handlers, root.level, logging.raiseExceptions = before
