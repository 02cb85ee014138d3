"""Settings, all from environment variables, all with a default that works."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a site may set.

    ``COUNTYGRID_DATA`` is where layers, records and caches rest; ``COUNTYGRID_DATABASE_URL``
    puts the records into PostgreSQL; ``COUNTYGRID_TILES`` adds a background map from outside
    (``osm``, or ``tianditu`` with ``COUNTYGRID_TIANDITU_KEY``), by default none;
    ``PORT`` is the port on 127.0.0.1.
    """

    model_config = SettingsConfigDict(env_prefix="COUNTYGRID_", extra="ignore")

    data: Path = Path("data")
    database_url: str = ""
    tiles: Literal["none", "osm", "tianditu"] = "none"
    tianditu_key: str = Field(default="", validate_default=True)
    lang: Literal["zh", "en"] = "zh"
    port: int = Field(default=8000, validation_alias="PORT", ge=1, le=65535)

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
