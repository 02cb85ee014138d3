"""A refusal is heard only by who has finished speaking."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST_BYTES = 20 * 2**20


class HearingOutMiddleware:
    """Take in, and throw away, what a caller still sends when the answer is known.

    A connection that is closed on unread data is reset, and the answer may be lost on its way: a browser would tell
    of a broken connection, a proxy of a bad gateway, in place of what was wrong. Whoever sends more than 20 MiB, or
    asks first whether to send, is answered at once; the clock of half-sent requests runs on.

    Parameters
    ----------
    app
        The application behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back once all has been said."""
        if scope["type"] != "http" or not _is_sent_anyway(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        heard = _Heard(receive)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                await heard.out()
            await send(message)

        await self.app(scope, heard, answer)


class _Heard:
    """Passes a body on in its pieces, and knows whether that was all."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_whole = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._is_whole = not message.get("more_body", False)
        return message

    async def out(self) -> None:
        left = _MOST_BYTES
        while not self._is_whole and left > 0:
            left -= len((await self()).get("body", b""))


def _is_sent_anyway(headers: Headers) -> bool:
    """Whether there is a body, and it comes without being asked for."""
    has_body = "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
    return has_body and "expect" not in headers
