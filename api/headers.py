"""What every answer tells the browser to allow: no more than it needs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_YEAR_S = 365 * 24 * 3600
PUBLIC_FILES = "/static/"
HTTPS_ONLY = f"max-age={_YEAR_S}"
DEFAULT_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"  # pages bring their own
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
    }
)


class SecurityHeadersMiddleware:
    """Add the headers to every answer that does not bring its own.

    Parameters
    ----------
    app
        The application behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in headers_of(str(scope.get("scheme"))).items():
                    headers.setdefault(name, value)
                if not str(scope["path"]).startswith(PUBLIC_FILES):
                    _keep_private(headers)
            await send(message)

        await self.app(scope, receive, with_headers)


def _keep_private(headers: MutableHeaders) -> None:
    """Let nobody but the caller's own browser keep an answer, and that only if the answer says how."""
    told = headers.get("Cache-Control")
    if told is None:
        headers["Cache-Control"] = "no-store"
    elif "private" not in told and "no-store" not in told:
        headers["Cache-Control"] = f"private, {told}"


def headers_of(scheme: str) -> Mapping[str, str]:
    """Return the headers; that a year long nothing but https is asked for, a browser believes over https only."""
    told = {"Strict-Transport-Security": HTTPS_ONLY} if scheme == "https" else {}
    return {**DEFAULT_HEADERS, **told}
