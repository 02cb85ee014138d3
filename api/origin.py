"""No other site may act through the browser of someone who may do something here."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answers import lang_of_scope, refusal
from api.host_names import OWN_NAMES, asked_name, canonical_address
from maps.catalogue import text

_OWN_SITE = frozenset({"same-origin", "none"})
"""What a browser says of a request that a page of this service made, or its owner by hand."""
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class KnownHostMiddleware:
    """Refuse requests under another name than the service's: a name of another site may be made to lead here.

    Only callers at this machine are told the right names; to others, they would be a hint for an attack.

    Parameters
    ----------
    app
        The application behind it.
    names
        What the service is called besides this machine's own names, each in its one form.
    """

    def __init__(self, app: ASGIApp, *, names: Sequence[str] = ()) -> None:
        self.app = app
        self._names = tuple(dict.fromkeys((*OWN_NAMES, *names)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400."""
        if scope["type"] == "http" and asked_name(Headers(scope=scope).get("host", "")) not in self._names:
            await refusal(scope, 400, "foreign-host", params={"names": self._hint(scope)})(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _hint(self, scope: Scope) -> str:
        """Return the names, for whoever sits here."""
        address = canonical_address(scope["client"][0]) if scope.get("client") else ""
        if not address or not ip_address(address).is_loopback:
            return ""
        lang = lang_of_scope(scope)
        shown = [name for name in self._names if name != "::1"]
        return text(lang, "told.host-names", names=text(lang, "page.comma").join(shown))


class SameOriginMiddleware:
    """Refuse writing requests that a browser sends on behalf of another site.

    Parameters
    ----------
    app
        The application behind it. Programs send neither ``Origin`` nor ``Sec-Fetch-Site`` and pass.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] == "http" and scope["method"] not in _READING:
            headers = Headers(scope=scope)
            host, scheme = headers.get("host", ""), str(scope.get("scheme"))
            is_foreign = any(site not in _OWN_SITE for site in headers.getlist("sec-fetch-site"))
            if is_foreign or any(not _is_own(origin, host, scheme) for origin in headers.getlist("origin")):
                await refusal(scope, 403, "foreign-origin")(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _is_own(origin: str, host: str, scheme: str) -> bool:
    """Whether an origin is the very address that the request was sent to; one that cannot be read is not.

    Under https nobody writes from http: anybody on the way could have made that page. Under http the origin may be
    https, of a proxy that does not say so.
    """
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    schemes = ("https",) if scheme == "https" else ("http", "https")
    return parts.scheme in schemes and parts.netloc.lower() == host.lower()
