"""Answers of GeoReport v2 as JSON and as XML: the same fields in both."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from xml.etree import ElementTree as ET

Form = Literal["json", "xml"]
MEDIA: Mapping[str, str] = {"json": "application/json", "xml": "text/xml; charset=utf-8"}
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ITEM = {"attributes": "attribute", "values": "value"}


class Refused(Exception):  # noqa: N818 - told as an answer
    """Raised for what the door refuses, in the words of GeoReport.

    Parameters
    ----------
    status
        HTTP status, which is its code too.
    description
    """

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status, self.description = status, description


def written(told: Any, form: Form, *, root: str, item: str = "") -> bytes:
    """Return an answer.

    Parameters
    ----------
    told
        A list of records, or one.
    form
    root, item
        Names of the elements of XML; a single record is the root itself.
    """
    if form == "json":
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    element = ET.Element(root)
    if item:
        for one in told:
            _fill(ET.SubElement(element, item), one)
    else:
        _fill(element, told)
    return bytes(ET.tostring(element, encoding="utf-8", xml_declaration=True))


def refused(error: Refused, form: Form) -> bytes:
    """Return a refusal."""
    return written([{"code": error.status, "description": error.description}], form, root="errors", item="error")


def _fill(element: ET.Element, told: Any) -> None:
    if isinstance(told, Mapping):
        for name, value in told.items():
            _fill(ET.SubElement(element, name), value)
    elif isinstance(told, Sequence) and not isinstance(told, str):
        for one in told:
            _fill(ET.SubElement(element, _ITEM.get(element.tag, "item")), one)
    elif isinstance(told, bool):
        element.text = "true" if told else "false"
    elif told is not None:
        element.text = _NOT_IN_XML.sub("�", str(told))
