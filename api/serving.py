"""The web server: what it believes, how long it waits, what it writes down, and that it ends."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import logging.handlers
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from socket import socket
from traceback import walk_tb
from typing import Any, cast

import h11
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.beginning import begin
from api.headers import headers_of
from api.listening import host_names, shown_address
from api.main import create_app, end_runs
from api.redirecting import redirects_to_https
from api.settings import Settings
from layers.whole_files import make_folder
from maps.catalogue import text

REQUEST_TIMEOUT_S = 10.0
"""A head or a body that takes longer to arrive is not waited for: the largest body is 64 KiB."""
_HANDSHAKE_S = 5.0  # a browser needs a fraction of a second; the rest is who keeps the line without a word
_GOODBYE_S = 2.0  # what is closed under TLS asks the other side to close too
_KEPT_S = 30  # a connection between the questions of a page, which come every few seconds
_GRACE_S = 1  # for requests under way when the service is told to end
_LONGEST_END_S = 2.5
_LOG_BYTES, _LOG_FILES = 5 * 2**20, 3
_ROOMS = ("api", "maps", "layers", "planning", "gis")
_SWITCH_S = 0.001
"""How long a thread computes before others may: the answers of /health wait for it a few times in a row."""


def serve(settings: Settings) -> None:
    """Serve the application until told to end.

    Parameters
    ----------
    settings
    """
    os.umask(0o077)  # whatever is written from here on is for the owner alone
    keep_log(settings.data / "logs")
    sys.setswitchinterval(_SWITCH_S)
    address = shown_address(settings)
    app = create_app(settings)
    server = EndingServer(
        _config(app, settings, settings.port, is_https=settings.cert is not None),
        ready=text(settings.lang, "cli.ready", address=address),
        then=partial(begin, app, settings, address),
        redirecting=_redirecting(settings),
    )
    server.run()
    if not server.started:
        raise SystemExit(3)


def _config(app: ASGIApp, settings: Settings, port: int, *, is_https: bool) -> uvicorn.Config:
    """Return how one port is served."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=port,
        http=TimedProtocol,
        ws="none",
        ssl_certfile=settings.cert if is_https else None,
        ssl_keyfile=settings.key if is_https else None,
        proxy_headers=False,  # `ClientAddressMiddleware` knows whom to believe
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_keep_alive=_KEPT_S,
        timeout_graceful_shutdown=_GRACE_S,
    )


def _redirecting(settings: Settings) -> uvicorn.Config | None:
    if settings.redirect_port is None:
        return None
    app = redirects_to_https(settings.port, names=host_names(settings))
    return _config(app, settings, settings.redirect_port, is_https=False)


