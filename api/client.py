"""Whose word counts on caller and scheme: that of the connection, or what the one named proxy says of it."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.host_names import canonical_address

__all__ = ["ClientAddressMiddleware", "canonical_address"]


class ClientAddressMiddleware:
    """Put the caller's own address and scheme in place of the proxy's, for calls that come from the proxy.

    The proxy adds the address that it sees to ``X-Forwarded-For`` as the last one; whatever stands before
    was written by the caller and counts for nothing. A call through the proxy that does not say from whom
    is nobody's: were it the proxy's own, a proxy that forgets the header would make everybody local.
    ``X-Forwarded-Proto`` says whether the caller came by https: links and cookies are made after it.

    Parameters
    ----------
    app
        The application behind it.
    proxy
        Address of the proxy; empty for none, and then no header counts.
    """

    def __init__(self, app: ASGIApp, *, proxy: str) -> None:
        self.app = app
        self._proxy = canonical_address(proxy)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the caller's address."""
        if scope["type"] == "http" and self._proxy and _peer(scope) == self._proxy:
            headers = Headers(scope=scope)
            caller = canonical_address(_without_port(_last(headers, "x-forwarded-for")))
            scheme = _last(headers, "x-forwarded-proto").lower()
            scope = {**scope, "client": (caller, 0) if caller else None}
            scope |= {"scheme": scheme} if scheme in ("http", "https") else {}
        await self.app(scope, receive, send)


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return canonical_address(client[0]) if client else ""


def _last(headers: Headers, name: str) -> str:
    """Return what the proxy itself said: the last of all values."""
    told = headers.getlist(name)
    return told[-1].rpartition(",")[2].strip() if told else ""


def _without_port(words: str) -> str:
    """Return the address of ``1.2.3.4:5678``, ``[::1]:5678`` or ``[::1]``; a bare one as it is."""
    if words.startswith("[") or words.count(":") == 1:
        try:
            return urlsplit(f"//{words}").hostname or ""
        except ValueError:
            return ""
    return words
