"""Publishing, withdrawing, and the register that everybody may read."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from api.actions.comparison.compare import Compared, compare
from api.actions.comparison.references import FIELD, TODAY, references_in
from api.actions.ground import ground_file
from api.actions.publications.counter import begin_at_publication, plan_files
from api.actions.publications.freeze import Notice, frozen_body
from api.actions.scenarios.visitor import Visitor
from api.explain import ApiError
from gis.faults import Fault, FaultsError
from layers.records.audit import Act
from layers.records.files import StoredFile
from layers.records.publication import LAYER, NewPublication, Publication
from layers.records.publications import PublicationStore
from maps.catalogue import LANGS, Lang
from planning.hearing.frozen import written
from planning.incidents.deadlines import CHINA_TIME

LONGEST_OPEN = timedelta(days=366)
"""A consultation of more than a year is a mistyped date."""
GROUND = "ground"
"""Name of the file of the ground that the map lies on, packed by gzip."""
_SLUG_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_SLUG_RANDOM = 6


@dataclass(frozen=True)
class Asked:
    """What somebody wants to publish.

    Parameters
    ----------
    runs
        Runs or scenarios (``ID@n``): first the one that is published, then what stood beside it.
    title, text
    closes_at
        Aware.
    slug
        Made of the day and some letters if empty.
    """

    runs: Sequence[str]
    title: str
    text: str
    closes_at: datetime
    slug: str = ""


def publish(who: Visitor, asked: Asked) -> Publication:
    """Freeze schemes, enter them into the register, and ask for the counter-proposals of the first.

    Parameters
    ----------
    who
    asked

    Raises
    ------
    ApiError, FaultsError
        As :func:`api.actions.comparison.schemes.schemes_of` and
        :meth:`layers.records.publications.PublicationStore.publish`; ``publication-closes-late``.
    """
    at = datetime.now(UTC).replace(microsecond=0)
    if asked.closes_at - at > LONGEST_OPEN:
        params = {"days": LONGEST_OPEN.days}
        raise FaultsError([Fault("publication-closes-late", LAYER, field="closes_at", params=params)])
    if TODAY in asked.runs:
        raise FaultsError([Fault("publication-of-today", LAYER, field=FIELD, value=TODAY)])
    runs = tuple(_pinned(who, one) for one in asked.runs)
    references = references_in([TODAY, *runs])
    compared = {lang: compare(who, references, lang=lang) for lang in LANGS}
    slug = asked.slug or _new_slug(at)
    notice = Notice(slug, asked.title.strip(), _tidy(asked.text), at, asked.closes_at)
    new = _stored(who, compared, notice, runs, plan_files(who, references[1]))
    made = PublicationStore(who.at_work.database.get()).publish(
        new, act=Act(who.actor, "publication.published", "publication")
    )
    who.at_work.published.forget(made.slug)
    return begin_at_publication(who, made)


def withdraw(who: Visitor, slug: str, reason: str) -> Publication:
    """Withdraw a publication, with the reason that everybody reads.

    Raises
    ------
    ApiError
        404 ``unknown-publication``.
    """
    act = Act(who.actor, "publication.withdrawn", "publication")
    found = PublicationStore(who.at_work.database.get()).withdraw(slug, reason, act=act)
    who.at_work.published.forget(slug)
    if found is None:
        raise ApiError(404, "unknown-publication")
    return found


def publication_told(one: Publication, *, now: datetime, heard: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Return a line of the register as JSON.

    Parameters
    ----------
    one
    now
    heard
        Number of remarks by state, for staff.
    """
    told = {
        "slug": one.slug,
        "title": one.title,
        "address": f"/p/{one.slug}",
        "stage": one.stage(now),
        "sha": one.body_sha,
        "at": one.at.isoformat(),
        "closes_at": one.closes_at.isoformat(),
        "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else None,
        "reason": one.reason,
        "counter_sha": one.counter_sha,
    }
    return told if heard is None else {**told, "remarks": dict(heard)}


def _stored(
    who: Visitor,
    compared: Mapping[Lang, Compared],
    notice: Notice,
    runs: tuple[str, ...],
    plan: Mapping[str, StoredFile],
) -> NewPublication:
    files = who.at_work.files
    body = files.put(written(frozen_body(compared, notice)), media_type="application/json")
    ground = files.put(ground_file(compared["zh"].schemes[1].at_hand), media_type="application/gzip")
    return NewPublication(
        notice.slug, notice.title, notice.text, body, notice.at, notice.closes_at, {GROUND: ground, **plan}, runs
    )


def _pinned(who: Visitor, reference: str) -> str:
    """Return a reference that no later change of a scenario makes another scheme: of the revision that counts now."""
    record = who.at_work.scenarios.get(reference, who.viewer)
    return reference if record is None else f"{record.id}@{record.head}"


def _new_slug(at: datetime) -> str:
    letters = "".join(secrets.choice(_SLUG_LETTERS) for _ in range(_SLUG_RANDOM))
    return f"{at.astimezone(CHINA_TIME):%Y%m%d}-{letters}"


def _tidy(text: str) -> str:
    return "\n".join(text.strip().splitlines())
