"""Where the service listens, what it is called there, and that nobody beyond this machine is served in the open."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

from api.explain import ApiError
from api.host_names import web_address
from api.port import refuse_taken_port
from api.settings import Settings


def refuse_unsafe(settings: Settings) -> None:
    """Refuse to serve in a way that would not work or not be safe, before anything starts.

    Parameters
    ----------
    settings

    Raises
    ------
    ApiError
        ``open-door``, ``certificate-half``, ``redirect-without-https``, ``no-host-names``, ``same-ports``, and those
        of ports.
    FaultsError
        What is wrong with certificate and key.
    """
    if (settings.cert is None) != (settings.key is None):
        raise ApiError(1, "key-missing" if settings.key is None else "certificate-missing")
    if is_beyond(settings.host) and settings.cert is None and not settings.proxy:
        raise ApiError(1, "open-door", host=settings.host)
    if settings.redirect_port is not None and settings.cert is None:
        raise ApiError(1, "redirect-without-https")
    if settings.redirect_port == settings.port:
        raise ApiError(1, "same-ports", port=settings.port)
    if settings.cert is not None and settings.key is not None:
        from api.certificates import refuse_unfit_certificate  # noqa: PLC0415 - slow to import, and not always needed

        refuse_unfit_certificate(settings.cert, settings.key, now=datetime.now(UTC))
    if ip_address(settings.host).is_unspecified and not host_names(settings):
        raise ApiError(1, "no-host-names", host=settings.host)
    for port in filter(None, (settings.port, settings.redirect_port)):
        refuse_taken_port(port, host=settings.host)


def is_beyond(host: str) -> bool:
    """Whether other machines can reach an address."""
    return not ip_address(host).is_loopback


def host_names(settings: Settings) -> tuple[str, ...]:
    """Return what the service is called besides this machine's own names.

    As set; else the address that is served on and the names that the certificate stands for.
    """
    if settings.hosts:
        return tuple(settings.hosts.split(","))
    address = () if ip_address(settings.host).is_unspecified else (settings.host,)
    if settings.cert is None:
        return address
    from api.certificates import names_of, read_certificate  # noqa: PLC0415 - slow to import

    return tuple(dict.fromkeys((*address, *names_of(read_certificate(settings.cert)))))


def shown_address(settings: Settings) -> str:
    """Return the address to open in a browser."""
    scheme = "http" if settings.cert is None else "https"
    name = host_names(settings)[0] if is_beyond(settings.host) else settings.host
    return web_address(name, settings.port, scheme=scheme)
