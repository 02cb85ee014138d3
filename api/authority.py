"""An office's own certificates: an authority that its computers and phones trust, and what it signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from api.certificates import is_pair, names_of, read_certificate, read_key
from api.host_names import canonical_address, canonical_name
from gis.faults import Fault, FaultsError
from layers.whole_files import replace_file

_AUTHORITY_DAYS = 3653
_LONGEST_DAYS = 825
"""Phones refuse a server's certificate that lasts longer."""
_SLOW_CLOCKS = timedelta(days=1)  # a phone whose clock is behind trusts what was made today
_ABOUT_TO_END = timedelta(days=30)
_READABLE = 0o644
_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True)
class OfficeFiles:
    """Where the four files are."""

    folder: Path

    @property
    def authority(self) -> Path:
        """What computers and phones are to trust."""
        return self.folder / "authority.crt"

    @property
    def authority_key(self) -> Path:
        """Whoever has it can make certificates that they trust."""
        return self.folder / "authority.key"

    @property
    def server(self) -> Path:
        """What the service shows."""
        return self.folder / "server.crt"

    @property
    def server_key(self) -> Path:
        """Its key."""
        return self.folder / "server.key"


@dataclass(frozen=True)
class Made:
    """What stands in the folder now."""

    files: OfficeFiles
    authority: x509.Certificate
    server: x509.Certificate
    is_new_authority: bool
    is_new_server: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Names and addresses that the server's certificate stands for."""
        return names_of(self.server)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the authority, as phones show it."""
        return self.authority.fingerprint(hashes.SHA256()).hex(":").upper()


def make_certificate(folder: Path, hosts: Sequence[str], *, now: datetime, renew: bool = False) -> Made:
    """Make an authority, where there is none yet, and a certificate of the server that it signs.

    Keys are made once and kept; a certificate is written whole over the old one, so that a call that is
    cut short leaves the old pair or the new one.

    Parameters
    ----------
    folder
    hosts
        Names and addresses under which the service is called; to renew, those of the old certificate if empty.
    now
        Aware.
    renew
        Make the server's certificate anew, also for other names; one that ends within a month is in any case.

    Raises
    ------
    FaultsError
        ``certificate-bad-host``, ``certificate-no-host``, ``certificate-other-names``, ``authority-no-key``,
        ``authority-other-key``, ``authority-expired``, and what makes a file unreadable.
    """
    files = OfficeFiles(folder)
    names = _checked(hosts)
    old = read_certificate(files.server) if files.server.exists() else None
    if old is not None and not renew:
        _refuse_other_names(files, old, names)
    names = names or (names_of(old) if old is not None else ())
    if not names:
        raise FaultsError([Fault("certificate-no-host", field="--host")])
    is_new_authority = not files.authority.exists()
    authority, signer = _authority(files, now=now)
    if old is not None and not renew and _is_good(files, old, authority, now=now):
        return Made(files, authority, old, is_new_authority, is_new_server=False)
    made = _server_certificate(_kept_key(files.server_key).public_key(), names, authority, signer, now=now)
    _write_certificate(files.server, made)
    return Made(files, authority, made, is_new_authority, is_new_server=True)


def _checked(hosts: Sequence[str]) -> tuple[str, ...]:
    wrong = [host for host in hosts if not canonical_name(host)]
    if wrong:
        raise FaultsError([Fault("certificate-bad-host", field="--host", value=host) for host in wrong])
    return tuple(dict.fromkeys(map(canonical_name, hosts)))


def _refuse_other_names(files: OfficeFiles, old: x509.Certificate, names: Sequence[str]) -> None:
    held = names_of(old)
    if names and set(names) != set(held):
        asked, told = ", ".join(names), {"held": ", ".join(held)}
        raise FaultsError([Fault("certificate-other-names", file=str(files.server), value=asked, params=told)])


def _authority(files: OfficeFiles, *, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    if not files.authority.exists():
        key = _kept_key(files.authority_key)
        made = _authority_certificate(key, now=now)
        _write_certificate(files.authority, made)
        return made, key
    found = read_certificate(files.authority)
    if now >= found.not_valid_after_utc - timedelta(days=1):
        raise FaultsError([Fault("authority-expired", file=str(files.authority))])
    if not files.authority_key.exists():
        raise FaultsError([Fault("authority-no-key", file=str(files.authority_key))])
    key = _own_key(files.authority_key)
    if not is_pair(found, key):
        raise FaultsError([Fault("authority-other-key", file=str(files.authority_key))])
    return found, key


def _authority_certificate(key: ec.EllipticCurvePrivateKey, *, now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"CountyGrid 县域网格 {now:%Y-%m-%d %H:%M:%S}")])
    public = key.public_key()
    return (
        _begun(name, name, public, now=now, until=now + timedelta(days=_AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


def _server_certificate(
    public: ec.EllipticCurvePublicKey,
    names: Sequence[str],
    authority: x509.Certificate,
    signer: ec.EllipticCurvePrivateKey,
    *,
    now: datetime,
) -> x509.Certificate:
    longest = now - _SLOW_CLOCKS + timedelta(days=_LONGEST_DAYS, seconds=-1)  # its last second counts too
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    held = [x509.IPAddress(ip_address(name)) if canonical_address(name) else x509.DNSName(name) for name in names]
    return (
        _begun(subject, authority.subject, public, now=now, until=min(longest, authority.not_valid_after_utc))
        .add_extension(x509.SubjectAlternativeName(held), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, *, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLOW_CLOCKS)
        .not_valid_after(until)
    )


def _usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in allowed for name in _USES})


def _is_good(files: OfficeFiles, old: x509.Certificate, authority: x509.Certificate, *, now: datetime) -> bool:
    """Whether the server's certificate can stay: signed by this authority, with its key, and not about to end."""
    try:
        old.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    has_key = files.server_key.exists() and is_pair(old, read_key(files.server_key))
    return has_key and now < old.not_valid_after_utc - _ABOUT_TO_END


def _kept_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Return the key in a file, made for its owner's eyes if it is not there."""
    if path.exists():
        return _own_key(path)
    key = ec.generate_private_key(ec.SECP256R1())
    form = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    replace_file(path, lambda draft: _write_secret(draft, form))
    return key


def _own_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = read_key(path)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise FaultsError([Fault("key-not-ours", file=str(path))])
    return key


def _write_secret(path: Path, form: bytes) -> None:
    path.touch(mode=0o600)  # before there is anything in it
    path.write_bytes(form)


def _write_certificate(path: Path, certificate: x509.Certificate) -> None:
    form = certificate.public_bytes(Encoding.PEM)
    replace_file(path, lambda draft: draft.write_bytes(form), mode=_READABLE)
