"""Remarks as they come in: checked against what was published, counted, kept, and found again by their receipt."""

from __future__ import annotations

import math
import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from api.actions.publications.published import Published
from api.explain import ApiError
from gis.faults import Fault, FaultsError, refuse_together
from layers.records.audit import Act, Actor
from layers.records.database import Database
from layers.records.hearings import HearingStore
from layers.records.publication import LAYER
from layers.records.remark import AboutKind, Channel, NewRemark, Remark, Stance
from layers.records.throttle import Limit, Throttle
from planning.hearing.frozen import Frozen
from planning.incidents.description import clean_text

PER_ADDRESS = Limit(30, timedelta(hours=1))
"""A village committee's one computer, at which thirty people write one after the other."""
PER_PUBLICATION = Limit(1_000, timedelta(hours=1))
"""More than a county writes in its busiest hour, and no more than its office can look through in a day."""
_LONGEST_NAME = 40
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{3,24}[0-9]")
_IPV6_HOME = 64
"""Leading bits of an IPv6 address that one home has to itself: the rest it may choose anew for each call."""


@dataclass(frozen=True)
class SaidRemark:
    """A remark as somebody sends it.

    Parameters
    ----------
    text
    about_kind, about_id
        The scheme, or a village, a site or a figure of it.
    village_id
        Where they live.
    lon, lat
    stance
    name, phone
    key
        Of the sender's making, so that what is sent twice is kept once; one is made where none is given.
    channel
    """

    text: str
    about_kind: AboutKind = "scheme"
    about_id: str = ""
    village_id: str | None = None
    lon: float | None = None
    lat: float | None = None
    stance: Stance = ""
    name: str = ""
    phone: str = ""
    key: str = ""
    channel: Channel = "web"


@dataclass(frozen=True)
class Received:
    """A remark that was kept, and the code by which its author finds it again."""

    remark: Remark
    receipt: str
    is_new: bool


def receive_public(database: Database, published: Published, said: SaidRemark, *, address: str) -> Received:
    """Keep a remark of somebody without an account.

    Parameters
    ----------
    database
    published
    said
    address
        Of the caller: it limits how often, and is kept nowhere else.

    Raises
    ------
    FaultsError
        With all that is wrong with it, or since the publication takes no more.
    ApiError
        429 ``too-many-remarks``.
    """
    new = _checked(published, said)
    slug = published.publication.slug
    limits = {f"remark from {home_of(address)}": PER_ADDRESS, f"remark on {slug}": PER_PUBLICATION}
    wait = Throttle(database).wait_for(limits, now=datetime.now(UTC))
    if wait:
        raise ApiError(429, "too-many-remarks", minutes=math.ceil(wait.total_seconds() / 60))
    act = Act(Actor(None, None, ""), "remark.received", "comment")
    remark, is_new = HearingStore(database).receive(new, act=act)
    return Received(remark, new.receipt, is_new)


def receive_entered(database: Database, published: Published, said: SaidRemark, *, actor: Actor) -> Received:
    """Keep what somebody said at a meeting, on the telephone, on paper or at a visit, as staff enter it."""
    new = _checked(published, said)
    remark, is_new = HearingStore(database).receive(new, act=Act(actor, "remark.entered", "comment"))
    return Received(remark, new.receipt, is_new)


def receipt_told(database: Database, published: Published, code: str) -> dict[str, Any]:
    """Return what became of a remark, for whoever has its receipt; what it says is not told again.

    Raises
    ------
    ApiError
        404 ``unknown-receipt``.
    """
    found = HearingStore(database).by_receipt(published.publication.slug, code)
    if found is None:
        raise ApiError(404, "unknown-receipt")
    return {
        "state": found.state,
        "at": found.at.isoformat(),
        "answer": found.answer,
        "answered_at": found.answered_at.isoformat() if found.answered_at else None,
    }


def home_of(address: str) -> str:
    """Return what is counted of an address: an IPv6 address with all others of its home."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "nowhere"
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _IPV6_HOME), strict=False))
    return str(parsed)


def _checked(published: Published, said: SaidRemark) -> NewRemark:
    """Return a remark fit to keep, or refuse it with everything that is wrong."""
    name, phone = (" ".join(unicodedata.normalize("NFKC", one).split()) for one in (said.name, said.phone))
    texts: list[str] = []

    def read_text() -> None:
        texts.append(_text(said.text))

    def look() -> None:
        if faults := list(_misfits(published.frozen, said, name, phone)):
            raise FaultsError(faults)

    refuse_together(read_text, look)
    return NewRemark(
        slug=published.publication.slug,
        key=said.key or secrets.token_urlsafe(24),
        text=texts[0],
        about_kind=said.about_kind,
        about_id=said.about_id,
        village_id=said.village_id,
        lon=said.lon,
        lat=said.lat,
        channel=said.channel,
        stance=said.stance,
        name=name,
        phone=phone,
    )


def _text(given: str) -> str:
    cleaned = clean_text(given)
    if not cleaned:
        raise FaultsError([Fault("remark-empty", LAYER, field="text")])
    return cleaned


def _misfits(frozen: Frozen, said: SaidRemark, name: str, phone: str) -> Iterator[Fault]:
    known = {"scheme": {""}, "village": frozen.place_of, "site": frozen.sites, "figure": frozen.figures}
    if said.about_id not in known[said.about_kind]:
        yield Fault("remark-about-nothing", LAYER, field="about", value=said.about_id[:80])
    if said.village_id is not None and said.village_id not in frozen.place_of:
        yield Fault("remark-unknown-village", LAYER, field="village", value=said.village_id[:80])
    if (said.lon is None) != (said.lat is None):
        yield Fault("remark-half-position", LAYER, field="lon")
    if len(name) > _LONGEST_NAME or not (name.isprintable() or not name):
        yield Fault("remark-bad-name", LAYER, field="name", params={"limit": _LONGEST_NAME})
    if phone and not _PHONE.fullmatch(phone):
        yield Fault("remark-bad-phone", LAYER, field="phone")
