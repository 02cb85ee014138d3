"""No other site may act through the browser of someone who sits at this machine."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answers import refusal

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


class KnownHostMiddleware:
    """Refuse requests under another name than this machine's: a name of another site may be made to lead here.

    Parameters
    ----------
    app
        The application behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400."""
        if scope["type"] == "http" and _host_name(Headers(scope=scope).get("host", "")) not in _OWN_NAMES:
            await refusal(scope, 400, "foreign-host")(scope, receive, send)
            return
        await self.app(scope, receive, send)


class SameOriginMiddleware:
    """Refuse writing requests that a browser sends on behalf of another site.

    Parameters
    ----------
    app
        The application behind it. Programs send no ``Origin`` and pass.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] == "http" and scope["method"] not in _READING:
            headers = Headers(scope=scope)
            if any(not _is_own(origin, headers.get("host", "")) for origin in headers.getlist("origin")):
                await refusal(scope, 403, "foreign-origin")(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _is_own(origin: str, host: str) -> bool:
    """Whether an origin is the very address that the request was sent to; one that cannot be read is not."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def _host_name(host: str) -> str:
    try:
        parts = urlsplit(f"//{host}")
        name = parts.hostname or ""
    except ValueError:
        return ""
    return name if parts.netloc == host and "@" not in host else ""
