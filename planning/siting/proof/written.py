"""Options, figures and certificates as JSON: dataclasses by the names of class and fields, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault, FaultsError
from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.capped_tree import CappedCertificate
from planning.siting.proof.certificate import Certificate
from planning.siting.proof.cover_certificate import CoverCertificate
from planning.siting.proof.hub_certificate import HubCertificate
from planning.siting.proof.linear_certificate import LinearCertificate
from planning.siting.proof.packing import Reader, pack
from planning.siting.proof.tier_certificate import TierCertificate

CERTIFICATES: Mapping[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        CapacityCertificate,
        CappedCertificate,
        Certificate,
        CoverCertificate,
        HubCertificate,
        LinearCertificate,
        TierCertificate,
    )
}
"""The kinds of certificate that a claim may carry, by the names of their classes."""
_OLDER = {"SharedCertificate": Certificate}
"""What kinds of older files are called now."""


def as_json(value: Any) -> Any:
    """Return options, figures and certificates as JSON; dataclasses by the names of class and fields."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {"kind": type(value).__name__, "fields": fields_json(value)}
    if isinstance(value, Mapping):
        return {str(name): as_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    if isinstance(value, np.ndarray):
        return pack(value)
    return value.item() if isinstance(value, np.generic) else value


def fields_json(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass as JSON."""
    return {field.name: as_json(getattr(value, field.name)) for field in dataclasses.fields(value)}


def from_json(value: Any) -> Any:
    """Return JSON with its lists as tuples, as models write their options."""
    if isinstance(value, Mapping):
        return {name: from_json(one) for name, one in value.items()}
    return tuple(from_json(one) for one in value) if isinstance(value, list) else value


def read_object(given: Reader) -> Any:
    """Return the certificate that is written by class and fields."""
    known = {**CERTIFICATES, **_OLDER}
    kind = known[given.word("kind", tuple(known))]
    fields, hints = given.inner("fields"), get_type_hints(kind)
    wanted = [
        field.name
        for field in dataclasses.fields(kind)
        if field.name in fields.given  # older files lack what came later
        or (field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING)
    ]
    return kind(**{name: _field(fields, name, hints[name]) for name in wanted})


def _field(given: Reader, name: str, hint: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        kinds = [kind for kind in get_args(hint) if kind is not NoneType]
        return None if given.get(name) is None else _field(given, name, kinds[0])
    if origin is tuple:
        listed = Reader(dict(enumerate(given.items(name))), f"{given.path}.{name}")
        return tuple(_field(listed, k, get_args(hint)[0]) for k in listed.given)
    if dataclasses.is_dataclass(hint):
        return read_object(given.inner(name))
    plain: Mapping[Any, Callable[[str], Any]] = {bool: given.yes_or_no, int: given.whole, str: given.word}
    return plain[hint](name) if hint in plain else _array(given, name, np.dtype(get_args(get_args(hint)[1])[0]))


def _array(given: Reader, name: str, kind: np.dtype[Any]) -> NDArray[Any]:
    array = given.array(name)
    if (array.dtype.kind == "b") != (kind.kind == "b") or (array.astype(kind) != array).any():
        raise FaultsError([Fault("claim-word", field=f"{given.path}.{name}", params={"known": kind.name})])
    return array.astype(kind)
