"""OpenStreetMap XML as JOSM, Overpass and the API write it, plain or packed with gzip or bzip2."""

from __future__ import annotations

import bz2
import gzip
import math
import zlib
from pathlib import Path
from typing import IO
from xml.parsers import expat

from layers.sources.osm.objects import (
    NODE_KEYS,
    NOWHERE,
    DamagedOsmError,
    Degrees,
    NodePositions,
    NodeRecords,
    OsmObjects,
)

_CHUNK = 1 << 20
MAX_XML_BYTES = 20_000_000_000
"""What a file may unpack to: twenty times the largest file that is read; more is a bomb."""
_OBJECTS = frozenset(("node", "way", "relation"))

Attributes = dict[str, str]


class BrokenOffError(Exception):
    """The server says in the file that it stopped before the end."""


class NotOsmError(Exception):
    """Something else than map data; the text says what."""


def read_xml(path: Path, objects: OsmObjects) -> NodePositions:
    """Read a file whose ways and nodes may stand in any order and have any numbers.

    Parameters
    ----------
    path
    objects
        What is found is added to it.

    Returns
    -------
    NodePositions

    Raises
    ------
    DamagedOsmError
        If the file is damaged, with the place.
    BrokenOffError
        If a ``<remark>`` says that the server broke off.
    NotOsmError
        If it is another kind of XML, ``<osmChange>`` too.
    """
    reader = _XmlReader(objects)
    try:
        with _unpacked(path) as stream:
            reader.read(stream)
    except expat.ExpatError as error:
        raise DamagedOsmError(str(error)) from error
    except (LookupError, ValueError) as error:  # an encoding that expat does not know: OpenStreetMap is UTF-8
        raise DamagedOsmError(f"encoding: {error}") from error
    except (EOFError, OSError, zlib.error) as error:  # a packed file that ends too early or is damaged
        raise DamagedOsmError(str(error)) from error
    return NodePositions.newest(reader.nodes)


def _unpacked(path: Path) -> IO[bytes]:
    with path.open("rb") as stream:
        magic = stream.read(3)
    if magic[:2] == b"\x1f\x8b":
        return gzip.open(path)  # type: ignore[return-value]
    return bz2.open(path) if magic == b"BZh" else path.open("rb")


class _XmlReader:
    """Handlers of one pass over the elements."""

    def __init__(self, objects: OsmObjects) -> None:
        self.objects = objects
        self.nodes = NodeRecords()
        self._root = ""
        self._kind = ""
        self._own: Attributes = {}
        self._tags: dict[str, str] = {}
        self._refs: list[int] = []
        self._degrees: Degrees = ([], [])
        self._remark: list[str] | None = None

    def read(self, stream: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        size = 0
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > MAX_XML_BYTES:
                raise DamagedOsmError(f"> {MAX_XML_BYTES} B")
            parser.Parse(chunk)
        parser.Parse(b"", True)

    def _begin(self, name: str, own: Attributes) -> None:
        if name == "nd":
            if self._kind == "way":
                self._add_node_of_way(own)
        elif name == "tag":
            if "k" in own:
                self._tags[own["k"]] = own.get("v", "")
        elif name in _OBJECTS:
            self._kind = name
            self._own, self._tags, self._refs, self._degrees = own, {}, [], ([], [])
        elif not self._root:
            self._root = name
            if name != "osm":
                raise NotOsmError(f"<{name}>")
        elif name == "remark":
            self._remark = []

    def _add_node_of_way(self, own: Attributes) -> None:
        """Take a node of the way that is open; Overpass may write only where it lies, and then it has no number."""
        lon, lat = _position(own, "nd") if "lat" in own else NOWHERE
        by_position = "ref" not in own and "lat" in own
        self._refs.append(round(lon * 1e7) * 2**32 + round(lat * 1e7) if by_position else _whole(own, "ref", "nd"))
        self._degrees[0].append(lon)
        self._degrees[1].append(lat)

    def _text(self, text: str) -> None:
        if self._remark is not None:
            self._remark.append(text)

    def _end(self, name: str) -> None:
        if name == "node":
            self._end_node()
        elif name == "way":
            is_there = _is_there(self._own)
            tags = self._tags if is_there else {}
            self.objects.add_way(*_identity(self._own, name), tags, self._refs, self._degrees)
        elif name == "relation":
            self.objects.add_relation(*_identity(self._own, name), self._tags if _is_there(self._own) else {})
        elif name == "remark" and self._remark is not None:
            raise BrokenOffError(" ".join("".join(self._remark).split()))

    def _end_node(self) -> None:
        is_there = _is_there(self._own)
        node, version = _identity(self._own, "node")
        position = _position(self._own, f"node {node}") if is_there and "lat" in self._own else NOWHERE
        self.nodes.add(node, version, position)
        tags = self._tags if is_there and any(key in self._tags for key in NODE_KEYS) else {}
        self.objects.add_node_tags(node, version, tags)


def _is_there(own: Attributes) -> bool:
    """Tell whether an object was not deleted: ``visible`` in histories, ``action`` in files of JOSM."""
    return own.get("action") != "delete" and own.get("visible") != "false"


def _identity(own: Attributes, what: str) -> tuple[int, int]:
    number = _whole(own, "id", what)
    return number, _whole(own, "version", f"{what} {number}") if own.get("version") else 0


def _whole(own: Attributes, key: str, what: str) -> int:
    text = own.get(key, "")
    try:
        number = int(text)
    except ValueError:
        raise DamagedOsmError(f"{what}: {key} = {text!r}") from None
    if abs(number) >= 2**62:
        raise DamagedOsmError(f"{what}: {key} = {text!r}")
    return number


def _position(own: Attributes, what: str) -> tuple[float, float]:
    found = []
    for key in ("lon", "lat"):
        try:
            found.append(float(own.get(key, "")))
        except ValueError:
            found.append(math.nan)
        if not math.isfinite(found[-1]):
            raise DamagedOsmError(f"{what}: {key} = {own.get(key, '')!r}")
    return found[0], found[1]
