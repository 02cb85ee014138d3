"""An office's own certificates: what phones accept, what is kept, and every fault told by its file."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from api.authority import make_certificate
from api.certificates import expires_at, names_of, read_certificate, refuse_unfit_certificate
from gis.faults import FaultsError

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=200)


def codes(act, *given, **options):
    with pytest.raises(FaultsError) as refused:
        act(*given, **options)
    return [fault.code for fault in refused.value.faults]


def value_of(certificate, kind):
    return certificate.extensions.get_extension_for_class(kind).value


def test_phones_and_browsers_accept_what_is_made(tmp_path):
    made = make_certificate(tmp_path, ["Grid.Office", "192.168.1.10", "[fd00::1]", "临邑.example"], now=NOW)
    server, authority = made.server, made.authority
    assert set(names_of(server)) == {"grid.office", "192.168.1.10", "fd00::1", "xn--miqv13n.example"}
    assert server.not_valid_after_utc - server.not_valid_before_utc < timedelta(days=825)
    assert server.not_valid_after_utc - NOW > timedelta(days=820)
    assert server.not_valid_before_utc < NOW, "for clocks that are behind"
    assert authority.not_valid_after_utc - NOW == timedelta(days=3653)
    assert expires_at(made.files.server) == server.not_valid_after_utc
    assert isinstance(server.public_key().curve, ec.SECP256R1)
    assert isinstance(authority.public_key().curve, ec.SECP256R1)
    assert value_of(authority, x509.BasicConstraints) == x509.BasicConstraints(ca=True, path_length=0)
    assert value_of(authority, x509.KeyUsage).key_cert_sign
    assert not value_of(server, x509.BasicConstraints).ca
    assert x509.ExtendedKeyUsageOID.SERVER_AUTH in value_of(server, x509.ExtendedKeyUsage)
    server.verify_directly_issued_by(authority)
    refuse_unfit_certificate(made.files.server, made.files.server_key, now=NOW)


def test_keys_are_for_their_owner_and_certificates_for_all(tmp_path):
    make_certificate(tmp_path / "new" / "folder", ["a.example"], now=NOW)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "new" / "folder").iterdir()}
    assert modes == {"authority.crt": 0o644, "authority.key": 0o600, "server.crt": 0o644, "server.key": 0o600}


def test_a_second_call_keeps_all_and_renewing_keeps_what_phones_trust(tmp_path):
    first = make_certificate(tmp_path, ["a.example"], now=NOW)
    again = make_certificate(tmp_path, [], now=LATER)
    assert (again.is_new_authority, again.is_new_server) == (False, False)
    assert (again.authority, again.server) == (first.authority, first.server)
    renewed = make_certificate(tmp_path, [], now=LATER, renew=True)
    assert (renewed.is_new_authority, renewed.is_new_server) == (False, True)
    assert renewed.authority == first.authority
    assert renewed.names == first.names
    assert renewed.server.not_valid_after_utc > first.server.not_valid_after_utc
    assert renewed.server.serial_number != first.server.serial_number
    assert make_certificate(tmp_path, ["b.example"], now=LATER, renew=True).names == ("b.example",)


def test_one_that_ends_within_a_month_or_lost_its_key_is_made_anew(tmp_path):
    first = make_certificate(tmp_path, ["a.example"], now=NOW)
    soon = first.server.not_valid_after_utc - timedelta(days=29)
    assert not make_certificate(tmp_path, [], now=soon - timedelta(days=2)).is_new_server
    assert make_certificate(tmp_path, [], now=soon).is_new_server
    first.files.server_key.unlink()
    assert make_certificate(tmp_path, [], now=soon).is_new_server
    refuse_unfit_certificate(first.files.server, first.files.server_key, now=soon)


def test_no_certificate_outlasts_its_authority(tmp_path):
    first = make_certificate(tmp_path, ["a.example"], now=NOW)
    late = first.authority.not_valid_after_utc - timedelta(days=100)
    assert make_certificate(tmp_path, [], now=late).server.not_valid_after_utc == first.authority.not_valid_after_utc
    assert codes(make_certificate, tmp_path, [], now=late + timedelta(days=100)) == ["authority-expired"]


def test_a_call_cut_short_is_taken_up(tmp_path):
    first = make_certificate(tmp_path, ["a.example"], now=NOW)
    for name in ("server.crt", "authority.crt"):
        (tmp_path / name).unlink()
    again = make_certificate(tmp_path, ["a.example"], now=NOW)
    assert again.authority.public_key() == first.authority.public_key()
    refuse_unfit_certificate(again.files.server, again.files.server_key, now=NOW)


@pytest.mark.parametrize(
    "host", ["https://a.example", "a b", "", "a.example:443", "10.0.0.300", "-a", "*.a.example", "a/b"]
)
def test_what_is_no_name_is_refused_and_nothing_written(tmp_path, host):
    assert codes(make_certificate, tmp_path / "x", ["good.example", host], now=NOW) == ["certificate-bad-host"]
    assert not (tmp_path / "x").exists()


def test_what_would_take_trust_away_is_refused_and_nothing_changed(tmp_path):
    files = make_certificate(tmp_path, ["a.example"], now=NOW).files
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert codes(make_certificate, tmp_path / "x", [], now=NOW) == ["certificate-no-host"]
    assert codes(make_certificate, tmp_path, ["b.example"], now=NOW) == ["certificate-other-names"]
    files.authority_key.rename(tmp_path / "away")
    assert codes(make_certificate, tmp_path, [], now=NOW, renew=True) == ["authority-no-key"]
    (tmp_path / "away").rename(files.authority_key)
    kept = files.authority_key.read_bytes()
    files.authority_key.write_bytes(files.server_key.read_bytes())
    assert codes(make_certificate, tmp_path, [], now=NOW, renew=True) == ["authority-other-key"]
    files.authority_key.write_bytes(pem(rsa.generate_private_key(65537, 2048)))
    assert codes(make_certificate, tmp_path, [], now=NOW, renew=True) == ["key-not-ours"]
    files.authority_key.write_bytes(kept)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def pem(key, password=None):
    locked = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)


def test_a_certificate_that_cannot_be_used_is_told_by_its_file(tmp_path):
    files = make_certificate(tmp_path, ["a.example"], now=NOW).files
    wrong = tmp_path / "wrong"
    good = {"certificate": files.server, "key": files.server_key, "now": NOW}

    def told(**changed):
        return codes(lambda: refuse_unfit_certificate(**(good | changed)))

    assert told(certificate=tmp_path / "none") == ["tls-file-missing"]
    assert told(certificate=tmp_path, key=tmp_path / "none" / "x") == ["tls-file-folder", "tls-file-missing"]
    assert told(certificate=files.server_key, key=files.server) == ["certificate-no-pem", "key-no-pem"], "swapped"
    assert told(key=files.authority_key) == ["key-of-another"]
    assert told(now=NOW + timedelta(days=825)) == ["certificate-expired"]
    assert told(now=NOW - timedelta(days=3)) == ["certificate-not-yet"]
    wrong.write_bytes(pem(ec.generate_private_key(ec.SECP256R1()), b"secret"))
    assert told(key=wrong) == ["key-locked"]
    wrong.write_bytes(b"")
    assert told(key=wrong, certificate=wrong) == ["certificate-no-pem", "key-no-pem"]
    wrong.write_bytes(pem(ed25519.Ed25519PrivateKey.generate()))
    assert told(key=wrong) == ["key-of-another"]


def test_a_key_too_short_for_today_is_told_by_the_library(tmp_path):
    key = rsa.generate_private_key(65537, 1024)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "old")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(NOW).not_valid_after(LATER).sign(key, hashes.SHA256())
    (tmp_path / "c").write_bytes(made.public_bytes(Encoding.PEM))
    (tmp_path / "k").write_bytes(pem(key))
    if ssl.create_default_context().security_level < 2:
        pytest.skip("this library takes short keys")
    assert codes(refuse_unfit_certificate, tmp_path / "c", tmp_path / "k", now=NOW) == ["certificate-refused"]
    assert names_of(read_certificate(tmp_path / "c")) == ()
