"""Everything that serving needs, done before the first visitor comes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from api.settings import Settings
from layers.store import current_version
from maps.assets import ensure_assets


def prepare(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Fetch the web assets, build the default county unless one is there, compute what the page shows first.

    Parameters
    ----------
    settings
    say
        Told what is being done.
    """
    if ensure_assets():
        say("网页文件已就绪 / web assets ready")
    version = current_version(settings.data)
    warm = settings.data / "cache" / f"warm-{version}"
    if version is not None and warm.exists():
        return
    if version is None:
        from api.actions.build import build_default  # noqa: PLC0415 - slow to import, and rarely needed

        say("正在重建并导入临邑县 / reconstructing and importing Linyi …")
        version = build_default(settings).version
        warm = settings.data / "cache" / f"warm-{version}"
    say("正在计算默认方案 / computing the default plans …")
    _warm_up(settings)
    warm.parent.mkdir(parents=True, exist_ok=True)
    warm.touch()


def _warm_up(settings: Settings) -> None:
    from api.actions.info import describe_county  # noqa: PLC0415
    from api.actions.page import SHOWN  # noqa: PLC0415
    from api.actions.plan import make_plan  # noqa: PLC0415
    from api.actions.plan_question import PlanRequest  # noqa: PLC0415
    from api.actions.show import access_to  # noqa: PLC0415
    from api.actions.workplace import Workplace  # noqa: PLC0415

    at_hand = Workplace(settings).county
    describe_county(at_hand)
    for service in SHOWN:
        make_plan(at_hand, PlanRequest(service).with_defaults())
    with contextlib.suppress(KeyError):  # a county without township offices
        if at_hand.county.has("facilities"):
            access_to(at_hand, "township-office", mode="e-bike", base="resident")
