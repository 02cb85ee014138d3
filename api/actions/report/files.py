"""The report of a comparison as a file: PDF, Word, one HTML file with a live map, or all its pictures; made once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal

from api.actions.open_county import OpenCounty
from api.actions.recent import Recent
from api.actions.report.brief import brief_of
from api.actions.report.contents import report_of
from api.actions.report.live_map import live_map_of
from api.actions.report.making import Making
from layers.matrices import content_key
from maps.catalogue import Lang
from maps.document.html import html_of
from maps.document.pdf import brief_pdf, pdf_of
from maps.document.pictures import pictures_zip
from maps.document.word.write import word_of
from planning.incidents.deadlines import CHINA_TIME

ReportEnding = Literal["pdf", "docx", "html", "zip"]
_RECENT_BYTES = 32 * 2**20
"""Of files held in memory: some fifteen reports of a county of 900 places."""


def report_file(
    told: Mapping[str, Any], at_hand: OpenCounty, ending: ReportEnding, making: Making, *, lang: Lang
) -> bytes:
    """Return the report of a comparison as a file.

    Parameters
    ----------
    told
        As ``GET /api/compare`` tells it.
    at_hand
        The county of its first scheme.
    ending
    making
    lang

    Raises
    ------
    FaultsError
        As :func:`maps.document.word.write.word_of`, of a template.
    """
    held: Recent[bytes] = at_hand.once("reports", lambda: Recent(_RECENT_BYTES, len))
    day = making.now.astimezone(CHINA_TIME).date().isoformat()
    template = hashlib.sha256(making.template or b"").hexdigest()
    whole = json.dumps(told, ensure_ascii=False, sort_keys=True)
    key = content_key(ending, lang, day, making.made_by, making.paper, template, at_hand.county.version, whole)
    return held.get(key, lambda: _made(told, at_hand, ending, making, lang))


def _made(told: Mapping[str, Any], at_hand: OpenCounty, ending: ReportEnding, making: Making, lang: Lang) -> bytes:
    if ending == "pdf" and making.paper == "A3":
        return brief_pdf(brief_of(told, at_hand, making, lang=lang))
    document = report_of(told, at_hand, making, lang=lang)
    if ending == "pdf":
        return pdf_of(document)
    if ending == "zip":
        return pictures_zip(document)
    if ending == "docx":
        return word_of(document, making.template)
    return html_of(document, live_map_of(told, at_hand, lang=lang)).encode("utf-8", "backslashreplace")
