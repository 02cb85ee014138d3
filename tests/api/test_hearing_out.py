"""Who is refused while still sending hears the answer, not a broken connection."""

from __future__ import annotations

import json
import socket

import pytest
from served import served


@pytest.fixture(scope="module")
def port(toy_data):
    with served(toy_data) as (found, _):
        yield found


def told(port, head, size):
    """Return what is read after a whole body was sent, as a proxy does it."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        lines = ["POST /api/plans HTTP/1.1", "Connection: close", "Content-Type: application/json", *head]
        connection.sendall("\r\n".join([*lines, f"Content-Length: {size}", "", ""]).encode())
        for _ in range(size // 50_000):
            connection.sendall(b"x" * 50_000)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return int(answer.split(b" ")[1]), json.loads(answer.partition(b"\r\n\r\n")[2])["error"]


@pytest.mark.parametrize(
    ("head", "status", "error"),
    [
        (["Host: 127.0.0.1"], 413, "http-413"),
        (["Host: evil.example"], 400, "foreign-host"),
        (["Host: 127.0.0.1", "Origin: http://evil.example"], 403, "foreign-origin"),
    ],
)
def test_a_refusal_arrives_whole_after_ten_megabytes(port, head, status, error):
    for _ in range(3):
        assert told(port, head, 10_000_000) == (status, error)


def test_who_asks_first_whether_to_send_is_answered_at_once(port):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        head = ["POST /api/plans HTTP/1.1", "Host: 127.0.0.1", "Content-Length: 10000000", "Expect: 100-continue"]
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        assert connection.recv(64).startswith(b"HTTP/1.1 413")


def test_who_never_stops_is_answered_all_the_same(port):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"POST /api/plans HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999999999999\r\n\r\n")
        for _ in range(30):
            connection.sendall(b"x" * 1_000_000)
        assert connection.recv(64).startswith(b"HTTP/1.1 413")
