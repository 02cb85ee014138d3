"""Accounts for programs: the same as the pages about people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from api.account_views import AccountAnswer, DisabledAnswer, InvitedAnswer
from api.actions.accounts import people
from api.actions.accounts.grants import MOST_GRANTS, GrantAsked
from api.actions.accounts.people import Invited
from api.actions.workplace import Workplace
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.deps import Acting, AtWork, WithRecords
from api.description import answers, may_refuse

router = guarded_router()
_MAY_READ = [Depends(Allow.to("read", "account"))]
_MAY_WRITE = [Depends(Allow.to("write", "account"))]
Word = Annotated[str, Field(max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class AreaBody(_Body):
    """Where a role holds; a county without a code is the one that is built, for an administrator every one."""

    kind: Word = "county"
    code: Word = ""


class GrantBody(_Body):
    """A role; without days it begins now and lasts."""

    role: Word
    area: AreaBody = AreaBody()
    from_: Annotated[Word | None, Field(alias="from")] = None
    until: Word | None = None

    def asked(self) -> GrantAsked:
        """Return it as it is checked."""
        return GrantAsked(self.role, self.area.kind, self.area.code, self.from_ or "", self.until or "")


Grants = Annotated[list[GrantBody], Field(max_length=MOST_GRANTS)]


class AccountBody(_Body):
    """An account to be made."""

    name: Word
    display: Word = ""
    grants: Grants


class GrantsBody(_Body):
    """The roles that an account is to have, and no others; with ``version``, only if it is still that one."""

    grants: Grants
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None


class HeirBody(_Body):
    """To whom what is somebody's own goes."""

    heir: Word | None = None


@router.get("/api/accounts", dependencies=_MAY_READ, response_model=None, responses=answers(list[AccountAnswer]))
async def everybody(at_work: AtWork, beside: WithRecords) -> Answer:
    """Return all accounts, disabled ones last."""
    return Answer(await beside(people.list_people, at_work, now=datetime.now(UTC)))


@router.post(
    "/api/accounts",
    status_code=201,
    dependencies=_MAY_WRITE,
    response_model=None,
    responses=may_refuse(409) | answers(InvitedAnswer, 201),
)
async def invite(request: Request, at_work: AtWork, beside: WithRecords, actor: Acting, body: AccountBody) -> Answer:
    """Make an account without a password; the one-time link with which its owner chooses one is told this once."""
    asked = [one.asked() for one in body.grants]
    now = datetime.now(UTC)
    made = await beside(people.invite, at_work, name=body.name, display=body.display, asked=asked, actor=actor, now=now)
    return Answer(_with_link(request, made, now), status_code=201)


@router.get(
    "/api/accounts/{name}",
    dependencies=_MAY_READ,
    response_model=None,
    responses=may_refuse(404) | answers(AccountAnswer),
)
async def one(at_work: AtWork, beside: WithRecords, name: str) -> Answer:
    """Return an account."""
    return Answer(await beside(_view, at_work, name))


@router.put(
    "/api/accounts/{name}/grants",
    dependencies=_MAY_WRITE,
    response_model=None,
    responses=may_refuse(404) | answers(AccountAnswer),
)
async def grants(at_work: AtWork, beside: WithRecords, actor: Acting, name: str, body: GrantsBody) -> Answer:
    """Give an account these roles and no others; if that changes anything, its sessions end."""
    asked = [one.asked() for one in body.grants]

    def work() -> Answer:
        people.change_roles(at_work, name, asked, actor=actor, now=datetime.now(UTC), version=body.version)
        return Answer(_view(at_work, name))

    return await beside(work)


@router.post(
    "/api/accounts/{name}/reset",
    dependencies=_MAY_WRITE,
    response_model=None,
    responses=may_refuse(404) | answers(InvitedAnswer),
)
async def reset(request: Request, at_work: AtWork, beside: WithRecords, actor: Acting, name: str) -> Answer:
    """Void a password at once; the one-time link for another is told this once."""
    now = datetime.now(UTC)
    return Answer(_with_link(request, await beside(people.reset, at_work, name, actor=actor, now=now), now))


@router.post(
    "/api/accounts/{name}/disable",
    dependencies=_MAY_WRITE,
    response_model=None,
    responses=may_refuse(404) | answers(DisabledAnswer),
)
async def disable(
    at_work: AtWork, beside: WithRecords, actor: Acting, name: str, body: HeirBody | None = None
) -> Answer:
    """Keep an account from signing in, and hand over what is its own."""
    heir = body.heir if body is not None else None

    def work() -> Answer:
        handed = people.disable(at_work, name, heir=heir, actor=actor, now=datetime.now(UTC))
        return Answer({**_view(at_work, name), "runs_handed_over": handed})

    return await beside(work)


@router.post(
    "/api/accounts/{name}/enable",
    dependencies=_MAY_WRITE,
    response_model=None,
    responses=may_refuse(404) | answers(AccountAnswer),
)
async def enable(at_work: AtWork, beside: WithRecords, actor: Acting, name: str) -> Answer:
    """Let an account sign in again."""

    def work() -> Answer:
        people.enable(at_work, name, actor=actor, now=datetime.now(UTC))
        return Answer(_view(at_work, name))

    return await beside(work)


def _view(at_work: Workplace, name: str) -> dict[str, object]:
    return people.account_view(people.one_person(at_work, name), now=datetime.now(UTC))


def _with_link(request: Request, made: Invited, now: datetime) -> dict[str, object]:
    return {
        "account": people.account_view(made.account, now=now),
        "link": f"{str(request.base_url).rstrip('/')}{made.path}",
        "expires_at": made.expires_at.isoformat(),
    }
