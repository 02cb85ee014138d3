"""Files of a case: taken in as what they really are, shown as a copy, erased for good."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from api.actions.workplace import Workplace
from api.explain import ApiError
from api.multipart import read_form
from layers.attached.kinds import KINDS, LARGEST_BYTES, refused
from layers.attached.shown import shown_of
from layers.records.attachments import Attachment, AttachmentStore, NewAttachment
from layers.records.audit import Act, Actor
from planning.incidents.deadlines import CHINA_TIME

_ENDINGS = {kind.media_type: kind.ending for kind in KINDS}
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


def attach(at_work: Workplace, incident_id: str, sent: Sent, *, actor: Actor) -> tuple[dict[str, Any], bool]:
    """Keep a file of a case.

    Parameters
    ----------
    at_work
    incident_id
        Of a case that the caller may see.
    sent
    actor

    Returns
    -------
    dict, bool
        How the file is told of, and whether it is new.

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
    new = NewAttachment(incident_id, key, hashlib.sha256(content).hexdigest(), shown.kind.family, stored)
    kept, is_new = attachments(at_work).add(new, act=Act(actor, "attachment.added", "incident"))
    if is_new:  # it is there still, unless the same content was erased elsewhere at this very moment
        at_work.files.put(shown.content, media_type=shown.kind.media_type)
    return view_attachment(kept), is_new


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
    store = attachments(at_work)
    if attachment_id not in {one.id for one in store.of(incident_id)}:
        raise ApiError(404, "unknown-attachment")
    store.erase(incident_id, attachment_id, act=Act(actor, "attachment.erased", "incident"))


def attachments(at_work: Workplace) -> AttachmentStore:
    """Return the files of all cases."""
    return AttachmentStore(at_work.database.get(), at_work.files)


def view_attachment(one: Attachment) -> dict[str, Any]:
    """Return a file of a case as it is told of: not by whom, which the history of the case tells."""
    return {
        "id": one.id,
        "kind": one.kind,
        "media_type": one.media_type,
        "bytes": one.bytes,
        "at": one.at.astimezone(CHINA_TIME).isoformat(),
        "erased": one.erased_at is not None,
    }
