"""What others see of a file that was sent."""

from __future__ import annotations

from dataclasses import dataclass

from layers.attached.kinds import JPEG, PDF, FileKind, kind_of, refused
from layers.attached.pictures import shown_picture
from layers.attached.sounds import shown_sound

_END_OF_PDF = b"%%EOF"


@dataclass(frozen=True)
class Shown:
    """The copy that is kept and seen.

    Parameters
    ----------
    kind
        Of the copy: every picture becomes a JPEG.
    content
    """

    kind: FileKind
    content: bytes


def shown_of(content: bytes) -> Shown:
    """Return what others see of a file: nothing that tells where or by whom it was made.

    A PDF is kept as it is: nothing draws it anew without losing what it says.

    Raises
    ------
    FaultsError
        As ``kind_of``, ``shown_picture`` and ``shown_sound``.
    """
    kind = kind_of(content)
    if kind.family == "photo":
        return Shown(JPEG, shown_picture(content, kind))
    if kind == PDF:
        if _END_OF_PDF not in content[-2048:]:
            raise refused("attachment-damaged")
        return Shown(PDF, content)
    return Shown(kind, shown_sound(content, kind))
