"""What every page shares: templates, texts, the county, and data that is embedded for the browser."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from maps import catalogue
from maps.catalogue import Lang
from maps.theme import theme

TEMPLATES = Path(__file__).parent / "templates"
# What the browser needs of the catalogue; faults and refusals reach it as finished sentences.
BROWSER_TEXTS = (
    *("page.", "plan.", "edit.", "table.road.", "incident.", "planning.", "measures.", "comparing.", "cases."),
    *("staff.post.", "staff.leave-reason."),
    *("futures.status.", "futures.step-"),
)


def render(template: str, *, lang: Lang, info: Mapping[str, Any], **values: Any) -> str:
    """Fill `template`; every page gets the texts, the county and the list of reconstructed fields."""
    reconstructed = reconstructed_fields(info, lang=lang)
    page = environment().get_template(template)
    return page.render(lang=lang, info=info, t=partial(catalogue.text, lang), reconstructed=reconstructed, **values)


@cache
def environment() -> Environment:
    """Return the templates; everything they print is escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page_data(info: Mapping[str, Any], *, lang: Lang, services: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return what the browser's modules read from the page itself."""
    return {"lang": lang, "info": info, "theme": theme(services), "services": services}


class Page(NamedTuple):
    """A page and the value of its ``Content-Security-Policy`` header."""

    html: str
    policy: str


class NamedScript(NamedTuple):
    """A script apart from the page, and a name that changes with it: browsers keep it."""

    script: str
    name: str


def named_script(kind: str, script: str) -> NamedScript:
    """Return a script with its name."""
    return NamedScript(script, f"{kind}-{hashlib.sha256(script.encode()).hexdigest()[:12]}.js")


def address_of(script: NamedScript) -> str:
    """Return where the service has a script."""
    return f"/scripts/{script.name}"


@cache
def text_script(lang: Lang) -> NamedScript:
    """Return the texts that the modules speak."""
    messages = catalogue.messages(lang, prefixes=BROWSER_TEXTS)
    return named_script(lang, f"window.countyTexts = {embed(messages)};")


def reconstructed_fields(info: Mapping[str, Any], *, lang: Lang) -> list[tuple[str, list[str]]]:
    """Return (layer, fields) in words for each layer that has reconstructed fields."""

    def name(kind: str, code: str) -> str:
        key = f"page.{kind}.{code}"
        return catalogue.text(lang, key) if catalogue.has_text(key) else code

    layers = info["layers"].items()
    return [
        (name("layer", layer), [name("field", field) for field in about["reconstructed"]])
        for layer, about in layers
        if about.get("reconstructed")
    ]


def embed(value: Any) -> Markup:
    """Return `value` as JSON that can stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - nothing in it can close the element


def map_policy(*scripts: str, hosts: Sequence[str] = ()) -> str:
    """Return the policy of a page with a map: our own files, the inline scripts, pictures of `hosts`."""
    pictures = " ".join(("'self'", "data:", *hosts))
    return (
        f"default-src 'self'; script-src 'self' {digests(*scripts)}; img-src {pictures}; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def digests(*inline: str) -> str:
    """Return the sources of a content security policy that allow exactly the given inline scripts or styles."""
    hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline)
    return " ".join(f"'sha256-{value}'" for value in hashes)
