"""The form of what is told of files of a case, for the API's description."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class AttachmentAnswer(BaseModel):
    """A file of a case, as others see it: pictures as JPEG without position."""

    model_config = ConfigDict(extra="forbid")

    id: str
    kind: Literal["photo", "sound", "file"]
    media_type: str
    bytes: int
    at: str
    erased: bool


class AddedAnswer(AttachmentAnswer):
    """A file that has come in, with the version of the case that it led to."""

    version: int
