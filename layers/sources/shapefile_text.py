"""Text of a shapefile's table: read byte by byte, decoded here on the evidence of all of it.

What the header of the .dbf or a .cpg beside it claims is often wrong: programs write "ANSI" over GBK and nothing over
UTF-8. Fields have a fixed width in bytes, which may cut the last character in two.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gis.faults import Param
from layers.county_spec import LayerSpec
from layers.sources.raw_vectors import RawFeatures
from layers.sources.tables.decoding import choose, is_beginning, keep_bad, told_bytes, undecodable
from layers.sources.tables.encodings import MAX_BAD_SHARE, SHOWN, codec_of, join_values, read_as
from layers.sources.tables.source_table import Mark

_LDID = {0x4D: "936", 0x4F: "950", 0x7A: "936", 0x78: "950"}
"""Code pages of Chinese in the header of a .dbf file; the others say what program wrote it rather than what in."""

Objects = NDArray[np.object_]


def shapefile_encoding(spec: LayerSpec, path: Path, raw: RawFeatures) -> str:
    """Return the codec of a shapefile's text.

    Raises
    ------
    FaultsError
        ``encoding-unclear`` or ``undecodable-bytes``.
    """
    cells = (value for values in raw.arrays if values.dtype.kind == "O" for value in values if value)
    texts = [*raw.names, *(str(cell) for cell in cells)]
    evidence = join_values(text.encode("latin-1", "replace") for text in texts)
    if spec.encoding:
        return codec_of(spec.encoding) or spec.encoding
    if not evidence:
        return "utf-8"
    reading = choose(spec, evidence, declared=_declared(path))
    if reading.bad_share > MAX_BAD_SHARE and len(evidence.splitlines()) > 1:
        plain = read_as(evidence, reading.encoding)
        if plain.bad_share > MAX_BAD_SHARE:
            raise undecodable(spec, evidence, 0, "")
    return reading.encoding


def decode_names(names: list[str], encoding: str) -> list[str]:
    """Return the names of columns; of one that is cut in a character what is left."""
    decoded = [name.encode("latin-1", "replace").decode(encoding, "ignore") for name in names]
    return [name.replace("\ufeff", "") or "?" for name in decoded]


def decode_values(text: Objects, encoding: str) -> tuple[Objects, dict[int, Mark]]:
    """Return decoded values, and marks where bytes were left over."""
    marks: dict[int, Mark] = {}
    handler = keep_bad()
    decoded: dict[str, str] = {}
    for value in set(text.tolist()):
        decoded[value] = value if value.isascii() else value.encode("latin-1", "replace").decode(encoding, handler)
    found = np.array([decoded[value] for value in text], dtype=object)
    for k, value in enumerate(found):
        bad = [character for character in value if "\udc80" <= character <= "\udcff"]
        if not bad:
            continue
        left = "".join(character for character in value if character not in bad).strip()
        raw = bytes(ord(character) - 0xDC00 for character in bad)
        params: dict[str, Param] = {
            "byte": value.index(bad[0]),
            "encodings": SHOWN.get(encoding, encoding),
            "left": left or "—",
        }
        is_cut = value.endswith("".join(bad)) and is_beginning(raw, encoding)
        if is_cut:
            marks[k] = Mark("cut-character", left, "warning", params)
        else:
            marks[k] = Mark("undecodable-bytes", told_bytes(bad[0]), params=params)
        found[k] = left
    return found, marks


def _declared(path: Path) -> str:
    """Return what a .cpg beside the table or the header of the table claims, "" if nothing."""
    for ending in (".cpg", ".CPG"):
        if (page := path.with_suffix(ending)).is_file():
            return page.read_bytes()[:40].decode("ascii", "ignore")
    for ending in (".dbf", ".DBF"):
        if (table := path.with_suffix(ending)).is_file():
            with table.open("rb") as file:
                header = file.read(32)
            return _LDID.get(header[29], "") if len(header) == 32 else ""
    return ""
