"""The counter-proposals of a publication: a run, asked for at publication and again where that came to nothing."""

from __future__ import annotations

import logging

from api.actions.comparison.references import Reference
from api.actions.comparison.schemes import plan_of
from api.actions.publications.counter_state import CLAIM, PLAN, reason_none
from api.actions.scenarios.visitor import Visitor
from api.explain import ApiError
from api.runs.asked import content_of
from api.runs.asking import ask
from api.runs.counter_asked import CounterRequest, counter_asked
from layers.records.audit import Act
from layers.records.counter_runs import name_counter_run
from layers.records.database_faults import DatabaseDownError
from layers.records.files import StoredFile
from layers.records.publication import Publication
from layers.records.run import Run
from layers.records.runs import TooManyRunsError

_JSON = "application/json"
_LOG = logging.getLogger(__name__)


def plan_files(who: Visitor, reference: Reference) -> dict[str, StoredFile]:
    """Write the plan that is published, with its claim where it has one, as files that stay with the publication."""
    plan = plan_of(who, reference)[2]
    found = {PLAN: who.at_work.files.put(content_of(plan.answer), media_type=_JSON)}
    if plan.claim is not None:
        found[CLAIM] = who.at_work.files.put(plan.claim, media_type=_JSON)
    return found


def begin_at_publication(who: Visitor, publication: Publication) -> Publication:
    """Ask for counter-proposals of what has just been published; the publication stands where that is refused."""
    try:
        return begin(who, publication)
    except ApiError as refused:
        if refused.code != "counter-none":
            _LOG.warning("no counter-proposals of %s: %s", publication.slug, refused.code)
    except (TooManyRunsError, DatabaseDownError) as error:
        _LOG.warning("no counter-proposals of %s for now: %s", publication.slug, type(error).__name__)
    return publication


def begin(who: Visitor, publication: Publication) -> Publication:
    """Ask for counter-proposals, unless they are there or asked for.

    Parameters
    ----------
    who
    publication

    Raises
    ------
    ApiError
        409 ``counter-none`` where none are computed, 404 ``result-lost`` if a file of the plan is gone.
    TooManyRunsError
        If too many runs of the visitor wait.
    """
    at_work = who.at_work
    if publication.counter_sha is not None and at_work.files.read(publication.counter_sha) is not None:
        return publication
    run = run_of(who, publication)
    if run is not None and run.is_open:
        return publication
    if PLAN not in publication.files:
        raise ApiError(409, "counter-none")
    request = CounterRequest(publication.files[PLAN], publication.files.get(CLAIM))
    asked = counter_asked(request, at_work.files.read)
    if reason_none(publication, asked.plan.answer) is not None:
        raise ApiError(409, "counter-none")
    run = ask(at_work, at_work.county_of(asked.plan.answer), asked, who.actor)
    named = name_counter_run(at_work.database.get(), publication.slug, run.id)
    at_work.published.forget(publication.slug)  # after it: whoever reads meanwhile would hold what was
    return named


def cancel(who: Visitor, publication: Publication) -> Run | None:
    """Tell the run to end, whoever asked for it; return it as it stands then."""
    run = run_of(who, publication)
    if run is None or not run.is_open:
        return run
    act = Act(who.actor, "run.cancelled", "run")
    cancelled = who.at_work.runs.cancel(run.id, asked_by=run.asked_by, act=act)
    who.at_work.published.forget(publication.slug)
    return cancelled


def run_of(who: Visitor, publication: Publication) -> Run | None:
    """Return the run that computes the counter-proposals of a publication, whoever asked for it."""
    return None if publication.counter_run is None else who.at_work.runs.of_any(publication.counter_run)
