"""Files of a case: taken in as what they really are, shown as a copy, erased for good."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.actions.cases.move import Asked, move_case
from api.actions.cases.read import Reader, seen_case
from api.actions.cases.view import view_attachment
from api.actions.open_county import OpenCounty
from api.actions.workplace import Workplace
from api.explain import ApiError
from api.multipart import read_form
from layers.attached.kinds import KINDS, LARGEST_BYTES, refused
from layers.attached.shown import shown_of
from layers.records.attachment_rows import Attachment, attachments_of
from layers.records.attachments import AttachmentStore, NewAttachment
from layers.records.audit import Act, Actor
from layers.records.conflicts import ConflictError

_ENDINGS = {kind.media_type: kind.ending for kind in KINDS}
_TRIES = 5
"""So often somebody else may be faster."""
_SHOWN_IN_PLACE = ("photo", "sound")


@dataclass(frozen=True)
class Sent:
    """What somebody sends: a file alone, or one in a form.

    Parameters
    ----------
    content_type
        Header of the request.
    body
    key
        Of the address; a form may tell it instead.
    """

    content_type: str
    body: bytes
    key: str = ""

    def file(self) -> tuple[bytes, str]:
        """Return the file and its key.

        Raises
        ------
        ApiError
            400 if it is a form that cannot be read.
        """
        if not self.content_type.lower().startswith("multipart/"):
            return self.body, self.key
        form = read_form(self.content_type, self.body)
        file = form.files.get("file")
        return file.content if file else b"", self.key or form.fields.get("key", "")


def attach(
    at_work: Workplace, at_hand: OpenCounty | None, name: str, sent: Sent, *, reader: Reader
) -> tuple[dict[str, Any], bool]:
    """Keep a file of a case, with the event that tells of it.

    Parameters
    ----------
    at_work, at_hand
    name
        Id of a case that the caller may see.
    sent
    reader
        Who sends it.

    Returns
    -------
    dict, bool
        How the file is told of, with the version of the case that it led to; and whether it is new.

    Raises
    ------
    FaultsError, ConflictError
        As ``shown_of`` and ``AttachmentStore.add``.
    ApiError
        400 if a form cannot be read.
    """
    content, key = sent.file()
    if len(content) > LARGEST_BYTES:
        raise refused("attachment-too-large", limit=LARGEST_BYTES // 2**20)
    shown = shown_of(content)
    stored = at_work.files.put(shown.content, media_type=shown.kind.media_type)
    sha, by_id = hashlib.sha256(content).hexdigest(), reader.actor.account_id
    kept, is_new = attachments(at_work).add(NewAttachment(name, key, sha, shown.kind.family, stored, by_id))
    if is_new:  # it is there still, unless the same content was erased elsewhere at this very moment
        at_work.files.put(shown.content, media_type=shown.kind.media_type)
    version = _tell(at_work, at_hand, name, kept, reader=reader)
    return {**view_attachment(kept), "version": version}, is_new


def _tell(at_work: Workplace, at_hand: OpenCounty | None, name: str, kept: Attachment, *, reader: Reader) -> int:
    """Let the case tell of a file, once, whatever else happens to it meanwhile; return its version then."""
    store, tries = at_work.incidents, _TRIES
    while True:
        case, tries = seen_case(store, name, reader=reader), tries - 1
        asked = Asked("attach", case.version, f"file {kept.id}", {"attachment": kept.id})
        options: dict[str, Any] = {"reader": reader, "tables": at_work.tables.get(), "now": datetime.now(UTC)}
        try:
            moved = move_case(at_hand, store, name, asked, **options)
        except ConflictError:
            if not tries:
                raise
            continue
        return int(moved["version"]) if moved else case.version


def shown_file(
    at_work: Workplace, incident_id: str, attachment_id: str, *, actor: Actor
) -> tuple[bytes, dict[str, str]]:
    """Return a file of a case and the headers that go with it.

    Raises
    ------
    ApiError
        404 ``unknown-attachment``, ``attachment-erased``.
    """
    act = Act(actor, "attachment.opened", "incident")
    found = attachments(at_work).open(incident_id, attachment_id, act=act)
    if found is None:
        raise ApiError(404, "unknown-attachment")
    one, content = found
    if content is None:
        raise ApiError(404, "attachment-erased")
    way = "inline" if one.kind in _SHOWN_IN_PLACE else "attachment"
    name = f"{incident_id}-{one.id[:8]}.{_ENDINGS.get(one.media_type, 'bin')}"
    return content, {
        "Content-Type": one.media_type,
        "Content-Disposition": f'{way}; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


def erase(at_work: Workplace, incident_id: str, attachment_id: str, *, actor: Actor) -> None:
    """Erase a file of a case; one that is erased already is no matter.

    Raises
    ------
    ApiError
        404 ``unknown-attachment``.
    """
    if attachment_id not in {one.id for one in attachments_of(at_work.database.get(), incident_id)}:
        raise ApiError(404, "unknown-attachment")
    attachments(at_work).erase(incident_id, attachment_id, act=Act(actor, "attachment.erased", "incident"))


def attachments(at_work: Workplace) -> AttachmentStore:
    """Return the files of all cases."""
    return AttachmentStore(at_work.database.get(), at_work.files)
