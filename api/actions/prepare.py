"""Everything that serving needs, done before the first visitor comes."""

from __future__ import annotations

from collections.abc import Callable

from api.explain import ApiError
from api.settings import Settings
from layers.current import current_version, is_pointer_lost
from maps.assets import ensure_assets


def prepare(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Fetch the web assets, compile the kernels, build the default county unless one is there, compute its plans.

    Parameters
    ----------
    settings
    say
        Told what is being done.
    """
    if ensure_assets():
        say("网页文件已就绪 / web assets ready")
    _compile(settings, say)
    version = current_version(settings.data)
    if version is not None and settings.cache.has(f"warm-{version}"):
        return
    if version is None and is_pointer_lost(settings.data):
        raise ApiError(503, "county-lost")  # the default county would take the place of somebody's own
    if version is None:
        from api.actions.build import build_default  # noqa: PLC0415 - slow to import, and rarely needed

        say("正在重建并导入临邑县 / reconstructing and importing Linyi …")
        version = build_default(settings).version
    from api.actions.warm import compute_defaults  # noqa: PLC0415 - slow to import, and only after a build
    from api.actions.workplace import Workplace  # noqa: PLC0415

    say("正在计算默认方案 / computing the default plans …")
    compute_defaults(Workplace(settings))
    settings.cache.mark(f"warm-{version}")


def _compile(settings: Settings, say: Callable[[str], None]) -> None:
    from api.actions.warm_kernels import kernels_key, warm_kernels  # noqa: PLC0415 - slow to import

    mark = f"kernels-{kernels_key()}"
    if settings.cache.has(mark):
        return
    say("正在编译计算核心,约需一分钟 / compiling the kernels, about a minute …")
    warm_kernels()
    settings.cache.mark(mark)
