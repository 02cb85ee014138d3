"""The certificate that the service shows: whether it can be used, and until when."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from api.host_names import canonical_name
from gis.faults import Fault, FaultsError

T = TypeVar("T")
_TOLD = {errno.ENOENT: "missing", errno.ENOTDIR: "missing", errno.EACCES: "forbidden", errno.EISDIR: "folder"}


def expires_at(path: Path) -> datetime:
    """Return when a certificate ends, in UTC.

    Parameters
    ----------
    path
        PEM file; of a chain the first one counts.

    Raises
    ------
    FaultsError
        ``tls-file-missing``, ``-forbidden``, ``-folder``; ``certificate-no-pem``.
    """
    return read_certificate(path).not_valid_after_utc


def read_certificate(path: Path) -> x509.Certificate:
    """Return the first certificate of a PEM file.

    Raises
    ------
    FaultsError
        ``tls-file-missing``, ``-forbidden``, ``-folder``; ``certificate-no-pem``.
    """
    try:
        return x509.load_pem_x509_certificates(_bytes_of(path))[0]
    except ValueError:
        raise FaultsError([Fault("certificate-no-pem", file=str(path))]) from None


def read_key(path: Path) -> PrivateKeyTypes:
    """Return the private key of a PEM file.

    Raises
    ------
    FaultsError
        ``tls-file-missing``, ``-forbidden``, ``-folder``; ``key-no-pem``, ``key-locked``.
    """
    try:
        return load_pem_private_key(_bytes_of(path), password=None)
    except TypeError:  # it needs a password, and nobody sits there to type it
        raise FaultsError([Fault("key-locked", file=str(path))]) from None
    except ValueError:
        raise FaultsError([Fault("key-no-pem", file=str(path))]) from None


def names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the names and addresses that a certificate stands for, in their one form; no wildcards."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    told = [
        *found.get_values_for_type(x509.DNSName),
        *(str(address) for address in found.get_values_for_type(x509.IPAddress)),
    ]
    return tuple(dict.fromkeys(name for name in map(canonical_name, told) if name))


def refuse_unfit_certificate(certificate: Path, key: Path, *, now: datetime) -> None:
    """Refuse a certificate that browsers or the web server would refuse, before anything starts.

    Parameters
    ----------
    certificate, key
        PEM files.
    now
        Aware.

    Raises
    ------
    FaultsError
        Everything that is wrong, by file.
    """
    faults: list[Fault] = []
    shown = _gathered(lambda: read_certificate(certificate), faults)
    secret = _gathered(lambda: read_key(key), faults)
    if shown is not None:
        faults += _out_of_date(shown, certificate, now=now)
    if shown is not None and secret is not None and not is_pair(shown, secret):
        faults.append(Fault("key-of-another", file=str(key), params={"certificate": str(certificate)}))
    if faults:
        raise FaultsError(faults)
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except ssl.SSLError as error:  # such as a key that is too short for today
        reason = str(error.reason or error).lower().replace("_", " ")
        raise FaultsError([Fault("certificate-refused", file=str(certificate), value=reason)]) from None


def is_pair(certificate: x509.Certificate, key: PrivateKeyTypes) -> bool:
    """Whether a key belongs to a certificate."""
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    return certificate.public_key().public_bytes(*form) == key.public_key().public_bytes(*form)


def _out_of_date(certificate: x509.Certificate, path: Path, *, now: datetime) -> list[Fault]:
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    code = "certificate-expired" if now >= end else "certificate-not-yet" if now < begin else ""
    dates = {"begin": f"{begin:%Y-%m-%d}", "end": f"{end:%Y-%m-%d}", "now": f"{now:%Y-%m-%d}"}
    return [Fault(code, file=str(path), params=dates)] if code else []


def _gathered(read: Callable[[], T], faults: list[Fault]) -> T | None:
    """Return what can be read; what is wrong with it joins the other faults."""
    try:
        return read()
    except FaultsError as error:
        faults += error.faults
        return None


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        if error.errno not in _TOLD:
            raise
        raise FaultsError([Fault(f"tls-file-{_TOLD[error.errno]}", file=str(path))]) from None
