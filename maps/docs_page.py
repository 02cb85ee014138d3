"""The page that describes the API, by Swagger UI from this machine."""

from markupsafe import Markup

from maps.pages import Page, digests, embed, environment

_VENDOR = "/static/vendor/swagger-ui-dist"


def render_docs(title: str, *, description: str) -> Page:
    """Return the page and the content security policy to send with it.

    Parameters
    ----------
    title
    description
        Address of the OpenAPI description.
    """
    options = {
        "url": description,
        "dom_id": "#swagger-ui",
        "deepLinking": True,
        "showExtensions": True,
        "validatorUrl": None,  # nothing is sent to anybody for a check
    }
    script = f"SwaggerUIBundle({embed(options)});"
    inline = Markup(script)  # noqa: S704 - our own words, and an address that is embedded
    html = environment().get_template("docs.html").render(title=title, vendor=_VENDOR, script=inline)
    return Page(html, _policy(script))


def _policy(script: str) -> str:
    return (
        f"default-src 'none'; script-src 'self' {digests(script)}; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
