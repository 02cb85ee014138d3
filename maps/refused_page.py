"""The page that tells a browser why something was refused, and what to do."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from markupsafe import Markup

from maps.assets import STATIC
from maps.catalogue import Lang, has_text, text
from maps.office_page import Room, office_page
from maps.pages import digests

_MOST_FAULTS = 20  # on one page; nobody reads more before fixing the first
_NO_WAY_HOME = frozenset({"foreign-host"})  # the start page at this address is refused as well
_LINKS = {
    "only-local": ("/setup", "office.room-set-up"),
    "password-to-change": ("/account", "office.room-account"),
    "link-used": ("/sign-in", "doors.sign-in"),
}


class _Said(NamedTuple):
    """One fault of the input in words."""

    place: str
    words: str


def refused_page(
    lang: Lang,
    *,
    status: int,
    code: str,
    message: str,
    faults: Sequence[Mapping[str, Any]] = (),
    seconds: str = "2",
    switch: str | None = None,
) -> str:
    """Return the page, to be sent with :func:`refused_policy`.

    Parameters
    ----------
    lang
    status
        HTTP status.
    code, message
        Of the refusal, and its sentence.
    faults
        What is wrong with the input, in words: ``layer, file, row, field, value, expected, mend``.
    seconds
        How long to wait, where that helps.
    switch
        Where the language switch leads; ``None`` where asking again would do something.

    Returns
    -------
    str
        HTML.
    """
    href, label = _LINKS.get(code, ("/", "office.home"))
    return office_page(
        "refused.html",
        lang=lang,
        switch=switch,
        status=status,
        title=text(lang, _key("title", str(status))),
        message=message,
        faults=[_said(lang, fault) for fault in faults[:_MOST_FAULTS]],
        advice=text(lang, _key("do", code, str(status)), seconds=seconds),
        link=None if code in _NO_WAY_HOME else Room(href, text(lang, label)),
        styles=Markup(_styles()),  # noqa: S704 - our own file
    )


@cache
def refused_policy() -> str:
    """Return the content security policy of the page: nothing but its own style."""
    return (
        f"default-src 'none'; style-src {digests(_styles())}; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def _styles() -> str:
    return (STATIC / "css" / "office.css").read_text(encoding="utf-8")


def _key(kind: str, *codes: str) -> str:
    """Return the most particular text there is."""
    return next(key for code in (*codes, "other") if has_text(key := f"refused.{kind}-{code}"))


def _said(lang: Lang, fault: Mapping[str, Any]) -> _Said:
    row = "" if fault["row"] is None else text(lang, "refused.row", row=fault["row"])
    parts = (
        ("found", "value", "" if fault["code"] == "missing" else fault["value"]),
        ("expected", "expected", fault["expected"]),
        ("fix", "fix", fault["mend"]),
    )
    words = [text(lang, f"refused.{part}", **{name: value}) for part, name, value in parts if value]
    space = " " if lang == "en" else ""
    return _Said(" · ".join(filter(None, (fault["layer"], fault["file"], row, fault["field"]))), space.join(words))
