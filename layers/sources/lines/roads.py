"""Roads of a line layer: turned into the direction of travel, joined on request, told of what is not joined."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.faults import Fault, Param
from gis.travel_modes import VEHICLES
from layers.county_spec import LayerSpec
from layers.sources.lines.noding import (
    Meetings,
    chains_of_ways,
    find_meetings,
    join_lines,
    joined_ways,
)
from layers.sources.lines.plane import LinePlane, plane_of_lines
from layers.sources.ways import Ways, ways_from_lines

LOOSE_M = 1.0
"""Ends this near to another line are told of; no two roads lie so near each other."""
_PLACES_SHOWN = 3
_TURNED = {"forward": "backward", "backward": "forward"}


def roads_from_lines(
    lines: NDArray[np.object_], attributes: pd.DataFrame, rows: NDArray[np.int64], *, spec: LayerSpec, crs: str
) -> tuple[Ways, list[Fault]]:
    """Turn the lines of a layer into ways.

    Parameters
    ----------
    lines : (n,) LineStrings or MultiLineStrings
        Degrees, WGS-84, in the direction of travel.
    attributes : (n,) rows
    rows : (n,) int64
        Rows of the file.
    spec
        ``noding`` and ``tolerance_m``.
    crs
        Of the file.

    Returns
    -------
    Ways
    list of Fault
        Warnings ``crossings-without-node``, ``ends-without-node`` and ``gaps-between-ends``, or with
        ``noding`` the note ``lines-joined`` and the warning ``ends-still-apart``; notes on lines
        without length, lines that stand twice and lines that cross on different levels.
    """
    ways = ways_from_lines(lines, attributes.assign(row=rows))
    faults = [*_odd_lines(ways, spec)]
    plane = plane_of_lines(ways.lon, ways.lat, crs=crs, datum=spec.datum)
    chains = chains_of_ways(ways, plane)
    if spec.noding:
        joined, origin, met = join_lines(chains, tolerance_m=spec.tolerance_m)
        faults += _joined(met, spec)
        left = find_meetings(joined, tolerance_m=max(LOOSE_M, spec.tolerance_m))
        faults += _left(left, plane, spec)
        ways = joined_ways(ways, plane, joined, origin)
    else:
        met = find_meetings(chains, tolerance_m=LOOSE_M)
        faults += _not_joined(met, plane, spec)
    if len(met.apart):
        params: dict[str, Param] = {"count": len(met.apart)}
        value = places_in_words(met.apart, plane)
        faults.append(Fault("crossings-apart", spec.name, spec.file, value=value, severity="note", params=params))
    kept = ways.attributes.drop(columns=["row", "level"], errors="ignore")
    return Ways(ways.node, ways.lon, ways.lat, ways.start, kept), faults


def turn_lines(
    lines: NDArray[np.object_], attributes: pd.DataFrame, is_against: NDArray[np.bool_]
) -> tuple[NDArray[np.object_], pd.DataFrame]:
    """Turn round the lines of one-way roads whose traffic goes against them.

    Parameters
    ----------
    lines : (n,) LineStrings or MultiLineStrings
    attributes : (n,) rows
        Speeds and vehicles by direction turn with the line.
    is_against : (n,) bool

    Returns
    -------
    lines : (n,)
    attributes : (n,) rows
    """
    if not is_against.any():
        return lines, attributes
    lines, turned = lines.copy(), attributes.copy()
    lines[is_against] = shapely.reverse(lines[is_against])
    for vehicle in VEHICLES:
        if vehicle in turned:
            turned[vehicle] = turned[vehicle].mask(is_against, turned[vehicle].replace(_TURNED))
    if "speed_kmh" in turned and "speed_back_kmh" in turned:
        along, back = turned["speed_kmh"], turned["speed_back_kmh"]
        turned["speed_kmh"] = along.mask(is_against & back.notna().to_numpy(), back)
        turned["speed_back_kmh"] = back.mask(is_against & back.notna().to_numpy(), along)
    return lines, turned


def places_in_words(xy: NDArray[np.float64], plane: LinePlane) -> str:
    """Return the first places as longitude and latitude."""
    lon, lat = plane.degrees(xy[:_PLACES_SHOWN])
    text = "; ".join(f"{x:.6f}, {y:.6f}" for x, y in zip(lon, lat, strict=True))
    return text + ("; …" if len(xy) > _PLACES_SHOWN else "")


def _odd_lines(ways: Ways, spec: LayerSpec) -> Iterator[Fault]:
    """Note lines without length, which are left out, and lines that stand twice, which stay."""
    rows = ways.attributes["row"].to_numpy(np.int64)
    steps = np.concatenate([[0], np.cumsum(np.diff(ways.node) != 0)])
    has_length = steps[ways.start[1:] - 1] > steps[ways.start[:-1]]
    if not has_length.all():
        params: dict[str, Param] = {"count": int((~has_length).sum())}
        row = int(rows[np.argmin(has_length)])
        yield Fault("lines-without-length", spec.name, spec.file, row, "geometry", severity="note", params=params)
    seen: dict[bytes, int] = {}
    again = []
    for k in np.flatnonzero(has_length):
        own = ways.node[ways.start[k] : ways.start[k + 1]]
        key = min(own.tobytes(), own[::-1].tobytes())
        if seen.setdefault(key, int(k)) != k:
            again.append(int(k))
    if again:
        params = {"count": len(again)}
        yield Fault(
            "lines-twice", spec.name, spec.file, int(rows[again[0]]), "geometry", severity="note", params=params
        )


def _not_joined(met: Meetings, plane: LinePlane, spec: LayerSpec) -> Iterator[Fault]:
    details = {"layer": spec.name, "file": spec.file, "field": "geometry", "severity": "warning"}
    limits: dict[str, Param] = {"metres": LOOSE_M}
    if count := len(met.crossings):
        value = places_in_words(met.crossings, plane)
        yield Fault("crossings-without-node", value=value, params={"count": count}, **details)  # type: ignore[arg-type]
    if count := len(met.ends):
        value = places_in_words(met.ends, plane)
        yield Fault("ends-without-node", value=value, params={"count": count, **limits}, **details)  # type: ignore[arg-type]
    if count := len(met.gaps):
        value = places_in_words(met.gaps, plane)
        yield Fault("gaps-between-ends", value=value, params={"count": count, **limits}, **details)  # type: ignore[arg-type]


def _joined(met: Meetings, spec: LayerSpec) -> Iterator[Fault]:
    params: dict[str, Param] = {"crossings": len(met.crossings), "ends": len(met.ends), "gaps": len(met.gaps)}
    params |= {"metres": spec.tolerance_m}
    value = str(len(met.crossings) + len(met.ends) + len(met.gaps))
    yield Fault("lines-joined", spec.name, spec.file, None, "geometry", value, severity="note", params=params)


def _left(left: Meetings, plane: LinePlane, spec: LayerSpec) -> Iterator[Fault]:
    places = np.concatenate([left.ends, left.gaps, left.crossings])
    if len(places):
        params: dict[str, Param] = {"count": len(places), "metres": max(LOOSE_M, spec.tolerance_m)}
        value = places_in_words(places, plane)
        yield Fault("ends-still-apart", spec.name, spec.file, None, "geometry", value, "warning", params)
