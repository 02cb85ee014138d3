"""Every kind of chart as SVG."""

from __future__ import annotations

from maps.catalogue import Lang, text
from maps.charts import frame
from maps.charts.bars import draw_bars, figure_width, figures_in, fillings, name_width
from maps.charts.curves import draw_curves
from maps.charts.scale import scale_of, told
from maps.charts.spec import Axis, Chart
from maps.svg import element, figure, width_of, words

_WIDEST_TICK = 48.0
"""Room for ticks beside an axis before they are known."""


def chart(spec: Chart, *, lang: Lang) -> str:
    """Return a chart as SVG text: the same for a page, a print and a report.

    Parameters
    ----------
    spec
        Its words are the caller's, in the language of the reader.
    lang
        Of what is added for those who cannot see it.

    Returns
    -------
    str
        An ``svg`` element with a title and a description in words; looks stand in attributes, so that no policy of a
        page keeps them out. The same chart is the same text.
    """
    drawn = _bars(spec) if spec.is_of_bars else _curves(spec)
    return element(
        "svg",
        element("title", words(spec.title)),
        element("desc", words(_description(spec, lang))),
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {figure(spec.width)} {figure(spec.height)}",
        role="img",
        class_="chart",
        font_family="Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif",
    )


def _bars(spec: Chart) -> str:
    values = figures_in(spec)
    if spec.kind == "columns":
        room = frame.room_of(spec, names=_beside(values, spec.y), ticks=4)
        scale = scale_of(values, room.bottom, room.top + 12, from_zero=True, least=spec.y.least, most=spec.y.most)
        axes, marks = frame.axis_beside(room, scale), frame.marks(spec, room, None, scale)
    else:
        room = frame.room_of(spec, names=name_width(spec), ticks=max(14.0, figure_width(spec)))
        scale = scale_of(values, room.left, room.right, from_zero=True, least=spec.x.least, most=spec.x.most)
        axes, marks = frame.axis_below(room, scale), frame.marks(spec, room, scale, None)
    parts = (axes, draw_bars(spec, room, scale), frame.borders(spec, room), marks)
    return "".join((fillings(spec), frame.heading(spec), *parts))


def _curves(spec: Chart) -> str:
    across = [x for one in spec.series for x, _ in one.points]
    upwards = [y for one in spec.series for _, y in one.points]
    room = frame.room_of(spec, names=_beside(upwards, spec.y), ticks=14)
    x = scale_of(across, room.left, room.right, from_zero=False, least=spec.x.least, most=spec.x.most)
    y = scale_of(upwards, room.bottom, room.top, from_zero=False, least=spec.y.least, most=spec.y.most)
    axes = frame.axis_below(room, x) + frame.axis_beside(room, y)
    parts = (axes, frame.borders(spec, room), frame.marks(spec, room, x, y), draw_curves(spec, x, y))
    return "".join((frame.heading(spec), *parts))


def _beside(values: list[float], axis: Axis) -> float:
    """Return the width of the widest tick that an axis upwards will have."""
    scale = scale_of(values, 200.0, 0.0, from_zero=False, least=axis.least, most=axis.most)
    return min(_WIDEST_TICK, max(width_of(told(tick, scale.decimals), frame.LETTER) for tick in scale.ticks))


def _description(spec: Chart, lang: Lang) -> str:
    """Return the figures in words."""
    held = [*spec.series, *([spec.against] if spec.against else [])]
    told_series = [_told_of(spec, place, lang) for place in range(len(held))]
    axes = [axis.label for axis in (spec.x, spec.y) if axis.label]
    return text(lang, "chart.semicolon").join([text(lang, "page.comma").join(axes), *told_series])


def _told_of(spec: Chart, place: int, lang: Lang) -> str:
    held = [*spec.series, *([spec.against] if spec.against else [])][place]
    if spec.is_of_bars:
        pairs = [
            (name, text(lang, "chart.none") if value is None else told(value, spec.decimals))
            for name, value in zip(spec.categories, held.values, strict=True)
        ]
    else:
        pairs = [(figure(x), figure(y)) for x, y in held.points]
    figures = text(lang, "page.comma").join(f"{name} {value}" for name, value in pairs)
    return text(lang, "chart.series", name=held.name, figures=figures) if held.name else figures
