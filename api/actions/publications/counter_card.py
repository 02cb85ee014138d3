"""How far the counter-proposals of a publication are, for staff."""

from __future__ import annotations

from typing import Any

from api.actions.publications.counter import run_of
from api.actions.publications.instead_words import state_words
from api.actions.publications.published import Published
from api.actions.scenarios.visitor import Visitor
from api.runs.failures import error_words
from api.runs.view import run_view
from layers.records.run import Run
from maps.catalogue import Lang, text


def counter_told(who: Visitor, published: Published, lang: Lang) -> dict[str, Any]:
    """Return how far counter-proposals are as JSON.

    Parameters
    ----------
    who
    published
    lang

    Returns
    -------
    dict
        ``state``, ``words``, ``sha`` of their file, ``counts``: state → candidates, ``run`` as runs are told.
    """
    run = run_of(who, published.publication)
    is_waiting = run is not None and run.is_open
    return {
        "state": published.counter,
        "words": state_words(published, lang),
        "sha": published.publication.counter_sha,
        "counts": {} if run is None else run.summary.get("counts", {}),
        "run": None
        if run is None
        else run_view(run, lang=lang, place=who.at_work.runs.place(run) if is_waiting else None),
    }


def counter_card(who: Visitor, published: Published, lang: Lang) -> dict[str, Any]:
    """Return what stands on the page of a publication for staff about its counter-proposals.

    Parameters
    ----------
    who
    published
    lang
    """
    run = run_of(who, published.publication)
    return {
        "words": state_words(published, lang),
        "progress": "" if run is None or published.counter == "done" else _progress(who, run, lang),
        "sha": published.publication.counter_sha,
        "counts": [
            (text(lang, f"hearings.counter-state-{state}"), count)
            for state, count in ({} if run is None else run.summary.get("counts", {})).items()
        ],
        "may_start": published.counter in ("stopped", "not-started"),
        "may_cancel": published.counter == "computing",
    }


def _progress(who: Visitor, run: Run, lang: Lang) -> str:
    if run.state == "queued":
        place = who.at_work.runs.place(run) or 1
        return text(lang, "hearings.counter-queued", before=place - 1)
    if run.state == "running":
        told = run.progress
        if "of" not in told:
            return text(lang, "hearings.counter-begun")
        return text(lang, "hearings.counter-running", done=f"{told['done']:,}", of=f"{told['of']:,}")
    if run.state == "cancelled":
        return text(lang, "hearings.counter-cancelled")
    why = error_words(run.error or {"code": "run-failed"}, lang)["message"]
    return text(lang, "hearings.counter-stopped", why=why)
