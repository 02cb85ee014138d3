"""What stands on the pages of publications and remarks for staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.actions.publications.offered import schemes_offered
from api.actions.publications.published import Published
from api.actions.publications.queue import queue_told
from api.actions.publications.reader_page import LEVELS, dates_told, day_of, moment_of, subject, subjects_of
from api.actions.scenarios.visitor import Visitor
from layers.records.hearings import HearingStore, contact_kept_until
from layers.records.publications import PublicationStore
from layers.records.remark import CHANNELS, REMARK_STATES, STANCES, RemarkFilter
from maps.catalogue import Lang, text
from maps.remark_counts import counts_in_words


def register_values(who: Visitor, *, wanted: Sequence[str], now: datetime, lang: Lang) -> dict[str, Any]:
    """Return the register with the number of remarks, and the schemes that can be published.

    Parameters
    ----------
    who
    wanted
        References of schemes that are chosen already.
    now
    lang
    """
    database = who.at_work.database.get()
    hearings = HearingStore(database)
    lines = []
    for one in PublicationStore(database).register():
        states = hearings.tally(one.slug).states
        stage = one.stage(now)
        lines.append(
            {
                "slug": one.slug,
                "title": one.title,
                "stage": stage,
                "level": LEVELS[stage],
                **dates_told(one, now=now, lang=lang),
                "total": sum(states.values()),
                "waiting": states.get("new", 0),
            }
        )
    return {"lines": lines, "offered": schemes_offered(who, wanted=wanted, lang=lang)}


def queue_values(
    who: Visitor, published: Published, wanted: RemarkFilter, *, page: int, now: datetime, lang: Lang
) -> dict[str, Any]:
    """Return one publication with a page of its queue.

    Parameters
    ----------
    who
    published
    wanted
    page
        From 1.
    now
    lang
    """
    told = queue_told(who, published, wanted, page=page, lang=lang)
    publication = published.publication
    stage = publication.stage(now)
    return {
        "publication": publication,
        "stage": stage,
        "level": LEVELS[stage],
        **dates_told(publication, now=now, lang=lang),
        "remarks": [{**one, "when": moment_of(datetime.fromisoformat(one["at"]))} for one in told["comments"]],
        "count": text(lang, "hearings.count", **{name: told[name] for name in ("total", "page", "pages")}),
        "kept_until": text(lang, "hearings.kept-until", day=day_of(contact_kept_until(publication))),
        "page": told["page"],
        "pages": told["pages"],
        "tally": _tally(told["tally"], lang),
        "states": _words("state", REMARK_STATES, lang),
        "channels": _words("channel", CHANNELS, lang),
        "stances": _words("stance", [one for one in STANCES if one], lang),
        "subjects": [
            *subjects_of(published, lang),
            *(subject(published, "village", one.id, lang) for one in published.frozen.places),
        ],
    }


def _tally(told: Mapping[str, Any], lang: Lang) -> list[tuple[str, int]]:
    counted = [one for by in ("states", "stances", "channels") for one in counts_in_words(told, by, lang)]
    return [(text(lang, "hearings.total"), told["total"]), *counted]


def _words(kind: str, codes: Sequence[str], lang: Lang) -> list[tuple[str, str]]:
    return [(code, text(lang, f"hearing.{kind}.{code}")) for code in codes]
