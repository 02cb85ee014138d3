"""Channels that a site has set: what each is asked to take, and when people are left in peace."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from api.messages.settings import SCHEMES, MessageSettings
from planning.incidents.clocks import CHINA_TIME

_NAMED = re.compile(r"\{(phone|text|key)\}")
_WAKES_NOBODY = frozenset({"webhook"})
"""Read by programs: quiet hours do not hold them up."""


def channels_of(settings: MessageSettings) -> tuple[str, ...]:
    """Return the channels that are set; without any, no message is made."""
    return tuple(name for name in (*SCHEMES, "sms") if getattr(settings, "sms_url" if name == "sms" else name))


def is_quiet(settings: MessageSettings, channel: str, *, now: datetime) -> bool:
    """Tell whether only what is urgent leaves by a channel now."""
    if not settings.quiet_hours or channel in _WAKES_NOBODY:
        return False
    begin, end = (time.fromisoformat(part) for part in settings.quiet_hours.split("-"))
    at = now.astimezone(CHINA_TIME).time()
    return begin <= at < end if begin < end else at >= begin or at < end


def errand_for(
    settings: MessageSettings, channel: str, *, key: str, title: str, body: str, phone: str, is_urgent: bool
) -> dict[str, Any]:
    """Return what the courier is to do for one message.

    Parameters
    ----------
    settings
    channel
        One of ``channels_of``.
    key
        The same at every try.
    title, body
    phone
        For text messages; empty for other channels, which an office reads together.
    is_urgent
    """
    if channel == "sms":
        values = {"phone": phone, "text": body, "key": key}
        return {"channel": channel, "key": key, "gateway": _gateway(settings, values)}
    told = {"title": title, "body": body, "is_urgent": is_urgent}
    return {"channel": channel, "key": key, "url": getattr(settings, channel), **told}


def _gateway(settings: MessageSettings, values: Mapping[str, str]) -> dict[str, Any]:
    headers = {name: _filled(value, {"key": values["key"]}) for name, value in _headers(settings).items()}
    body, kind = _body(settings.sms_body, values)
    if kind and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = kind
    return {
        "method": settings.sms_method,
        "url": _filled(settings.sms_url, {name: quote(value, safe="") for name, value in values.items()}),
        "headers": headers,
        "body": body,
        "taken": settings.sms_taken,
    }


def _headers(settings: MessageSettings) -> dict[str, str]:
    return dict(json.loads(settings.sms_headers or "{}"))


def _body(template: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Return the body and its media type: values are put in after the template is read, so that none can break it."""
    if not template.strip():
        return "", ""
    if template.lstrip().startswith(("{", "[")):
        filled = _in_texts(json.loads(template), lambda value: _filled(value, values))
        return json.dumps(filled, ensure_ascii=False), "application/json; charset=utf-8"
    fields = [(name, _filled(value, values)) for name, value in parse_qsl(template, keep_blank_values=True)]
    return urlencode(fields), "application/x-www-form-urlencoded; charset=utf-8"


def _in_texts(given: Any, change: Callable[[str], str]) -> Any:
    if isinstance(given, str):
        return change(given)
    if isinstance(given, list):
        return [_in_texts(one, change) for one in given]
    return {name: _in_texts(one, change) for name, one in given.items()} if isinstance(given, dict) else given


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Put values in place of their names in one pass, so that a text that holds a name is not filled again."""
    return _NAMED.sub(lambda found: values.get(found[1], found[0]), template)
