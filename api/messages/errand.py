"""What the courier does in its own process: one errand a line, through apprise or to a gateway for text messages."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter

MOST_ANSWER_BYTES = 64 * 1024
_MOST_MEMORY = 1_000_000_000
_TIMEOUT_S = (4.0, 8.0)
"""To connect, and between two bytes."""
_CHAT = ("wecom", "dingtalk", "feishu")
_ANSWER_CODES = ("errcode", "code", "StatusCode")
"""Where robots of chats say, with status 200, that they took nothing."""


class _Watched(HTTPAdapter):
    """Reads no more of an answer than is needed, and notes it: apprise only tells yes or no."""

    key = ""
    """Told to a webhook, so that it knows a message that comes again."""
    answers: list[tuple[int, bytes]]
    error = ""

    def send(self, request: Any, *args: Any, **options: Any) -> Any:
        """Send a request and read the beginning of its answer."""
        if _Watched.key:
            request.headers["Idempotency-Key"] = _Watched.key
        try:
            answer = super().send(request, *args, **{**options, "stream": True})
            read = answer.raw.read(MOST_ANSWER_BYTES, decode_content=True) or b""
        except requests.exceptions.SSLError:
            _Watched.error = "certificate"
            raise
        except requests.exceptions.Timeout:
            _Watched.error = "slow"
            raise
        except Exception as error:  # noqa: BLE001 - whatever a hostile answer brings about
            _Watched.error = "no-connection"
            raise requests.exceptions.ConnectionError(type(error).__name__) from None
        answer._content, answer._content_consumed = read, True
        answer.close()
        _Watched.answers.append((answer.status_code, read))
        return answer


def run_errand(errand: Mapping[str, Any]) -> str:
    """Take one message outside and return the code of why it was not taken, empty if it was.

    Parameters
    ----------
    errand
        ``channel``, ``key``, ``title``, ``body``; and ``url`` as apprise writes it, or ``gateway`` with ``method``,
        ``url``, ``headers``, ``body`` and ``taken``.
    """
    _Watched.key, _Watched.answers, _Watched.error = "", [], ""
    if "gateway" in errand:
        return _by_gateway(errand["gateway"], errand["key"])
    return _by_apprise(errand)


def _by_apprise(errand: Mapping[str, Any]) -> str:
    import apprise  # noqa: PLC0415 - not needed for a gateway

    channel, key = errand["channel"], errand["key"]
    if channel == "webhook":
        _Watched.key = key
    if channel == "mail":
        from apprise.plugins.email import base as mail  # noqa: PLC0415

        mail.make_msgid = lambda domain="countygrid", **_: f"<{key}@{domain}>"  # the same at every try
    asset = apprise.AppriseAsset(async_mode=False, http_redirects=False)
    calls = apprise.Apprise(asset=asset)
    if not calls.add(errand["url"]):
        return "setting"
    kind = apprise.NotifyType.WARNING if errand.get("is_urgent") else apprise.NotifyType.INFO
    if not calls.notify(title=errand["title"], body=errand["body"], notify_type=kind, body_format="text"):
        return _why_not()
    return _refused_by_robot() if channel in _CHAT else ""


def _by_gateway(gateway: Mapping[str, Any], key: str) -> str:
    _Watched.key = key
    try:
        with requests.Session() as session:
            answer = session.request(
                gateway["method"],
                gateway["url"],
                headers=gateway["headers"],
                data=gateway["body"].encode() or None,
                timeout=_TIMEOUT_S,
                allow_redirects=False,
            )
    except (requests.RequestException, ValueError):
        return _Watched.error or "setting"
    if not 200 <= answer.status_code < 300:
        return f"status-{answer.status_code}"
    return "" if is_taken(answer.content, gateway["taken"]) else "refused"


def is_taken(answer: bytes, taken: str) -> bool:
    """Tell whether an answer with status 2xx says that a message was taken.

    Parameters
    ----------
    answer
    taken
        ``path=value`` of a JSON answer, as in ``result.code=0``; another text, which the answer must hold; or nothing.
    """
    path, sign, wanted = taken.partition("=")
    if not sign:
        return taken.encode() in answer
    try:
        found: Any = json.loads(answer)
        for part in path.strip().split("."):
            found = found[int(part)] if isinstance(found, list) else found[part]
    except (ValueError, LookupError, TypeError):
        return False
    told = json.dumps(found) if isinstance(found, bool) else str(found)
    return told == wanted.strip()


def _why_not() -> str:
    bad = [status for status, _ in _Watched.answers if not 200 <= status < 300]
    return _Watched.error or (f"status-{bad[-1]}" if bad else _refused_by_robot() or "refused")


def _refused_by_robot() -> str:
    """Return why a robot took nothing although it answered 200; apprise does not look into every answer."""
    for _, body in _Watched.answers:
        with suppress(ValueError):
            told = json.loads(body)
            codes = [told[name] for name in _ANSWER_CODES if told.get(name)] if isinstance(told, dict) else []
            if codes:
                return f"refused-{str(codes[0])[:20]}"
    return ""


def answer() -> None:
    """Run the errands that come on standard input, one a line, until it ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing that a library prints may land among the answers
    _limit_memory()
    logging.disable(logging.CRITICAL)
    requests.sessions.HTTPAdapter = _Watched  # type: ignore[attr-defined]  # of this process alone, for every library in it
    for line in sys.stdin:
        try:
            error = run_errand(json.loads(line))
        except Exception:  # noqa: BLE001 - whatever it is, the message stays in the outbox
            error = "failed"
        answers.write(json.dumps({"is_taken": not error, "error": error}) + "\n")
        answers.flush()


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ImportError:
        return
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    allowed = _MOST_MEMORY if most == resource.RLIM_INFINITY else min(_MOST_MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
