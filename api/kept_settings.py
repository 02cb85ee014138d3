"""Settings that a backup tells: those that a site has set, without what is secret in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.messages.settings import SECRET_SETTINGS
from api.settings import Settings
from layers.backups.manifest import HIDDEN

_SECRETS = ("key", "password", "secret", "token")
_OPEN_QUERY = frozenset({"options", "sslmode", "host", "port"})
"""What may follow the name of a database in its URL and is told; passwords can stand there too."""


def told_settings(settings: Settings) -> dict[str, str]:
    """Return the variables that differ from the defaults, with their values; of a secret only that it was set."""
    told = {}
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if value != field.get_default():
            alias = field.validation_alias
            told[alias if isinstance(alias, str) else f"COUNTYGRID_{name.upper()}"] = _told(name, value)
    return told


def _told(name: str, value: Any) -> str:
    if name == "database_url":
        return _without_password(value)
    # Where a key rests is no secret.
    is_secret = name in SECRET_SETTINGS or (not isinstance(value, Path) and name.endswith(_SECRETS))
    return HIDDEN if is_secret else str(value)


def _without_password(url: str) -> str:
    from sqlalchemy import make_url  # noqa: PLC0415 - slow to import, and rarely needed

    parsed = make_url(url)
    told = parsed.difference_update_query(set(parsed.query) - _OPEN_QUERY)
    return told.set(password=HIDDEN if told.password else None).render_as_string(hide_password=True)
