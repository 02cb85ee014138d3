"""What a chart shows: its kind, its axes and its series, in the words of whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["columns", "rows", "lines", "steps", "points"]


@dataclass(frozen=True)
class Axis:
    """An axis.

    Parameters
    ----------
    label
        What it measures, with its unit.
    least, most
        Where it begins and ends at least; by the figures if not given.
    """

    label: str
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Series:
    """Figures that belong together.

    Parameters
    ----------
    name
    values
        For bars: one a category, ``None`` where there is none.
    points
        For all else: (x, y) in the order in which they are joined.
    colours
        For bars: one a category, as of classes; the series' own if empty.
    hatched
        For bars: categories that are no class of the rest, such as those without a way.
    hollow
        For points: places of those that are less sure than the others.
    label
        For points: words beside each of them.
    """

    name: str
    values: tuple[float | None, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    colours: tuple[str, ...] = ()
    hatched: tuple[int, ...] = ()
    hollow: tuple[int, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Mark:
    """A line across the chart at a figure of an axis, such as a limit."""

    axis: Literal["x", "y"]
    value: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A chart.

    Parameters
    ----------
    title
    kind
        ``columns`` and ``rows`` are bars upwards and across, with categories; ``lines``, ``steps`` and ``points`` have
        figures on both axes.
    x, y
        Axes as they lie: across and upwards. That of the categories may have an empty label.
    series
    categories
        Of bars, in order.
    against
        For bars: a figure to hold each category against, drawn as a line beside its bars, such as a capacity.
    marks
        Lines across the whole chart.
    figures
        Whether bars carry their figures.
    decimals
        Of figures at bars.
    width, height
        In the chart's own units; letters are 11 of them high.
    """

    title: str
    kind: Kind
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    categories: tuple[str, ...] = ()
    against: Series | None = None
    marks: tuple[Mark, ...] = ()
    figures: bool = True
    decimals: int = 0
    width: float = 340
    height: float = 230

    @property
    def is_of_bars(self) -> bool:
        """Whether one of its axes carries categories."""
        return self.kind in ("columns", "rows")
