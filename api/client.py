"""Whose address counts as the caller's: that of the connection, or what the one named proxy says of it."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send


class ClientAddressMiddleware:
    """Put the caller's own address in place of the proxy's, for calls that come from the proxy.

    The proxy adds the address that it sees to ``X-Forwarded-For`` as the last one; whatever stands before
    was written by the caller and counts for nothing. A call through the proxy that does not say from whom
    is nobody's: were it the proxy's own, a proxy that forgets the header would make everybody local.

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
            told = Headers(scope=scope).getlist("x-forwarded-for")
            caller = canonical_address(_without_port(told[-1].rpartition(",")[2].strip())) if told else ""
            scope = {**scope, "client": (caller, 0) if caller else None}
        await self.app(scope, receive, send)


def canonical_address(words: str) -> str:
    """Return an address in its one form, an IPv4 address inside IPv6 as IPv4; empty for what is no address."""
    try:
        address = ip_address(words)
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return canonical_address(client[0]) if client else ""


def _without_port(words: str) -> str:
    """Return the address of ``1.2.3.4:5678``, ``[::1]:5678`` or ``[::1]``; a bare one as it is."""
    if words.startswith("[") or words.count(":") == 1:
        try:
            return urlsplit(f"//{words}").hostname or ""
        except ValueError:
            return ""
    return words
