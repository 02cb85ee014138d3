"""Settings, all from environment variables, all with a default that works."""

from __future__ import annotations

from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from layers.cache import Cache


class Settings(BaseSettings):
    """What a site may set.

    ``COUNTYGRID_DATA`` is where layers, records and caches rest; ``COUNTYGRID_DATABASE_URL``
    puts the records into PostgreSQL; ``COUNTYGRID_TILES`` adds a background map from outside
    (``osm``, or ``tianditu`` with ``COUNTYGRID_TIANDITU_KEY``), by default none;
    ``COUNTYGRID_CACHE_MB`` is what the cache may hold before the files used least lately go;
    ``COUNTYGRID_PROXY`` is the address of the one proxy in front of the service whose word on
    the caller's address counts, by default nobody's; ``PORT`` is the port on 127.0.0.1.
    """

    model_config = SettingsConfigDict(env_prefix="COUNTYGRID_", extra="ignore")

    data: Path = Path("data")
    database_url: str = ""
    tiles: Literal["none", "osm", "tianditu"] = "none"
    tianditu_key: str = Field(default="", validate_default=True)
    lang: Literal["zh", "en"] = "zh"
    port: int = Field(default=8000, validation_alias="PORT", ge=1, le=65535)
    proxy: str = ""
    cache_mb: int = Field(default=1024, ge=1, le=10**6)

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
