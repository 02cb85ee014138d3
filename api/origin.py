"""No other site may act through the browser of someone who sits at this machine."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from maps.catalogue import text

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


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
            origin = headers.get("origin")
            if origin is not None and urlsplit(origin).netloc != headers.get("host"):
                body = {"error": "foreign-origin", "message": text("zh", "error.foreign-origin"), "faults": []}
                await JSONResponse(body, status_code=403)(scope, receive, send)
                return
        await self.app(scope, receive, send)
