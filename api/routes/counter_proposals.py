"""Counter-proposals of a publication: what everybody reads of them, and how staff have them computed."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from api.actions.publications import counter
from api.actions.publications.counter_card import counter_told
from api.actions.publications.instead import counter_file_of, instead_told
from api.actions.publications.instead_words import instead_words, state_words
from api.actions.publications.published import Published
from api.answers import Answer
from api.auth import Allow, Public, guarded_router
from api.counter_views import CounterAnswer, CounterRunAnswer
from api.deps import AtDesk, AtWork, CallerLang, Visiting, WithRecords
from api.description import answers, may_refuse
from api.explain import ApiError
from api.kept_answers import keep_answer, tell
from api.routes.published import Reading, name_of

router = guarded_router()
_OPEN = [Depends(Public())]
_JSON = "application/json"
Candidate = Annotated[str, Query(max_length=100)]


@router.get(
    "/api/p/{name}/counter-proposals",
    dependencies=_OPEN,
    response_model=None,
    responses=may_refuse(404) | answers(CounterAnswer),
)
async def look(at_work: AtWork, beside: WithRecords, found: Reading, lang: CallerLang, place: Candidate = "") -> Answer:
    """Return the best plan with a site at a place, as it was computed at publication; until it is, how far that is."""
    file = await beside(counter_file_of, found, at_work.files)
    told = None if file is None or not place else instead_told(found, file, place)
    return Answer(
        {
            "state": found.counter,
            "words": state_words(found, lang),
            "sha": found.publication.counter_sha,
            "instead": None if told is None else {**told, "words": instead_words(told, lang)},
        }
    )


@router.get(
    "/api/p/{name}/counter-proposals/file",
    dependencies=_OPEN,
    response_model=None,
    response_class=Response,
    responses=may_refuse(404) | {200: {"content": {_JSON: {}}}, 304: {"description": "The browser has it already."}},
)
async def file(request: Request, at_work: AtWork, beside: WithRecords, found: Reading) -> Response:
    """Return the very bytes of all counter-proposals: their SHA-256 is the one that the publication names."""
    sha = found.publication.counter_sha
    if sha is None:
        raise ApiError(404, "counter-not-there")
    content = await beside(at_work.files.read, sha)
    if content is None:
        raise ApiError(503, "counter-lost")
    return tell(request, await beside(partial(keep_answer, content, _JSON)))


@router.get(
    "/api/publications/{name}/counter-proposals",
    dependencies=[Depends(Allow.to("read", "publication"))],
    response_model=None,
    responses=may_refuse(404) | answers(CounterRunAnswer),
)
async def progress(who: Visiting, beside: WithRecords, found: Reading, lang: CallerLang) -> Answer:
    """Return how far the counter-proposals of a publication are."""
    return Answer(await beside(counter_told, who, found, lang))


@router.post(
    "/api/publications/{name}/counter-proposals",
    status_code=202,
    dependencies=[Depends(Allow.to("write", "publication"))],
    response_model=None,
    responses=may_refuse(404, 409, 429) | answers(CounterRunAnswer, 200, 202),
)
async def begin(desk: AtDesk, who: Visiting, found: Reading) -> Answer:
    """Have them computed where that was not done or came to nothing: 200 where they are there, else 202."""

    def work() -> dict[str, Any]:
        counter.begin(who, found.publication)
        desk.worker.look()
        return _told(who, found, desk.lang)

    told = await desk.beside(work)
    return Answer(told, status_code=200 if told["state"] == "done" else 202)


@router.delete(
    "/api/publications/{name}/counter-proposals",
    dependencies=[Depends(Allow.to("write", "publication"))],
    response_model=None,
    responses=may_refuse(404) | answers(CounterRunAnswer),
)
async def cancel(desk: AtDesk, who: Visiting, found: Reading) -> Answer:
    """Stop computing them; one that has ended stays as it is."""

    def work() -> dict[str, Any]:
        run = counter.cancel(who, found.publication)
        if run is not None:
            desk.worker.cancel(run)
        return _told(who, found, desk.lang)

    return Answer(await desk.beside(work))


def _told(who: Visiting, found: Published, lang: CallerLang) -> dict[str, Any]:
    return counter_told(who, who.at_work.published.look(name_of(found)), lang)
