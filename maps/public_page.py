"""Pages that anybody may open: a publication, a receipt, the register; they work without a script."""

from functools import cache, partial
from typing import Any

from maps import catalogue
from maps.assets import STATIC
from maps.base_map import LEAFLET_CSS, LEAFLET_JS
from maps.bundle import bundle
from maps.catalogue import Lang
from maps.pages import NamedScript, address_of, embed, environment, named_script
from maps.theme import ground_theme

PUBLIC_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_TEXTS = "public.map-"


def public_page(template: str, *, lang: Lang, switch: str | None, **values: Any) -> str:
    """Return a page made of a template of ``public/``, to be sent with PUBLIC_POLICY.

    Parameters
    ----------
    template
        File in ``maps/templates/public``.
    lang
    switch
        Where the language switch leads, ``None`` for none.
    values
        What the template asks for; all of it is escaped.
    """
    texts = partial(catalogue.text, lang)
    return (
        environment()
        .get_template(f"public/{template}")
        .render(
            lang=lang,
            t=texts,
            rooms=(),
            switch=switch,
            leaflet_css=LEAFLET_CSS,
            leaflet_js=LEAFLET_JS,
            start=address_of(public_script()),
            **values,
        )
    )


def map_data(slug: str, *, lang: Lang, sentence: dict[str, str], service: str) -> Any:
    """Return what the page's script reads: where the figures are, and the words that the map speaks."""
    texts = {**catalogue.messages(lang, prefixes=(_TEXTS,)), **sentence}
    told = {"slug": slug, "lang": lang, "texts": texts, "service": service, "theme": {"ground": ground_theme()}}
    return embed(told)


@cache
def public_script() -> NamedScript:
    """Return the script of the page, which brings its map."""
    js = STATIC / "js"
    return named_script("public", bundle(js / "public" / "page.js", root=js))
