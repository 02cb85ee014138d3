"""Options of the command line that put conditions on a plan."""

from __future__ import annotations

from typing import Annotated

import typer


def places(given: list[str] | None) -> list[str]:
    """Return the ids and names of options that may be repeated and may each list several, after any comma."""
    words = [word.strip() for one in given or () for word in one.translate(_COMMAS).split(",")]
    return [word for word in words if word]


_COMMAS = str.maketrans(",、", ",,")
Places = list[str] | None
Keep = Annotated[Places, typer.Option(help="既有:保留的村,编号或村名,逗号分隔 / stands and stays: ids or names")]
Must = Annotated[Places, typer.Option(help="必选 / opened in any case")]
Never = Annotated[Places, typer.Option(help="排除 / never opened")]
Closable = Annotated[Places, typer.Option(help="现有、可关闭 / stands today, may be closed")]
Township = Annotated[
    list[str] | None, typer.Option(metavar="NAME=LEAST..MOST", help="乡镇设点数上下限 / sites in a township")
]
EveryTownship = Annotated[int | None, typer.Option(min=0, help="每个乡镇至少几处 / sites in each township, at least")]
Separation = Annotated[float | None, typer.Option(min=0, help="设点间最小直线距离,公里 / km between two sites")]
MaxTime = Annotated[float | None, typer.Option(min=0.1, help="任何人最长用时,分钟 / minutes for everyone, at most")]
Capacity = Annotated[int | None, typer.Option(min=1, help="每处容量:养老中心为床位 / capacity of each site, in beds")]
Split = Annotated[bool, typer.Option("--split", help="一个村可分到几处 / a village may be divided")]
Budget = Annotated[int | None, typer.Option(min=0, help="预算,元 / yuan to spend")]
OpeningCost = Annotated[int | None, typer.Option(min=0, help="新建一处,元 / yuan to open a site")]
ClosingCost = Annotated[int | None, typer.Option(min=0, help="关闭一处,元 / yuan to close a site")]
Centres = Annotated[int | None, typer.Option(min=1, help="两级中的中心数 / centres, in the upper of two tiers")]
