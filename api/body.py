"""How much a caller may send."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers import refusal


class BodyLimitMiddleware:
    """Take in the body of a request up to a size, and refuse a larger one before anything is done with it.

    Parameters
    ----------
    app
        The application behind it.
    limit
        Bytes.
    """

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self.app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body, or answer 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "0")
        too_large = told.isdecimal() and int(told[:20]) > self._limit
        body = b""
        while not too_large:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            too_large = len(body) > self._limit
            if not message.get("more_body", False):
                break
        if too_large:
            await refusal(scope, 413, "http-413")(scope, receive, send)
        else:
            await self.app(scope, _Replayed(body, receive), send)


class _Replayed:
    """Gives the body that was taken in, then whatever comes."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}
