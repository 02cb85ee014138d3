"""Form of the answer about the state of the service."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WarningAnswer(_Form):
    """Something to be done."""

    code: str
    words: str


class DiskAnswer(_Form):
    """The disk of the data folder."""

    free_mb: int
    total_mb: int


class SizesAnswer(_Form):
    """How much there is."""

    database_mb: float | None
    cache_mb: float
    cache_limit_mb: int
    files_mb: float


class BackupAnswer(_Form):
    """The last backup."""

    made_at: str
    file: str
    age_days: float


class CertificateAnswer(_Form):
    """The certificate that callers see."""

    expires_at: str
    days_left: int


class ClockAnswer(_Form):
    """How many seconds the database's clock is ahead."""

    off_s: float


class ChannelAnswer(_Form):
    """A channel by which messages leave."""

    channel: str
    name: str
    is_set: bool
    waiting: int
    oldest_at: str | None
    sent: int
    stuck: int
    dropped: int
    error: str | None
    error_words: str | None


class ServiceAnswer(_Form):
    """The state of the service; what is to be done comes first."""

    warnings: list[WarningAnswer]
    disk: DiskAnswer | None
    sizes: SizesAnswer
    backup: BackupAnswer | None
    runs: dict[str, int]
    messages: list[ChannelAnswer]
    certificate: CertificateAnswer | None
    clock: ClockAnswer | None
    versions: dict[str, str]
    parts: dict[str, dict[str, Any]]
