"""Charts as SVG: one function draws every kind of them, for page, print and report alike."""

from maps.charts.draw import chart
from maps.charts.spec import Axis, Chart, Mark, Series

__all__ = ["Axis", "Chart", "Mark", "Series", "chart"]
