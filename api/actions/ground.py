"""The ground that the map lies on, drawn once for each build and kept."""

from __future__ import annotations

import gzip
import json

from api.actions.editions import GROUNDS
from api.actions.open_county import OpenCounty
from gis.ground.county_ground import LAYERS, county_ground
from layers.matrices import content_key


def ground_id(at_hand: OpenCounty) -> str:
    """Return the name of a county's ground by what it is made of; found without drawing it."""
    drawn_of = [f"{name} {at_hand.county.layers[name]['version']}" for name in LAYERS if at_hand.county.has(name)]
    return content_key("ground", GROUNDS, *drawn_of)


def ground_file(at_hand: OpenCounty) -> bytes:
    """Return the ground of a county, in the form of :mod:`gis.ground`, as JSON packed by gzip."""
    return at_hand.once("ground", lambda: _kept_ground(at_hand))


def _kept_ground(at_hand: OpenCounty) -> bytes:
    name = f"ground-{ground_id(at_hand)}.gz"
    packed = at_hand.cache.read(name)
    if packed is None:
        packed = _drawn_ground(at_hand)
        at_hand.cache.write(name, packed)
    return packed


def _drawn_ground(at_hand: OpenCounty) -> bytes:
    county = at_hand.county
    drawn = county_ground({name: county.layer(name) for name in LAYERS if county.has(name)})
    written = json.dumps(drawn, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return gzip.compress(written, mtime=0)
