"""Settings of the channels by which messages leave: all empty by default, so that nothing leaves."""

from __future__ import annotations

import json
import re
from datetime import time
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator

SCHEMES = {
    "webhook": ("json", "jsons"),
    "mail": ("mailto", "mailtos"),
    "wecom": ("wecombot", "https"),
    "dingtalk": ("dingtalk",),
    "feishu": ("feishu", "lark"),
}
"""By which beginnings the address of a channel is known, as apprise writes them; a robot of WeCom by its own too."""
SECRET_SETTINGS = frozenset({*SCHEMES, "sms_url", "sms_headers", "sms_body"})
"""What holds a token or a password: told to nobody, in no log, error, unit or backup."""
_HOURS = re.compile(r"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")


class MessageSettings(BaseModel):
    """What a site may set about messages; what is wrong with a setting is said by ``cli.setting-for``.

    ``COUNTYGRID_WEBHOOK``, ``COUNTYGRID_MAIL``, ``COUNTYGRID_WECOM``, ``COUNTYGRID_DINGTALK`` and
    ``COUNTYGRID_FEISHU`` are addresses as apprise writes them; ``COUNTYGRID_SMS_URL`` with ``…_METHOD``, ``…_HEADERS``
    (a JSON object), ``…_BODY`` and ``…_TAKEN`` describe a gateway for text messages, with ``{phone}``, ``{text}`` and
    ``{key}`` where those belong; ``COUNTYGRID_QUIET_HOURS`` (``22:00-07:00``) keeps people from being woken.
    """

    webhook: str = Field(default="", repr=False)
    mail: str = Field(default="", repr=False)
    wecom: str = Field(default="", repr=False)
    dingtalk: str = Field(default="", repr=False)
    feishu: str = Field(default="", repr=False)
    sms_url: str = Field(default="", repr=False)
    sms_method: Literal["GET", "POST", "PUT"] = "POST"
    sms_headers: str = Field(default="", repr=False)
    sms_body: str = Field(default="", repr=False)
    sms_taken: str = ""
    quiet_hours: str = ""

    @field_validator("webhook", "mail", "wecom", "dingtalk", "feishu")
    @classmethod
    def _known_scheme(cls, url: str, info: Any) -> str:
        schemes = SCHEMES[info.field_name]
        if url.strip() and url.partition("://")[0].strip().lower() not in schemes:
            raise ValueError(f"begins with none of {schemes}")
        return url.strip()

    @field_validator("sms_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if url.strip() and not url.strip().lower().startswith(("http://", "https://")):
            raise ValueError("no address of http")
        return url.strip()

    @field_validator("sms_headers")
    @classmethod
    def _object_of_texts(cls, headers: str) -> str:
        try:
            given = json.loads(headers or "{}")
        except ValueError:
            given = None
        if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
            raise ValueError("no JSON object of texts")
        return headers

    @field_validator("sms_body")
    @classmethod
    def _json_or_form(cls, body: str) -> str:
        if body.lstrip().startswith(("{", "[")):
            try:
                json.loads(body)
            except ValueError:
                raise ValueError("broken JSON") from None
        return body

    @field_validator("quiet_hours")
    @classmethod
    def _from_until(cls, hours: str) -> str:
        given = hours.replace("—", "-").replace("–", "-").replace(":", ":").replace(" ", "")
        if not given:
            return ""
        found = _HOURS.match(given)
        if found is None:
            raise ValueError("no hours from and until")
        try:
            begin, end = time(int(found[1]), int(found[2])), time(int(found[3]) % 24, int(found[4]))
        except ValueError:
            raise ValueError("no times of day") from None
        return f"{begin:%H:%M}-{end:%H:%M}" if begin != end else ""
