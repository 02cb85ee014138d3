"""A message as it leaves: whom it reaches and what it says, both looked up at the last moment."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from api.actions.show import township_names
from api.actions.workplace import Workplace
from api.explain import ApiError
from api.messages.words import Names, addressee, body_of
from gis.faults import FaultsError
from layers.records.notice_rows import SMS
from layers.records.outbox import Message
from layers.records.secret_values import secrets_of
from layers.records.staff_tables import person as person_table
from maps.catalogue import Lang, has_text, text
from planning.incidents.notices import APPLICANT


@dataclass(frozen=True)
class Addressed:
    """What the courier takes along.

    Parameters
    ----------
    title, body
    phone
        Empty but for text messages.
    """

    title: str
    body: str
    phone: str = ""


def addressed(at_work: Workplace, message: Message) -> Addressed | None:
    """Return a message as it leaves, ``None`` if it can reach nobody any more: the number was erased.

    Raises
    ------
    DatabaseDownError
        If the records cannot be asked.
    """
    lang: Lang = at_work.settings.lang
    with at_work.database.get().reading() as connection:
        known = _person(connection, message.to_ref)
    is_for_one = message.channel == SMS
    phone = known.get("phone", "")
    if is_for_one and not phone:
        return None
    names = _names(at_work, lang)
    to = (
        ""
        if is_for_one
        else addressee(message.to_ref, message.template, names=names, person=known.get("name", ""), lang=lang)
    )
    body = body_of(message.template, message.data, names=names, to=to, lang=lang)
    return Addressed(text(lang, "outgoing.title"), body, phone if is_for_one else "")


def _person(connection: Connection, to_ref: str) -> dict[str, str]:
    """Return name and telephone behind a reference, as far as they are kept."""
    kind, _, name = to_ref.partition(":")
    if kind == APPLICANT:
        return secrets_of(connection, "incident", [name], fields=("phone",)).get(name, {})
    if kind == "account":
        name = connection.scalar(select(person_table.c.id).where(person_table.c.account_id == name).limit(1)) or ""
    elif kind != "person":
        return {}
    return secrets_of(connection, "person", [name], fields=("name", "phone")).get(name, {})


def _names(at_work: Workplace, lang: Lang) -> Names:
    """Return what codes are called in the county that is served; without one they are called as they are."""
    try:
        county = at_work.county
    except (ApiError, FaultsError):
        return Names(lambda code: _category(code, lang), lambda code: code)
    places, named = township_names(county), county.tables.category_names
    return Names(
        lambda code: named.get(code, {}).get(lang) or _category(code, lang), lambda code: places.get(code, code)
    )


def _category(code: str, lang: Lang) -> str:
    key = f"incident.category.{code}"
    return text(lang, key) if has_text(key) else code
