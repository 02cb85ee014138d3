"""Asking: the run that is there, an answer that is there, or a new run in its lane."""

from __future__ import annotations

from api.actions.open_county import OpenCounty
from api.actions.workplace import Workplace
from api.explain import ApiError
from api.runs.asked import Asked
from api.runs.computing import result_of
from layers.records.audit import Act, Actor
from layers.records.run import Question, Result, RevisionKey, Run


def county_to_ask(at_work: Workplace, version: str | None = None) -> OpenCounty:
    """Return a county under the tables in force, for a question that will be answered by them.

    Parameters
    ----------
    at_work
    version
        An earlier build, as scenarios pin one; the current one if not given.

    Raises
    ------
    ApiError
        503 ``tables-unread`` while it is not known which tables are in force; 503 also if there is no county.
    FaultsError
        If the build cannot be read, or is gone.
    """
    at_hand = at_work.county_to_ask if version is None else at_work.build_to_ask(version)
    if not at_hand.tables.are_read:
        raise ApiError(503, "tables-unread", reason="silent")
    return at_hand


def build_to_ask(at_work: Workplace, build: str | None) -> OpenCounty:
    """Return a build of the county that is served, the current one if none is named; else as ``county_to_ask``.

    Raises
    ------
    FaultsError
        ``other-county`` if the build is of another county.
    """
    return county_to_ask(at_work, None if build is None else at_work.build_of_county(build).county.version)


def ask(
    at_work: Workplace, at_hand: OpenCounty, asked: Asked, actor: Actor, *, revision: RevisionKey | None = None
) -> Run:
    """Return the caller's run for a question.

    Parameters
    ----------
    at_work
    at_hand
        The county that it is about.
    asked
        Checked by the caller.
    actor
        Who asks.
    revision
        The revision of a scenario that asks, if one does.

    Raises
    ------
    TooManyRunsError
        If it would have to wait and too many of this asker do.
    DatabaseDownError
        If it cannot be kept.
    """
    question, runs, files = asked.question(at_hand), at_work.runs, at_work.files

    def enough(run: Run) -> bool:
        has_claim = run.claim_sha is None or files.path_of(run.claim_sha).exists()
        return asked.enough(run.summary) and has_claim and files.read(run.result_sha) is not None

    mine = runs.latest(question, asked_by=actor.account_id, revision=revision)
    is_mine = mine is not None and (mine.is_open or (mine.state == "done" and enough(mine)))
    result = None if is_mine else _known(at_work, at_hand, asked, question)
    of_scenario = {"scenario": revision.scenario_id, "n": revision.n} if revision else {}
    act = Act(actor, f"{question.kind}.asked", "run", detail={"question": question.id, **of_scenario})
    return runs.ask(question, asked_by=actor.account_id, act=act, result=result, enough=enough, revision=revision)


def _known(at_work: Workplace, at_hand: OpenCounty, asked: Asked, question: Question) -> Result | None:
    """Return an answer that is there already: of anybody's run, or kept by set-up or the command line."""
    for run in at_work.runs.answered(question):
        result = _result_of(at_work, run) if asked.enough(run.summary) else None
        if result is not None:
            return result
    made = asked.kept(at_hand)
    return result_of(at_work.files, made) if made is not None and asked.enough(made.summary) else None


def _result_of(at_work: Workplace, run: Run) -> Result | None:
    """Return the result of another run, ``None`` if one of its files is lost."""
    files = at_work.files
    answer, claim = files.read(run.result_sha), files.read(run.claim_sha)
    if answer is None or (claim is None and run.claim_sha is not None):
        return None
    kind = "application/json"
    stored = None if claim is None else files.put(claim, media_type=kind)
    return Result(files.put(answer, media_type=kind), stored, run.summary)
