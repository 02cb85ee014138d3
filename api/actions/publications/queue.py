"""The queue of remarks: looked through, shown or hidden, answered, erased, counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.actions.publications.published import Published
from api.actions.scenarios.visitor import Visitor
from api.explain import ApiError
from gis.faults import Fault, FaultsError
from layers.records.audit import Act
from layers.records.conflicts import ConflictError
from layers.records.hearings import HearingStore
from layers.records.publication import LAYER
from layers.records.remark import MAX_ANSWER_CHARACTERS, Decision, Remark, RemarkFilter, RemarkTally
from maps.catalogue import Lang, text
from planning.hearing.homes import mask_homes
from planning.incidents.description import clean_text

PER_PAGE = 50
"""Remarks on one page of the queue."""


def queue_told(who: Visitor, published: Published, wanted: RemarkFilter, *, page: int, lang: Lang) -> dict[str, Any]:
    """Return a page of the queue, the latest first, without who said it.

    Parameters
    ----------
    who
    published
    wanted
    page
        From 1.
    lang
        Of what remarks are about.
    """
    slug, store = published.publication.slug, _store(who)
    names = who.names()
    found = store.find(slug, wanted, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    total = store.count(slug, wanted)
    return {
        "page": page,
        "pages": max(1, -(-total // PER_PAGE)),
        "total": total,
        "comments": [remark_told(published, one, names, lang) for one in found],
        "tally": tally_told(published, store.tally(slug), lang),
    }


def remark_with_person(who: Visitor, published: Published, remark_id: str, *, lang: Lang) -> dict[str, Any]:
    """Return a remark with who said it; that it was looked at is recorded.

    Raises
    ------
    ApiError
        404 ``unknown-remark``.
    """
    act = Act(who.actor, "remark.opened", "comment")
    found = _store(who).with_person(published.publication.slug, remark_id, act=act)
    if found is None:
        raise ApiError(404, "unknown-remark")
    return {**remark_told(published, found, who.names(), lang), "name": found.name, "phone": found.phone}


def decide(who: Visitor, published: Published, decisions: list[Decision]) -> list[Remark]:
    """Show, hide or answer remarks, all of them or none.

    Returns
    -------
    list of Remark
        Those that were changed.

    Raises
    ------
    FaultsError
        With ``row`` for each, counted from 1.
    """
    tidy, faults = [], []
    for number, one in enumerate(decisions, start=1):
        try:
            tidy.append(Decision(one.id, one.state, answer_fit(one.answer), one.version))
        except FaultsError as error:
            faults += [Fault(f.code, LAYER, row=number, field="answer", params=f.params) for f in error.faults]
    if faults:
        raise FaultsError(faults)
    slug = published.publication.slug
    changed = _store(who).decide(slug, tidy, act=Act(who.actor, "remark.decided", "comment"))
    who.at_work.published.forget(slug)
    return changed


def decide_one(who: Visitor, published: Published, decision: Decision, *, lang: Lang) -> dict[str, Any]:
    """Show, hide or answer one remark, and return it as it stands then.

    Raises
    ------
    ApiError
        404 ``unknown-remark``.
    ConflictError
        ``remark-moved-on`` if somebody else has changed it since.
    """
    try:
        decide(who, published, [decision])
    except FaultsError as error:
        codes = {one.code for one in error.faults}
        if "unknown-remark" in codes:
            raise ApiError(404, "unknown-remark") from None
        faults = [replace(one, row=None) for one in error.faults]
        raise (ConflictError if codes == {"remark-moved-on"} else FaultsError)(faults) from None
    found = _store(who).get(published.publication.slug, decision.id)
    if found is None:
        raise ApiError(404, "unknown-remark")
    return remark_told(published, found, who.names(), lang)


def answer_fit(answer: str) -> str:
    """Return an answer without the numbers of persons: everybody may read it.

    Raises
    ------
    FaultsError
        ``text-too-long``, ``text-control-character``.
    """
    cleaned = clean_text(answer)
    if len(cleaned) > MAX_ANSWER_CHARACTERS:
        limit = {"limit": MAX_ANSWER_CHARACTERS, "count": len(cleaned)}
        raise FaultsError([Fault("text-too-long", LAYER, field="answer", params=limit)])
    return cleaned


def erase(who: Visitor, published: Published, remark_id: str, *, lang: Lang) -> dict[str, Any]:
    """Erase what was said and who said it.

    Raises
    ------
    ApiError
        404 ``unknown-remark``.
    """
    slug = published.publication.slug
    found = _store(who).erase(slug, remark_id, act=Act(who.actor, "remark.erased", "comment"))
    if found is None:
        raise ApiError(404, "unknown-remark")
    who.at_work.published.forget(slug)
    return remark_told(published, found, who.names(), lang)


def remark_told(published: Published, one: Remark, names: Mapping[str, str], lang: Lang) -> dict[str, Any]:
    """Return a remark as staff read it.

    Parameters
    ----------
    published
    one
    names
        What accounts are called.
    lang
    """
    return {
        "id": one.id,
        "at": one.at.isoformat(),
        "about": {"kind": one.about_kind, "id": one.about_id, "name": about_words(published, one, lang)},
        "village": village_words(published, one),
        "lon": one.lon,
        "lat": one.lat,
        "channel": one.channel,
        "stance": one.stance,
        "state": one.state,
        "text": one.text,
        "erased": one.text is None,
        "entered_by": names.get(one.by_id or "", ""),
        "answer": one.answer,
        "answered_by": names.get(one.answered_by or "", ""),
        "answered_at": one.answered_at.isoformat() if one.answered_at else None,
        "version": one.version,
    }


def remark_shown(published: Published, one: Remark, lang: Lang) -> dict[str, Any]:
    """Return a remark as everybody reads it: without who said it and where they live."""
    return {
        "at": one.at.isoformat(),
        "about": about_words(published, one, lang),
        "stance": one.stance,
        "text": mask_homes(one.text or ""),
        "answer": one.answer,
        "answered_at": one.answered_at.isoformat() if one.answered_at else None,
    }


def about_words(published: Published, one: Remark, lang: Lang) -> str:
    """Return what a remark is about, by name."""
    return subject_words(published, one.about_kind, one.about_id, lang)


def subject_words(published: Published, kind: str, id_: str, lang: Lang) -> str:
    """Return what something of a publication is called."""
    frozen = published.frozen
    if kind == "village" and id_ in frozen.place_of:
        return _place_words(published, id_)
    if kind == "site" and id_ in frozen.sites:
        return str(frozen.sites[id_]["name"] or id_)
    if kind == "figure":
        return next((str(one["name"][lang]) for one in frozen.body["measures"] if one["code"] == id_), id_)
    return text(lang, "hearing.about.scheme")


def village_words(published: Published, one: Remark) -> str:
    """Return where somebody lives, as far as they say so: the village, never more."""
    return _place_words(published, one.village_id) if one.village_id in published.frozen.place_of else ""


def tally_told(published: Published, tally: RemarkTally, lang: Lang) -> dict[str, Any]:
    """Return the tally as JSON, for the queue and for a report.

    Parameters
    ----------
    published
    tally
    lang
        Of what remarks are about.
    """
    return {
        "total": tally.total,
        "answered": tally.answered,
        "states": dict(tally.states),
        "channels": dict(tally.channels),
        "stances": dict(tally.stances),
        "subjects": [
            {"kind": kind, "id": id_, "name": subject_words(published, kind, id_, lang), "count": count}
            for (kind, id_), count in tally.subjects.items()
        ],
    }


def _place_words(published: Published, id_: str | None) -> str:
    place = published.frozen.place_of[id_ or ""]
    return " ".join(filter(None, (place.township, place.name)))


def _store(who: Visitor) -> HearingStore:
    return HearingStore(who.at_work.database.get())
