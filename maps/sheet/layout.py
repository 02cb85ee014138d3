"""How much of a sheet fits its paper: sizes in millimetres, and as many rows of a table as can be read."""

from __future__ import annotations

from dataclasses import dataclass

from maps.sheet.spec import Paper, Table

_HEADER_MM, _FOOTER_MM, _LEGEND_MM, GAP_MM = 18.0, 12.0, 36.6, 3.0
"""Of A4; on A3 as many times as its letters are larger."""
_LEAST_MAP, _MOST_MAP = 0.3, 0.46
"""Of the width of the sheet."""
_DENSITIES = ((1, 24, "roomy"), (1, 36, "dense"), (2, 36, "dense"), (3, 36, "dense"))
"""Columns of a table side by side, rows of each, and how close they stand."""
_SIDES_MM = (56.0, 56.0, 45.0, 44.0)
"""Width of chart and who is left behind beside such a table, on A4."""
SIDE_MM = _SIDES_MM[0]
_CHART_UNIT_MM = 0.19
_FRAME_MM = 0.3
LEFT_ROWS = 7
FEW_SITES = 10
"""So few leave room for a second chart."""


@dataclass(frozen=True)
class Layout:
    """Sizes of a sheet, millimetres.

    Parameters
    ----------
    paper
    letters
        Size of letters beside those on A4.
    width, height
        Of what is printed, within the margins.
    margin
    """

    paper: Paper
    letters: float
    width: float
    height: float
    margin: float

    @property
    def body_mm(self) -> float:
        """Height between header and footer."""
        return self.height - (_HEADER_MM + _FOOTER_MM) * self.letters

    @property
    def map_height(self) -> float:
        """Height of the map within its frame."""
        return self.body_mm - 2 * _FRAME_MM * self.letters

    def map_width(self, aspect: float) -> float:
        """Return the width of a map whose county is so many times as wide as high."""
        wanted = aspect * (self.map_height - 5.0) + 6.0
        return round(min(max(wanted, _LEAST_MAP * self.width), _MOST_MAP * self.width), 1)

    def panel_width(self, map_mm: float) -> float:
        """Return what is left beside map and legend."""
        return self.width - map_mm - (_LEGEND_MM + GAP_MM) * self.letters


PAPERS: dict[Paper, Layout] = {
    "A4": Layout("A4", 1.0, 281.0, 193.6, 8.0),
    "A3": Layout("A3", 1.4, 400.0, 276.6, 10.0),
}


@dataclass(frozen=True)
class Columns:
    """A table as it stands on the sheet.

    Parameters
    ----------
    head
    parts
        Rows of each part; parts stand side by side.
    density
        ``roomy`` or ``dense``.
    left_out
        Rows for which there is no room.
    side_mm
        Width that it leaves for what stands beside it, on A4.
    """

    head: tuple[str, ...]
    parts: tuple[tuple[tuple[str, ...], ...], ...]
    density: str
    left_out: int
    side_mm: float


def columns_of(table: Table) -> Columns:
    """Return a table in as many parts, and as close, as its rows need; what does not fit even so is counted."""
    count = len(table.rows)
    fitting = (k for k, (parts, rows, _) in enumerate(_DENSITIES) if parts * rows >= count)
    chosen = next(fitting, len(_DENSITIES) - 1)
    parts, rows, density = _DENSITIES[chosen]
    shown = table.rows[: parts * rows]
    wanted = (table.wide, table.narrow, table.tight)[parts - 1]
    cut = tuple(tuple(row[k] for k in wanted) for row in shown)
    each = max(1, -(-len(cut) // parts))
    halves = tuple(cut[k : k + each] for k in range(0, len(cut), each)) or ((),)
    return Columns(tuple(table.head[k] for k in wanted), halves, density, count - len(shown), _SIDES_MM[chosen])


def chart_units(width_mm: float, letters: float) -> float:
    """Return how many units wide a chart is whose letters are to be as large as those of a table."""
    return width_mm / (_CHART_UNIT_MM * letters)
