"""What routes ask for: the workplace, the jobs, the caller's language."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from api.actions.workplace import Workplace
from api.errors import caller_lang
from api.jobs import Jobs
from maps.catalogue import Lang


def _workplace(request: Request) -> Workplace:
    return cast("Workplace", request.app.state.workplace)


def _jobs(request: Request) -> Jobs:
    return cast("Jobs", request.app.state.jobs)


AtWork = Annotated[Workplace, Depends(_workplace)]
Background = Annotated[Jobs, Depends(_jobs)]
CallerLang = Annotated[Lang, Depends(caller_lang)]
