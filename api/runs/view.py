"""A run as people and programs read it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from api.actions.frontier_chart import with_chart
from api.actions.futures_words import with_futures_words
from api.reasons import with_words
from api.runs.failures import error_words
from layers.records.files import FileStore
from layers.records.run import Run
from maps.catalogue import Lang

_LOST = {"code": "result-lost"}


def run_view(run: Run, *, lang: Lang, place: int | None = None) -> dict[str, Any]:
    """Return a run as JSON, without its result.

    Parameters
    ----------
    run
    lang
        Of its error.
    place
        In the queue, while it waits.
    """
    return {
        "id": run.id,
        "kind": run.kind,
        "service": run.question.get("asked", {}).get("service"),  # of a plan; a study names the plan that it is of
        "state": run.state,
        "lane": run.lane,
        "place": place,
        "asked_at": run.asked_at.isoformat(),
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "elapsed_s": round(_elapsed_s(run), 2),
        "attempts": run.attempts,
        "county_version": run.county_version,
        "scenario": {"id": run.scenario_id, "revision": run.scenario_n} if run.scenario_id else None,
        "progress": dict(run.progress),
        "error": error_words(run.error, lang) if run.error else None,
    }


def run_with_result(run: Run, files: FileStore, *, lang: Lang, place: int | None = None) -> dict[str, Any]:
    """Return a run as JSON with its result; where the result's file is lost, with that as its error.

    Parameters
    ----------
    run
    files
    lang
    place
    """
    told = run_view(run, lang=lang, place=place)
    result = result_of_run(run, files)
    is_lost = run.result_sha is not None and result is None
    shown = None if result is None else with_futures_words(with_chart(with_words(result, lang), lang), lang)
    return {**told, "error": error_words(_LOST, lang) if is_lost else told["error"], "result": shown}


def result_of_run(run: Run, files: FileStore) -> dict[str, Any] | None:
    """Return what a run came to, ``None`` if there is nothing or its file is lost."""
    content = files.read(run.result_sha)
    return None if content is None else dict(json.loads(content))


def _elapsed_s(run: Run) -> float:
    """Return the seconds that a run was computed, or has been so far."""
    if run.started_at is None or (run.state == "queued"):
        return 0.0
    return max(0.0, ((run.ended_at or datetime.now(UTC)) - run.started_at).total_seconds())
