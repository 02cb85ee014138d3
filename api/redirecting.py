"""The second port, which knows nothing but the way from http to https."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answers import refusal
from api.headers import SecurityHeadersMiddleware
from api.host_names import asked_name, web_address
from api.origin import KnownHostMiddleware


def redirects_to_https(port: int, *, names: Sequence[str]) -> ASGIApp:
    """Return an application that sends every caller to the same address under https.

    Parameters
    ----------
    port
        Of https.
    names
        What the service is called besides this machine's own names; others are refused.
    """
    return SecurityHeadersMiddleware(KnownHostMiddleware(_Redirect(port), names=names))


class _Redirect:
    """Answers 301 to what reads, and 308 to what writes, so that the method stays."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].decode("latin-1")
        if not path.startswith("/"):  # a whole address, as one asks a proxy
            await refusal(scope, 400, "http-400")(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        place = web_address(asked_name(Headers(scope=scope)["host"]), self._port, scheme="https")
        status = 301 if scope["method"] in ("GET", "HEAD") else 308
        headers = {"Location": f"{place}{path}{'?' if query else ''}{query}", "Connection": "close"}
        await Response(status_code=status, headers=headers)(scope, receive, send)
