"""The writer of Word files: a template, ours or an office's, filled with the fields of a document."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO

from docx.shared import Mm
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from gis.faults import Fault, FaultsError
from maps.document.blocks import Document, Picture
from maps.document.pdf import png_of
from maps.document.word.fields import field_names, values_of
from maps.document.word.template import own_template
from planning.closest import Closest

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_BYTES = 200 * 2**20
"""Of a template when it is unpacked: beyond, it is no template but an attempt."""
_STAMP = (2000, 1, 1, 0, 0, 0)


def word_of(document: Document, template: bytes | None = None) -> bytes:
    """Return a document as a .docx file; the same content gives the same bytes.

    Parameters
    ----------
    document
    template
        An office's own; ours if not given.

    Raises
    ------
    FaultsError
        ``template-unreadable`` if it is no Word file, ``template-field`` for each field that there is not,
        ``template-broken`` where its fields cannot be read.
    """
    opened = _opened(own_template() if template is None else template)
    asked = _asked(opened)
    values = values_of(document, lambda picture: _drawn(opened, picture), asked)
    try:
        opened.render(dict(values), _environment(), autoescape=True)
    except TemplateError as error:
        raise FaultsError([Fault("template-broken", field="template", value=str(error)[:200])]) from error
    _stamp(opened, document)
    file = BytesIO()
    opened.save(file)
    return _packed(file.getvalue())


def _opened(template: bytes) -> DocxTemplate:
    """Return a template that Word can read, refused before it is unpacked where it is far too large."""
    try:
        with zipfile.ZipFile(BytesIO(template)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_BYTES:
                raise _unreadable()
        opened = DocxTemplate(BytesIO(template))
        opened.init_docx()
    except (zipfile.BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise _unreadable() from error
    return opened


def _unreadable() -> FaultsError:
    return FaultsError([Fault("template-unreadable", field="template", value="")])


def _environment() -> ImmutableSandboxedEnvironment:
    """Return where the fields of a template are read: a file from outside reaches the fields and nothing else."""
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _asked(opened: DocxTemplate) -> frozenset[str]:
    """Return the fields that a template asks for.

    Raises
    ------
    FaultsError
        With every one that there is not, each with the nearest that there is.
    """
    try:
        asked = opened.get_undeclared_template_variables(_environment())
    except TemplateError as error:
        raise FaultsError([Fault("template-broken", field="template", value=str(error)[:200])]) from error
    known = field_names()
    nearest = Closest(known)
    faults = [_no_field(name, list(known), nearest.to(name)) for name in sorted(asked - set(known))]
    if faults:
        raise FaultsError(faults)
    return frozenset(asked)


def _no_field(name: str, known: list[str], nearest: str) -> Fault:
    told = {"nearest": nearest or "–", "fields": ", ".join(known)}
    return Fault("template-field", field="template", value=name[:80], params=told)


def _drawn(opened: DocxTemplate, picture: Picture) -> str:
    """Return a picture as Word holds it, its file put into the package."""
    part = opened.get_docx().part
    inline = part.new_pic_inline(BytesIO(png_of(picture)), Mm(picture.width_mm), Mm(picture.height_mm))
    inline.docPr.set("descr", picture.caption)
    return f"<w:drawing>{etree.tostring(inline, encoding='unicode')}</w:drawing>"


def _stamp(opened: DocxTemplate, document: Document) -> None:
    properties = opened.docx.core_properties  # get_docx would begin anew
    properties.title, properties.author, properties.comments = document.title, document.county, ""
    properties.last_modified_by, properties.language = document.county, "zh-CN" if document.lang == "zh" else "en"
    properties.created = properties.modified = datetime(*document.made_on)  # noqa: DTZ001 - a day, as Word has it


def _packed(file: bytes) -> bytes:
    """Return the same package with the moment of packing left out of it."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(file)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for entry in packed.infolist():
            plain = zipfile.ZipInfo(entry.filename, _STAMP)
            plain.compress_type = zipfile.ZIP_DEFLATED
            again.writestr(plain, packed.read(entry))
    return out.getvalue()
