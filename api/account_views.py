"""Forms of the answers about accounts."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.views import AreaAnswer


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class HeldGrantAnswer(_Form):
    """A role that an account has or will have."""

    role: str
    area: AreaAnswer
    from_: str = Field(alias="from")
    until: str | None


class AccountAnswer(_Form):
    """An account; ``invited`` until a password is chosen."""

    id: str
    name: str
    display: str
    state: Literal["active", "invited", "disabled"]
    grants: list[HeldGrantAnswer]
    last_seen: str | None
    created_at: str
    disabled_at: str | None
    version: int


class DisabledAnswer(AccountAnswer):
    """An account that was disabled, and how many runs went to its heir."""

    runs_handed_over: int


class InvitedAnswer(_Form):
    """An account with the one-time link that its owner begins with."""

    account: AccountAnswer
    link: str
    expires_at: str
