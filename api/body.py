"""How much a caller may send."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

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
    larger
        Form of an address, such as ``/files/*`` → bytes, for the routes that take files.
    """

    def __init__(self, app: ASGIApp, *, limit: int, larger: Mapping[str, int] | None = None) -> None:
        self.app, self._limit, self._larger = app, limit, larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body, or answer 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit_of(scope)
        told = Headers(scope=scope).get("content-length", "0")
        too_large = told.isdecimal() and int(told[:20]) > limit
        body = b""
        while not too_large:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            too_large = len(body) > limit
            if not message.get("more_body", False):
                break
        if too_large:
            await refusal(scope, 413, "http-413")(scope, receive, send)
        else:
            await self.app(scope, _Replayed(body, receive), send)

    def _limit_of(self, scope: Scope) -> int:
        return next((most for form, most in self._larger.items() if fnmatchcase(scope["path"], form)), self._limit)


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
