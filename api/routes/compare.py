"""Schemes beside each other: runs, scenarios, and the service as it stands."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Query, Response

from api.actions.comparison.beside import Beside, with_beside
from api.actions.comparison.compare import compare
from api.actions.comparison.files import MEDIA_TYPES, FileEnding, file_of
from api.actions.comparison.made_good import made_good as sites_added
from api.actions.comparison.made_good import pair_of
from api.actions.comparison.references import references_in
from api.actions.report.making import Making, Paper, office_template
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.comparison_views import ComparisonAnswer, MadeGoodAnswer
from api.deps import Caller, CallerLang, Visiting, WithRecords
from api.description import answers, may_refuse, with_files
from planning.comparison.losers import LOSS_S

router = guarded_router()
_LONGEST = 600
"""Characters of the references: six ids of 32 with their revisions are half of it."""

Runs = Annotated[str, Query(min_length=1, max_length=_LONGEST)]
Pairs = Annotated[str, Query(max_length=120, pattern=r"^[0A-F,-]*$")]
RunId = Annotated[str | None, Query(pattern=r"^[0-9A-Za-z-]{1,64}$")]


@router.get(
    "/api/compare",
    dependencies=[Depends(Allow.to("read", "plan"))],
    response_model=None,
    responses=may_refuse(404, 409) | with_files(answers(ComparisonAnswer), *MEDIA_TYPES.values()),
)
async def beside_each_other(
    who: Visiting,
    user: Caller,
    beside: WithRecords,
    lang: CallerLang,
    *,
    runs: Runs,
    futures: RunId = None,
    study: RunId = None,
    made_good: Pairs = "",
    as_: Annotated[FileEnding | None, Query(alias="as")] = None,
    paper: Paper = "A4",
) -> Response:
    """Return two to six schemes beside each other: ``runs`` names runs and scenarios (``ID@n``), and ``today``.

    ``futures`` names the run of their futures, ``study`` that of a trade-off curve, ``made_good`` pairs (``0-A,A-B``)
    of which the fewest added sites are told. ``as`` asks for a file: ``xlsx``, or the report as ``pdf``, ``docx`` or
    ``html``, or its pictures as ``zip``; a ``pdf`` with ``paper=A3`` is one sheet to be printed.
    """
    references = references_in(runs.split(","))
    made_by = user.name if user.account_id is not None else ""
    wanted = Beside(futures, study, [pair for pair in made_good.split(",") if pair])

    def compute() -> Response:
        found = with_beside(who, compare(who, references, lang=lang), wanted)
        if as_ is None:
            return Answer(found.told)
        headers = {"Content-Disposition": f'attachment; filename="compare.{as_}"', "Cache-Control": "no-store"}
        template = office_template(who.at_work.settings.data) if as_ == "docx" else None
        making = Making(datetime.now(UTC), made_by, paper, template)
        return Response(file_of(found, as_, making), media_type=MEDIA_TYPES[as_], headers=headers)

    return await beside(compute)


@router.get(
    "/api/compare/made-good",
    dependencies=[Depends(Allow.to("read", "plan"))],
    response_model=None,
    responses=may_refuse(404, 409) | answers(MadeGoodAnswer),
)
async def without_losers(
    who: Visiting,
    beside: WithRecords,
    *,
    runs: Runs,
    minutes: Annotated[float, Query(ge=0, le=600, allow_inf_nan=False)] = LOSS_S / 60,
) -> Answer:
    """Return the fewest sites to add to the second of two schemes so that nobody loses more than so many minutes."""
    before, after = await beside(pair_of, who, references_in(runs.split(",")))
    return Answer(await to_thread.run_sync(partial(sites_added, before, after, minutes=minutes)))
