"""The desk at which staff hear a publication: what its page shows, and how it goes on after a form was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.actions.publications.adopted import adoption_offered
from api.actions.publications.counter_card import counter_card
from api.actions.publications.published import Published
from api.actions.publications.staff_page import queue_values
from api.actions.scenarios.visitor import Visitor
from api.auth import User
from api.deps import Caller, CallerLang, RunsBeside, Visiting, WithRecords
from api.explain import ApiError
from api.forms import problems_told
from api.hearing_forms import ENTERED, Opened
from api.pages import page, rooms_for
from api.routes.published import Reading
from gis.faults import FaultsError
from maps.catalogue import Lang, text
from maps.office_page import Room

QUEUE = "#queue"
"""Where the remarks begin on the page."""


@dataclass(frozen=True)
class HearingDesk:
    """Somebody at one publication, with the remarks that they look at."""

    who: Visitor
    beside: RunsBeside
    user: User
    found: Published
    lang: Lang
    asked: Opened

    @property
    def slug(self) -> str:
        """Name of the publication in its address."""
        return self.found.publication.slug

    async def act(self, work: Callable[[], str], *, typed: Mapping[str, str] | None = None) -> Response:
        """Do what a form asks for and go back to the remarks that were looked at, or show there what is wrong.

        Parameters
        ----------
        work
            Returns what is said of it: how many remarks changed, the receipt of one that was entered, or nothing.
        typed
            Shown again where it was refused.
        """

        def answer() -> Response:
            try:
                told = work()
            except (FaultsError, ApiError) as error:
                return self._page(typed=typed, problems=problems_told(error, self.lang), status=422)
            return RedirectResponse(self.address(said=told) + QUEUE, 303)

        return await self.beside(answer)

    async def show(self) -> HTMLResponse:
        """Show the publication with its queue."""
        return await self.beside(self._page)

    def address(self, **changed: Any) -> str:
        """Return the address of the page with the remarks that are looked at."""
        query = urlencode({name: value for name, value in {**self.asked.given(), **changed}.items() if value})
        return f"/hearings/{self.slug}" + (f"?{query}" if query else "")

    def _page(
        self, *, typed: Mapping[str, str] | None = None, problems: Sequence[str] = (), status: int = 200
    ) -> HTMLResponse:
        asked = self.asked
        values = queue_values(
            self.who, self.found, asked.filter(), page=asked.page, now=datetime.now(UTC), lang=self.lang
        )
        last = values["pages"]
        query = urlencode(asked.given())
        exported = urlencode({**asked.given(), "lang": self.lang})
        shown = {
            **values,
            "asked": asked,
            "here": f"?{query}" if query else "",
            "newer": self.address(page=asked.page - 1) + QUEUE if asked.page > 1 else "",
            "older": self.address(page=asked.page + 1) + QUEUE if asked.page < last else "",
            "workbook": f"/api/publications/{self.slug}/comments.xlsx?{exported}",
            "said": "" if problems else _said(asked.said, self.lang),
            "typed": {**ENTERED, **(typed or {})},
            "problems": problems,
            "counter": counter_card(self.who, self.found, self.lang),
            "may_write": self.user.may_change("hearing"),
            "adoption": adoption_offered(self.who, self.found.publication)
            if self.user.may_change("adoption")
            else None,
        }
        other = "en" if self.lang == "zh" else "zh"
        switch = None if problems else self.address(lang=other)
        rooms = hearing_rooms(self.user, self.lang)
        return page(
            "hearings/one.html", lang=self.lang, status=status, rooms=rooms, user=self.user, switch=switch, **shown
        )


async def _desk(
    who: Visiting,
    beside: WithRecords,
    user: Caller,
    found: Reading,
    *,
    lang: CallerLang,
    asked: Annotated[Opened, Query()],
) -> HearingDesk:
    return HearingDesk(who, beside, user, found, lang, asked)


AtHearing = Annotated[HearingDesk, Depends(_desk)]


def hearing_rooms(user: User, lang: Lang) -> list[Room]:
    """Return the pages that somebody may open, from here."""
    return rooms_for(user, lang, here="/hearings")


def _said(told: str, lang: Lang) -> str:
    """Return in words what was just done."""
    return text(lang, f"hearings.{'saved' if told.isdecimal() else 'entered'}", count=told, code=told) if told else ""