class EndingServer(uvicorn.Server):
    """A server that says when it is ready, and ends within three seconds, whatever is still being computed.

    Parameters
    ----------
    config
    ready
        What to say on standard output once requests are answered.
    then
        What to do beside the first requests.
    redirecting
        How the port that leads to https is served, if there is one.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        ready: str,
        then: Callable[[], None] = lambda: None,
        redirecting: uvicorn.Config | None = None,
    ) -> None:
        super().__init__(config)
        self._ready, self._then, self._redirecting = ready, then, redirecting

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Begin to answer, and say so."""
        with _short_handshakes(asyncio.get_running_loop(), is_https=self.config.is_ssl):
            await super().startup(sockets)
        if self._redirecting is not None:
            await self._listen_beside(self._redirecting)
        print(self._ready, flush=True)  # noqa: T201 - for whoever waits at the terminal
        threading.Thread(target=self._then, name="then", daemon=True).start()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End in order, or else at once: what was acknowledged is committed in either case."""
        threading.Thread(target=_end_at_last, name="end", daemon=True).start()
        end_runs(cast("FastAPI", self.config.app))  # whoever listens would be waited for
        await super().shutdown(sockets)

    async def _listen_beside(self, config: uvicorn.Config) -> None:
        """Answer on a second port with the same limits; it ends with this server."""
        config.load()
        loop = asyncio.get_running_loop()
        protocol = partial(TimedProtocol, config, self.server_state, {}, loop)
        try:
            self.servers.append(await loop.create_server(protocol, config.host, config.port))
        except OSError as error:  # taken in the moment since it was tried
            logging.getLogger(__name__).error("%s", error)  # noqa: TRY400 - no trace
            await self.lifespan.shutdown()
            raise SystemExit(3) from None


@contextlib.contextmanager
def _short_handshakes(loop: asyncio.AbstractEventLoop, *, is_https: bool) -> Iterator[None]:
    """Let what listens from here on wait for a handshake for seconds, not for a minute: uvicorn has no setting."""
    listen = loop.create_server
    if is_https:
        waits = {"ssl_handshake_timeout": _HANDSHAKE_S, "ssl_shutdown_timeout": _GOODBYE_S}
        loop.create_server = partial(listen, **waits)  # type: ignore[method-assign]
    try:
        yield
    finally:
        loop.create_server = listen  # type: ignore[method-assign]


class TimedProtocol(H11Protocol):
    """HTTP that waits for the rest of a request for a few seconds only."""

    _overdue: Any = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_watch()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the caller's own wording of it
        """Answer what is no HTTP as everything else is refused, and hang up."""
        self._stop_watch()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.write(_said(400, "Bad Request", "http-400", self.scheme or "http"))
        self.transport.close()

    def _watch(self) -> None:
        """Run the clock while a request is under way and not all there; more of it does not turn it back."""
        if self.transport.is_closing() or not self._is_awaited():
            self._stop_watch()
        elif self._overdue is None:
            self._overdue = self.loop.call_later(REQUEST_TIMEOUT_S, self._refuse)

    def _is_awaited(self) -> bool:
        if self.conn.their_state is h11.SEND_BODY:
            return True
        is_first = self.cycle is None
        return self.conn.their_state is h11.IDLE and (is_first or bool(self.conn.trailing_data[0]))

    def _stop_watch(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None

    def _refuse(self) -> None:
        """Say that it took too long, if nothing has been said yet, and hang up."""
        if self.transport.is_closing():
            return
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.write(_said(408, "Request Timeout", "request-timeout", self.scheme or "http"))
        self.transport.close()


def keep_log(folder: Path) -> None:
    """Write warnings to standard error, a line each, and with their traces to files of a bounded size.

    Parameters
    ----------
    folder
        Where it cannot be written, standard error alone has to do.
    """
    logging.raiseExceptions = False  # a full disk is no reason to say so at every line
    brief = logging.StreamHandler()
    brief.setFormatter(_OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handlers: list[logging.Handler] = [brief]
    try:
        make_folder(folder)
        kept = logging.handlers.RotatingFileHandler(
            folder / "countygrid.log", maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8", delay=True
        )
        kept.setFormatter(_WithoutRows("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        handlers.append(kept)
    except OSError as error:
        brief.handle(logging.makeLogRecord({"msg": f"no log is kept: {error}", "levelno": logging.WARNING}))
    logging.basicConfig(level=logging.WARNING, handlers=handlers, force=True)


class _WithoutRows(logging.Formatter):
    """Leaves out what PostgreSQL tells of a refused row: it holds what somebody reported."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message with its trace."""
        return re.sub(r"DETAIL:.*?(?=\n\[SQL|\n\S|\Z)", "DETAIL: …", super().format(record), flags=re.DOTALL)


class _OneLine(logging.Formatter):
    """Says what happened and where, without the trace and without what an error says: it may hold what people wrote."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        error = record.exc_info[1] if record.exc_info else None
        said = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        line = super().format(said).splitlines()[0]
        return f"{line}: {type(error).__name__}{_place_of(error)}" if error else line


def _place_of(error: BaseException) -> str:
    """Return the line of our own code that met an error, and the line that raised it."""
    places = [(str(frame.f_globals.get("__name__")), line) for frame, line in walk_tb(error.__traceback__)]
    own = [place for place in places if place[0].partition(".")[0] in _ROOMS]
    told = dict.fromkeys((*own[-1:], *places[-1:]))
    return "".join(f" at {module}:{line}" for module, line in told)


def _end_at_last() -> None:
    time.sleep(_LONGEST_END_S)
    os._exit(0)  # a solver in a process of its own notices and ends too


@lru_cache
def _said(status: int, phrase: str, code: str, scheme: str) -> bytes:
    """Return a whole answer for callers whom the application never sees."""
    body = json.dumps(
        {"error": code, "message": text("zh", f"error.{code}"), "faults": []}, ensure_ascii=False
    ).encode()
    head = f"HTTP/1.1 {status} {phrase}\r\nContent-Type: application/json\r\nConnection: close\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers_of(scheme).items())
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
