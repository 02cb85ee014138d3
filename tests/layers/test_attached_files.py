"""What others see of a file: the same content without a trace of where it was made; traps are refused."""

from __future__ import annotations

import io

import attached_files as made
import pytest
from PIL import Image

from gis.faults import FaultsError
from layers.attached import kinds, pictures
from layers.attached.shown import shown_of


def code_of(content: bytes) -> str:
    with pytest.raises(FaultsError) as told:
        shown_of(content)
    return told.value.faults[0].code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_drawn_anew_upright_and_says_nothing_of_its_place(kind: str) -> None:
    shown = shown_of(made.photo(kind))
    assert shown.kind.media_type == "image/jpeg"
    assert made.PLACE not in shown.content
    with Image.open(io.BytesIO(shown.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (40, 60))
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not picture.getexif()
        red, white = picture.getpixel((20, 5)), picture.getpixel((20, 55))
    assert red[0] > 200 > 60 > red[1]
    assert min(white) > 200


def test_a_large_photo_becomes_small_enough_to_be_sent_over_a_telephone() -> None:
    with Image.open(io.BytesIO(shown_of(made.photo(size=(6000, 3000), turned=False)).content)) as picture:
        assert picture.size == (2048, 1024)


def test_what_lets_light_through_lies_on_white() -> None:
    written = io.BytesIO()
    Image.new("LA", (8, 8), (0, 0)).save(written, "PNG")
    with Image.open(io.BytesIO(shown_of(written.getvalue()).content)) as picture:
        assert min(picture.getpixel((4, 4))) > 250


@pytest.mark.parametrize("content", [made.mp3(), made.wav(), made.m4a()], ids=["mp3", "wav", "m4a"])
def test_a_recording_keeps_its_sound_and_loses_its_notes(content: bytes) -> None:
    assert made.PLACE in content
    shown = shown_of(content)
    assert shown.kind.family == "sound"
    assert made.PLACE not in shown.content
    assert any(sound in shown.content for sound in (b"\xff\xfb\x90\x00", b"\1\2\3\4", b"sound"))
    assert shown_of(shown.content) == shown
    if shown.kind == kinds.M4A:  # what points into the file still points to the same
        assert shown.content.index(b"sound") == content.index(b"sound")


def test_what_is_none_of_these_is_refused_by_its_content() -> None:
    assert shown_of(made.pdf()).content == made.pdf()
    assert shown_of(made.amr()).kind == kinds.AMR
    for content in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"PK\3\4", b"GIF89a", b"\0" * 99):
        assert code_of(content) == "attachment-unknown-kind"
    assert code_of(b"") == "attachment-empty"
    assert code_of(b"\0\0\0\x18ftypheic" + bytes(50)) == "attachment-heic"
    assert code_of(made.m4a(handler=b"vide")) == "attachment-moving"


def test_traps_and_damage_are_refused_and_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert code_of(made.bomb()) == "attachment-too-many-points"
    for content in (made.photo(), made.photo("PNG"), made.photo("WEBP"), made.m4a(), made.wav(), made.pdf()):
        assert code_of(content[: len(content) // 3]) == "attachment-damaged", content[:12]
    for content in (made.mp3()[:20], made.box(b"ftyp", b"M4A ") + b"\0\0\xff\xffmoov" + bytes(9), b"#!AMRX"):
        assert code_of(content) == "attachment-damaged", content[:12]
    monkeypatch.setattr(pictures, "MOST_POINTS", 60 * 40 - 1)
    assert code_of(made.photo()) == "attachment-too-many-points"
    monkeypatch.setattr(kinds, "LARGEST_BYTES", len(made.photo()) - 1)
    assert code_of(made.photo()) == "attachment-too-large"
