"""Settings, all from environment variables, all with a default that works."""

from __future__ import annotations

from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.host_names import canonical_name
from api.messages.settings import MessageSettings
from layers.cache import Cache


class Settings(MessageSettings, BaseSettings):
    """What a site may set.

    ``COUNTYGRID_DATA`` is where layers, records and caches rest; ``COUNTYGRID_DATABASE_URL``
    puts the records into PostgreSQL; ``COUNTYGRID_TILES`` adds a background map from outside
    (``osm``, or ``tianditu`` with ``COUNTYGRID_TIANDITU_KEY``), by default none;
    ``COUNTYGRID_CACHE_MB`` is what the cache may hold before the files used least lately go;
    ``COUNTYGRID_PROXY`` is the address of the one proxy in front of the service whose word on
    the caller's address and scheme counts, by default nobody's; ``COUNTYGRID_HOST`` is the address
    that is served on, by default 127.0.0.1, and ``PORT`` the port; ``COUNTYGRID_CERT`` and
    ``COUNTYGRID_KEY`` are the files of a certificate, ``COUNTYGRID_HOSTS`` the names and addresses
    that callers may use, and ``COUNTYGRID_REDIRECT_PORT`` a port that leads from http to https.
    ``COUNTYGRID_OPEN311_REPORTS`` says who may report by Open311 (``keys``: tokens of the office, or ``anybody``),
    ``COUNTYGRID_OPEN311_SHOWS`` which cases it shows to everybody (``own``: to none but whoever reported them,
    ``open311``: those that came by it, ``all``).
    Channels of messages are told at ``MessageSettings``.
    """

    model_config = SettingsConfigDict(env_prefix="COUNTYGRID_", extra="ignore")

    data: Path = Path("data")
    database_url: str = ""
    tiles: Literal["none", "osm", "tianditu"] = "none"
    tianditu_key: str = Field(default="", validate_default=True)
    lang: Literal["zh", "en"] = "zh"
    port: int = Field(default=8000, validation_alias="PORT", ge=1, le=65535)
    host: str = "127.0.0.1"
    hosts: str = ""
    cert: Path | None = None
    key: Path | None = None
    redirect_port: int | None = Field(default=None, ge=1, le=65535)
    proxy: str = ""
    open311_reports: Literal["keys", "anybody"] = "keys"
    open311_shows: Literal["own", "open311", "all"] = "own"
    cache_mb: int = Field(default=1024, ge=1, le=10**6)

    @field_validator("cert", "key", "redirect_port", mode="before")
    @classmethod
    def _empty_is_none(cls, given: Any) -> Any:
        return None if isinstance(given, str) and not given.strip() else given

    @field_validator("host")
    @classmethod
    def _own_address(cls, host: str) -> str:
        try:
            return "127.0.0.1" if host.strip() in ("", "localhost") else str(ip_address(host.strip()))
        except ValueError:
            told = "应为本机的一个 IP 地址,或 0.0.0.0(全部地址) / an IP address of this machine, or 0.0.0.0 for all"
            raise ValueError(told) from None

    @field_validator("hosts")
    @classmethod
    def _names(cls, hosts: str) -> str:
        given = [word.strip() for word in hosts.replace(",", ",").split(",") if word.strip()]
        if all(canonical_name(word) for word in given):
            return ",".join(dict.fromkeys(map(canonical_name, given)))
        told = (
            "应为名称或 IP 地址,用逗号分隔,如 grid.example,192.168.1.10 / "
            "names or IP addresses, separated by commas, such as grid.example,192.168.1.10"
        )
        raise ValueError(told)

    @field_validator("proxy")
    @classmethod
    def _one_address(cls, proxy: str) -> str:
        if not proxy.strip():
            return ""
        try:
            return str(ip_address(proxy.strip()))
        except ValueError:
            told = "应为一台代理服务器的 IP 地址,如 127.0.0.1 / the IP address of one proxy, such as 127.0.0.1"
            raise ValueError(told) from None

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not url:
            return ""
        from sqlalchemy import make_url  # noqa: PLC0415 - slow to import, and rarely needed
        from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

        told = "应以 sqlite:///文件 或 postgresql://用户@主机/库名 的形式写 / sqlite:///FILE or postgresql://user@host/name"
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError):
            raise ValueError(told) from None
        kind = parsed.get_backend_name()
        if kind not in ("sqlite", "postgresql") or (kind == "sqlite" and parsed.database in (None, "", ":memory:")):
            raise ValueError(told)
        return url

    @field_validator("tianditu_key")
    @classmethod
    def _key_for_tianditu(cls, key: str, info: ValidationInfo) -> str:
        if info.data.get("tiles") == "tianditu" and not key:
            raise ValueError("COUNTYGRID_TILES=tianditu needs your own key in COUNTYGRID_TIANDITU_KEY")
        return key

    @property
    def records_url(self) -> str:
        """Database of the records: as set, else a file beside the layers."""
        return self.database_url or f"sqlite:///{(self.data / 'app.sqlite').resolve()}"

    @cached_property
    def cache(self) -> Cache:
        """The folder of what can be computed again."""
        return Cache(self.data / "cache", limit_mb=self.cache_mb)
