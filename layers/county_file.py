"""Reading ``county.toml``: the one file that says what a county is made of."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from gis.crs import DATUMS, Datum, measures_metres, places_points
from gis.faults import Fault, FaultsError, Param
from layers.county_services import read_services
from layers.county_spec import MAX_TOLERANCE_M, TOLERANCE_M, CountySpec, Islands, LayerSpec
from layers.county_values import read_values
from layers.schema import REQUIRED_LAYERS, SCHEMAS
from layers.sources.files import closest, file_fault
from layers.sources.tables.encodings import codec_of, is_text_codec

MAX_TOML_BYTES = 1_000_000

_COUNTY_KEYS = ("name", "code", "crs", "licence", "totals")
_LAYER_KEYS = ("source", "layer", "encoding", "datum", "crs", "fields", "values", "licence", "origin", "reconstructed")
_ROADS_KEYS = (*_LAYER_KEYS, "place", "islands", "noding", "tolerance_m")
_TOTALS = ("resident", "registered", "age_60_plus", "age_65_plus", "age_80_plus", "age_5_14")


def read_county_file(path: Path, *, within: Path | None = None) -> CountySpec:
    """Read a county file.

    Parameters
    ----------
    path
        A ``county.toml``; sources are relative to its folder.
    within
        If given, sources outside this folder are refused.

    Returns
    -------
    CountySpec

    Raises
    ------
    FaultsError
        With every fault of the file.
    """
    spec, faults = parse_county_file(path, within=within)
    if spec is None or faults:
        raise FaultsError(faults)
    return spec


def parse_county_file(path: Path, *, within: Path | None = None) -> tuple[CountySpec | None, list[Fault]]:
    """Read what can be read of a county file, with all its faults.

    Parameters
    ----------
    path, within
        As for ``read_county_file``.

    Returns
    -------
    CountySpec or None
        With the layers that are sound; ``None`` if the file is no TOML at all.
    list of Fault
    """
    document, faults = _read_toml(path)
    if document is None:
        return None, faults
    reader = _Reader(path, within, faults)
    county = reader.table(document, "county", "county")
    reader.known_keys(document, ("county", "layers", "services"), "")
    reader.known_keys(county, _COUNTY_KEYS, "county")
    for key in ("name", "code"):
        if str(county.get(key, "")).strip() == "":
            reader.fault("missing-key", field=f"county.{key}", params={"name": key})
    spec = CountySpec(
        path=path,
        name=reader.text(county, "name", "county"),
        code=reader.text(county, "code", "county"),
        crs=reader.projected_crs(reader.text(county, "crs", "county")),
        licence=reader.text(county, "licence", "county"),
        layers=reader.layers(reader.table(document, "layers", "layers")),
        totals=reader.totals(reader.table(county, "totals", "county.totals")),
        services=read_services(reader.table(document, "services", "services"), faults, path.name),
    )
    return spec, faults


def _read_toml(path: Path) -> tuple[dict[str, Any] | None, list[Fault]]:
    if (fault := file_fault(path, max_bytes=MAX_TOML_BYTES)) is not None:
        return None, [fault]
    content = path.read_bytes()
    try:
        return tomllib.loads(content.decode("utf-8-sig")), []
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        value = f"0x{content[error.start]:02X}"
        params: dict[str, Param] = {"byte": error.start, "encodings": "UTF-8"}
        return None, [Fault("undecodable-bytes", file=path.name, row=row, value=value, params=params)]
    except tomllib.TOMLDecodeError as error:
        return None, [Fault("bad-toml", file=path.name, row=_line_of(error), value=str(error))]
    except RecursionError:
        return None, [Fault("bad-toml", file=path.name, value="[[[[[[…")]


def _line_of(error: tomllib.TOMLDecodeError) -> int | None:
    words = str(error).replace(",", " ").replace(")", " ").split()
    return int(words[words.index("line") + 1]) if "line" in words else None


class _Reader:
    """Takes values out of the document and notes what is wrong with them."""

    def __init__(self, path: Path, within: Path | None, faults: list[Fault]) -> None:
        self.path, self.within, self.faults = path, within, faults

    def fault(self, code: str, **details: Any) -> None:
        self.faults.append(Fault(code, file=self.path.name, **details))

    def known_keys(self, table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
        for key in table:
            if key not in known:
                params = {"known": ", ".join(known), "closest": closest(key, known)}
                self.fault("unknown-key", field=where, value=key, params=params)

    def table(self, document: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
        value = document.get(key, {})
        if isinstance(value, dict):
            return value
        self.fault("wrong-type", field=where, value=str(value), params={"form": "[…]"})
        return {}

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str:
        value = table.get(key, "")
        if isinstance(value, str):
            return value.strip()
        self.fault("wrong-type", field=f"{where}.{key}", value=str(value), params={"form": '"…"'})
        return ""

    def projected_crs(self, name: str) -> str:
        crs = self.crs(name, "county.crs")
        if crs and not measures_metres(crs):
            self.fault("crs-not-projected", field="county.crs", value=crs)
            return ""
        return crs

    def crs(self, name: str, where: str, *, layer: str = "") -> str:
        if not name:
            return ""
        if places_points(name):
            return name
        self.fault("unknown-crs", layer=layer, field=where, value=name)
        return ""

    def totals(self, table: Mapping[str, Any]) -> dict[str, int]:
        self.known_keys(table, _TOTALS, "county.totals")
        found = {}
        for key in _TOTALS:
            value = table.get(key)
            if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
                found[key] = value
            elif value is not None:
                self.fault("wrong-type", field=f"county.totals.{key}", value=str(value), params={"form": "123"})
        return found

    def layers(self, tables: Mapping[str, Any]) -> dict[str, LayerSpec]:
        for name in REQUIRED_LAYERS:
            if name not in tables:
                self.fault("missing-layer", layer=name, field=f"layers.{name}", value=name)
        found = {}
        for name in tables:
            if name not in SCHEMAS:
                params = {"known": ", ".join(SCHEMAS), "closest": closest(name, list(SCHEMAS))}
                self.fault("unknown-layer", layer=name, field=f"layers.{name}", value=name, params=params)
            elif not isinstance(tables[name], dict):
                self.table(tables, name, f"layers.{name}")
            elif spec := self.layer(name, self.table(tables, name, f"layers.{name}")):
                found[name] = spec
        return found

    def layer(self, name: str, table: Mapping[str, Any]) -> LayerSpec | None:
        """Return the layer's spec, ``None`` if a fault makes reading its source pointless."""
        before, where = len(self.faults), f"layers.{name}"
        self.known_keys(table, _ROADS_KEYS if name == "roads" else _LAYER_KEYS, where)
        place = self.text(table, "place", where)
        spec = LayerSpec(
            name=name,
            source=None if place else self.source(name, table),
            place=place,
            layer=self.text(table, "layer", where),
            encoding=self.encoding(name, self.text(table, "encoding", where)),
            datum=cast("Datum", self.choice(table, "datum", name, DATUMS)),
            crs=self.crs(self.text(table, "crs", where), f"{where}.crs", layer=name),
            fields=self.fields(name, self.table(table, "fields", f"{where}.fields")),
            licence=self.text(table, "licence", where),
            origin=self.text(table, "origin", where),
            reconstructed=self.names(name, table.get("reconstructed", [])),
            islands=cast("Islands", self.choice(table, "islands", name, ("refuse", "keep"))),
            words=read_values(name, self.table(table, "values", f"{where}.values"), self.faults, self.path.name),
            noding=self.flag(table, "noding", where),
            tolerance_m=self.tolerance(table, where),
        )
        return spec if len(self.faults) == before else None

    def source(self, layer: str, table: Mapping[str, Any]) -> Path | None:
        name = self.text(table, "source", f"layers.{layer}")
        if not name and isinstance(table.get("source", ""), str):
            self.fault("missing-key", layer=layer, field=f"layers.{layer}.source", params={"name": "source"})
            return None
        source = self.path.parent / name
        if self.within is not None and not source.resolve().is_relative_to(self.within.resolve()):
            self.fault("source-outside", layer=layer, field=f"layers.{layer}.source", value=name)
        return source

    def flag(self, table: Mapping[str, Any], key: str, where: str) -> bool:
        value = table.get(key, False)
        if isinstance(value, bool):
            return value
        self.fault("wrong-type", field=f"{where}.{key}", value=str(value), params={"form": "true"})
        return False

    def tolerance(self, table: Mapping[str, Any], where: str) -> float:
        value = table.get("tolerance_m", TOLERANCE_M)
        field = f"{where}.tolerance_m"
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault("wrong-type", field=field, value=str(value), params={"form": "1.0"})
        elif not 0 <= value <= MAX_TOLERANCE_M:
            self.fault("tolerance-out-of-range", field=field, value=str(value), params={"maximum": MAX_TOLERANCE_M})
        elif "tolerance_m" in table and table.get("noding") is not True:
            self.fault("tolerance-without-noding", field=field, value=str(value))
        else:
            return float(value)
        return TOLERANCE_M

    def encoding(self, layer: str, name: str) -> str:
        if name and not is_text_codec(codec_of(name) or name):
            self.fault("unknown-encoding", layer=layer, field=f"layers.{layer}.encoding", value=name)
        return name

    def choice(self, table: Mapping[str, Any], key: str, layer: str, known: tuple[str, ...]) -> str:
        value = table.get(key, known[0])
        if value in known:
            return str(value)
        params = {"known": ", ".join(known), "closest": closest(str(value), known)}
        details = {"layer": layer, "field": f"layers.{layer}.{key}", "value": str(value), "params": params}
        if key == "datum":
            self.fault("unknown-datum", **details)
        else:
            self.fault("unknown-choice", **details)
        return known[0]

    def fields(self, layer: str, table: Mapping[str, Any]) -> dict[str, str]:
        where = f"layers.{layer}.fields"
        self.known_fields(layer, where, table, SCHEMAS[layer].fields)
        return {key: self.text(table, key, where) for key in table}

    def known_fields(self, layer: str, where: str, names: Iterable[str], known: tuple[str, ...]) -> None:
        for name in names:
            if name not in known:
                params = {"known": ", ".join(known), "closest": closest(name, known)}
                self.fault("unknown-field", layer=layer, field=where, value=name, params=params)

    def names(self, layer: str, value: object) -> tuple[str, ...]:
        where = f"layers.{layer}.reconstructed"
        if not (isinstance(value, list) and all(isinstance(name, str) for name in value)):
            self.fault("wrong-type", layer=layer, field=where, value=str(value), params={"form": '["…", "…"]'})
            return ()
        self.known_fields(layer, where, value, ("geometry", *SCHEMAS[layer].fields))
        return tuple(value)
