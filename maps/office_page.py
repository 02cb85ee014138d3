"""Pages rendered on the server that need neither a county nor a script: sign-in, people, audit, refusals."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from maps import catalogue
from maps.catalogue import Lang
from maps.pages import environment

# No script at all, whatever a name or a note may hold.
OFFICE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Room(NamedTuple):
    """One link of the bar under the header."""

    href: str
    label: str
    is_here: bool = False


class Visitor(NamedTuple):
    """Who is here, which pages they may open, whether they can sign out, list what was reported and publish."""

    name: str
    rooms: Sequence[Room] = ()
    is_signed_in: bool = False
    lists_incidents: bool = True
    account: str = ""
    publishes: bool = False


def office_page(
    template: str, *, lang: Lang, rooms: Sequence[Room] = (), switch: str | None = "", **values: Any
) -> str:
    """Return a page made of `template`, which extends ``office.html``.

    Parameters
    ----------
    template
        File in ``maps/templates``; in it ``t("key", field=…)`` gives a text.
    lang
        Language of the page.
    rooms
        Pages that the caller may open, as a bar under the header.
    switch
        Where the language switch leads, such as ``"?lang=en&page=2"``; this address and nothing else of its query if
        empty; no switch if None, as after a form that was sent.
    values
        What the template itself asks for; all of it is escaped.

    Returns
    -------
    str
        HTML, to be sent with OFFICE_POLICY.
    """
    if switch == "":
        switch = f"?lang={'en' if lang == 'zh' else 'zh'}"
    texts = partial(catalogue.text, lang)
    return environment().get_template(template).render(lang=lang, t=texts, rooms=rooms, switch=switch, **values)
