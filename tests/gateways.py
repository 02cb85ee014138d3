"""Local servers in place of those outside: a gateway that does as it is told, a mail server that keeps what comes."""

from __future__ import annotations

import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Behaviour = Callable[["_Handler"], None]


class _Handler(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.requests.append((self.path, dict(self.headers), body))
        self.server.behaviour(self)

    do_GET = do_PUT = do_POST

    def answer(self, status: int = 200, body: bytes = b"{}") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class Gateway(ThreadingHTTPServer):
    """Keeps what it was asked, and answers as it is told."""

    daemon_threads = True

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour = behaviour
        self.requests: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def at(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def keys(self) -> list[str]:
        return [headers["Idempotency-Key"] for _path, headers, _body in self.requests]

    def handle_error(self, *args: Any) -> None:
        """A caller that is gone is no error of ours."""


@contextmanager
def gateway(behaviour: Behaviour, *, cert: tuple[Path, Path] | None = None) -> Iterator[Gateway]:
    server = Gateway(behaviour)
    if cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*cert)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def answers(status: int = 200, body: bytes = b"{}") -> Behaviour:
    return lambda handler: handler.answer(status, body)


def answers_twice(handler: _Handler) -> None:
    handler.answer()
    handler.answer(500)


def answers_without_end(handler: _Handler) -> None:
    """30 MB, as fast as they are taken."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b" " * 1_000_000)


def drips(handler: _Handler) -> None:
    """A byte now and then, for ever: no limit between two bytes ends it."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(600):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


class _Mail(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line)
                self.server.mails.append(b"".join(lines))
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 fine\r\n")


@contextmanager
def mail_server() -> Iterator[Any]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail)
    server.daemon_threads = True
    server.mails = []
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
