"""Publications: the register that everybody reads, publishing and withdrawing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.actions.publications import publish as publishing
from api.answers import Answer
from api.auth import Allow, Public, guarded_router
from api.deps import AtWork, Visiting, WithRecords
from api.description import answers, may_refuse
from api.publication_views import PublicationAnswer, RegisterAnswer
from layers.records.publication import MAX_REASON_CHARACTERS, MAX_TEXT_CHARACTERS, MAX_TITLE_CHARACTERS
from layers.records.publications import PublicationStore

router = guarded_router()
MAY_WRITE = [Depends(Allow.to("write", "publication"))]
_MOST_SCHEMES = 5
"""Beside today: a comparison holds six."""
Reference = Annotated[str, Field(min_length=1, max_length=60)]


class PublicationBody(BaseModel):
    """What is to be published: the scheme of the first run or scenario (``ID@n``), beside it those that follow."""

    model_config = ConfigDict(extra="forbid", strict=True)

    runs: Annotated[list[Reference], Field(min_length=1, max_length=_MOST_SCHEMES)]
    title: Annotated[str, Field(min_length=1, max_length=MAX_TITLE_CHARACTERS)]
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS)] = ""
    closes_at: Annotated[AwareDatetime, Field(strict=False)]
    slug: Annotated[str, Field(max_length=60)] = ""


class WithdrawalBody(BaseModel):
    """Why a publication is withdrawn, as everybody reads it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: Annotated[str, Field(min_length=1, max_length=MAX_REASON_CHARACTERS)]


@router.get(
    "/api/publications", dependencies=[Depends(Public())], response_model=None, responses=answers(RegisterAnswer)
)
async def register(at_work: AtWork, beside: WithRecords) -> Answer:
    """Return what was published, withdrawn ones with their reason, newest first."""

    def read() -> Answer:
        now = datetime.now(UTC)
        found = PublicationStore(at_work.database.get()).register()
        return Answer({"publications": [publishing.publication_told(one, now=now) for one in found]})

    return await beside(read)


@router.post(
    "/api/publications",
    status_code=201,
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404, 409) | answers(PublicationAnswer, 201),
)
async def publish(who: Visiting, beside: WithRecords, body: PublicationBody) -> Answer:
    """Publish a scheme: its figures are frozen, and whoever has the address reads them without an account."""
    made = await beside(publishing.publish, who, publishing.Asked(**dict(body)))
    told = publishing.publication_told(made, now=datetime.now(UTC))
    return Answer(told, status_code=201, headers={"Location": told["address"]})


@router.post(
    "/api/publications/{name}/withdraw",
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404) | answers(PublicationAnswer),
)
async def withdraw(who: Visiting, beside: WithRecords, name: str, body: WithdrawalBody) -> Answer:
    """Withdraw a publication; it stays in the register with the reason, and what was heard stays too."""
    found = await beside(publishing.withdraw, who, name, body.reason)
    return Answer(publishing.publication_told(found, now=datetime.now(UTC)))
