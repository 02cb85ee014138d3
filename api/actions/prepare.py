"""Everything that serving needs, done before the first visitor comes."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api.actions.editions import PLANS
from api.actions.tables_at_rest import tables_at_rest
from api.explain import ApiError
from api.settings import Settings
from layers.current import current_version, is_pointer_lost
from layers.records.database_faults import DatabaseDownError
from maps.assets import ensure_assets
from maps.catalogue import Lang, text

if TYPE_CHECKING:
    from api.actions.workplace import Workplace

_KERNELS_CPU_S = 110  # measured from nothing on two cores of an AMD EPYC


def prepare(settings: Settings, *, lang: Lang, say: Callable[[str], None]) -> None:
    """Fetch the web assets, compile the kernels, build the default county unless one is there, compute its plans.

    Parameters
    ----------
    settings
    lang
        Of what is said.
    say
        Told what is being done.
    """
    if ensure_assets():
        say(text(lang, "cli.setup.web"))
    _compile(settings, lang, say)
    version = current_version(settings.data)
    if version is not None and settings.cache.has(f"warm-{version}-{PLANS}"):
        return
    if version is None and is_pointer_lost(settings.data):
        raise ApiError(503, "county-lost")  # the default county would take the place of somebody's own
    is_new = version is None
    if is_new:
        from api.actions.build import build_default  # noqa: PLC0415 - slow to import, and rarely needed

        say(text(lang, "cli.setup.county"))
        version = build_default(settings).version
    from api.actions.warm import compute_defaults  # noqa: PLC0415 - slow to import, and only after a build
    from api.actions.workplace import Workplace  # noqa: PLC0415

    at_work = Workplace(settings)
    if is_new:
        _add_examples(at_work, lang, say)
    say(text(lang, "cli.setup.plans"))
    compute_defaults(at_work.county_as_built.with_tables(tables_at_rest(settings)))
    settings.cache.mark(f"warm-{version}-{PLANS}")
    at_work.close()


def _add_examples(at_work: Workplace, lang: Lang, say: Callable[[str], None]) -> None:
    """Write the invented month, where nobody works yet: neither cases nor accounts are there."""
    from api.actions.case_files.examples import add_examples  # noqa: PLC0415 - only for a new default county
    from layers.records.accounts import AccountStore  # noqa: PLC0415

    with suppress(DatabaseDownError):  # the service says so itself, and examples are no reason not to serve
        database = at_work.database.get()
        if not AccountStore(database).is_any():
            say(text(lang, "cli.setup.examples"))
            add_examples(at_work.county, database, now=datetime.now(UTC))


def _compile(settings: Settings, lang: Lang, say: Callable[[str], None]) -> None:
    from api.actions.warm_kernels import kernels_key, warm_kernels  # noqa: PLC0415 - slow to import

    mark = f"kernels-{kernels_key()}"
    if settings.cache.has(mark):
        return
    say(text(lang, "cli.setup.kernels", seconds=_KERNELS_CPU_S))
    begun = time.monotonic()

    def tell(done: int, of: int) -> None:
        say(text(lang, "cli.setup.kernels-so-far", done=done, of=of, seconds=round(time.monotonic() - begun)))

    warm_kernels(on_progress=tell)
    settings.cache.mark(mark)
