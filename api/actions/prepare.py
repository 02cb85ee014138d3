"""Everything that serving needs, done before the first visitor comes."""

from __future__ import annotations

import time
from collections.abc import Callable

from api.settings import Settings
from layers.current import current_version
from maps.assets import ensure_assets

_KERNELS_CPU_S = 110  # measured from nothing on two cores of an AMD EPYC


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
    warm = settings.data / "cache" / f"warm-{version}"
    if version is not None and warm.exists():
        return
    if version is None:
        from api.actions.build import build_default  # noqa: PLC0415 - slow to import, and rarely needed

        say("正在重建并导入临邑县 / reconstructing and importing Linyi …")
        version = build_default(settings).version
        warm = settings.data / "cache" / f"warm-{version}"
    from api.actions.warm import compute_defaults  # noqa: PLC0415 - slow to import, and only after a build
    from api.actions.workplace import Workplace  # noqa: PLC0415

    say("正在计算默认方案 / computing the default plans …")
    compute_defaults(Workplace(settings))
    warm.parent.mkdir(parents=True, exist_ok=True)
    warm.touch()


def _compile(settings: Settings, say: Callable[[str], None]) -> None:
    from api.actions.warm_kernels import kernels_key, warm_kernels  # noqa: PLC0415 - slow to import

    mark = settings.data / "cache" / f"kernels-{kernels_key()}"
    if mark.exists():
        return
    say(
        f"正在编译计算核心,只需一次,约 {_KERNELS_CPU_S} 秒处理器时间 / "
        f"compiling the kernels, only once, about {_KERNELS_CPU_S} seconds of processor time …"
    )
    begun = time.monotonic()
    warm_kernels(
        on_progress=lambda done, of: say(
            f"  {done}/{of}  已用 {(s := round(time.monotonic() - begun))} 秒 / {s} s so far"
        )
    )
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
