"""Everything that serving needs, done before the first visitor comes."""

from __future__ import annotations

import time
from collections.abc import Callable

from api.actions.editions import PLANS
from api.actions.tables_at_rest import tables_at_rest
from api.explain import ApiError
from api.settings import Settings
from layers.current import current_version, is_pointer_lost
from maps.assets import ensure_assets
from maps.catalogue import Lang, text

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
    if version is None:
        from api.actions.build import build_default  # noqa: PLC0415 - slow to import, and rarely needed

        say(text(lang, "cli.setup.county"))
        version = build_default(settings).version
    from api.actions.warm import compute_defaults  # noqa: PLC0415 - slow to import, and only after a build
    from api.actions.workplace import Workplace  # noqa: PLC0415

    say(text(lang, "cli.setup.plans"))
    compute_defaults(Workplace(settings).county_as_built.with_tables(tables_at_rest(settings)))
    settings.cache.mark(f"warm-{version}-{PLANS}")


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
