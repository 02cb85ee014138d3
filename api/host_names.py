"""One form for the names of a machine: as a person, a certificate, a browser or a setting may write them."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

OWN_NAMES = ("127.0.0.1", "localhost", "::1")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")


def canonical_address(words: str) -> str:
    """Return an address in its one form, an IPv4 address inside IPv6 as IPv4; empty for what is no address."""
    try:
        address = ip_address(words)
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def canonical_name(words: str) -> str:
    """Return a name or an address as browsers send it; empty for what is neither.

    Parameters
    ----------
    words
        Any case, brackets round IPv6 or none, Chinese or other letters in a name.
    """
    bare = words.strip().removesuffix(".")
    address = canonical_address(bare.removeprefix("[").removesuffix("]"))
    if address:
        return address
    try:
        name = bare.encode("idna").decode().lower()
    except UnicodeError:
        return ""
    is_figures = re.fullmatch(r"[\d.]+", name)  # 10.0.0 or 10.0.0.300: an address that was mistyped
    return name if len(name) <= 253 and _NAME.fullmatch(name) and not is_figures else ""


def asked_name(host: str) -> str:
    """Return the name of a ``Host`` header without its port; empty for what is none."""
    try:
        parts = urlsplit(f"//{host}")
        name = parts.hostname or ""
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError:
        return ""
    if parts.netloc != host or "@" in host:
        return ""
    return canonical_address(name) or name


def web_address(name: str, port: int, *, scheme: str) -> str:
    """Return the address of a service for a browser, without a port that goes without saying."""
    shown = f"[{name}]" if ":" in name else name
    usual = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{shown}" if port == usual else f"{scheme}://{shown}:{port}"
