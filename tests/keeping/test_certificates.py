"""Only a certificate that phones would accept is served; a unit's own authority can be trusted."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from django.test import Client

from milieu.keeping import certificates
from milieu.keeping.certificates import Tls, check_pair, named, note_tls
from milieu.kernel.errors import Refusal

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def pair(folder, *names, until=NOON + timedelta(days=90)):
    """Write a certificate for these names and its key; return their paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Elm")])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOON - timedelta(days=900))
        .not_valid_after(until)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / f"{names[0][-5:]}.crt", folder / f"{names[0][-5:]}.key"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
    return str(certificate), str(secret)


def refused(name, certificate, key):
    with pytest.raises(Refusal) as refusal:
        check_pair(Tls(name=name, certificate=certificate, key=key), now=NOON)
    return refusal.value.code


def test_a_certificate_with_its_key_and_this_name_is_served(tmp_path):
    certificate, key = pair(tmp_path, "milieu.elm.example")
    check_pair(Tls(name="milieu.elm.example", certificate=certificate, key=key), now=NOON)


def test_a_certificate_for_every_name_of_the_hospital_is_served(tmp_path):
    certificate, key = pair(tmp_path, "*.elm.example")
    check_pair(Tls(name="milieu.elm.example", certificate=certificate, key=key), now=NOON)


def test_a_certificate_for_another_name_is_refused(tmp_path):
    assert refused("milieu.elm.example", *pair(tmp_path, "a.oak.example")) == (
        "certificate-other-name"
    )


def test_a_certificate_that_ran_out_is_refused(tmp_path):
    old = pair(tmp_path, "elm.example", until=NOON - timedelta(days=1))
    assert refused("elm.example", *old) == "certificate-expired"


def test_the_key_of_another_certificate_is_refused(tmp_path):
    certificate, _ = pair(tmp_path, "elm.example")
    _, key = pair(tmp_path, "oak.other")
    assert refused("elm.example", certificate, key) == "key-of-another"


def test_a_file_that_is_no_certificate_is_refused(tmp_path):
    letter = tmp_path / "letter"
    letter.write_text("Dear engineer")
    assert refused("elm.example", str(letter), str(letter)) == "certificate-unreadable"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Milieu.Elm.Example", "milieu.elm.example"),
        ("10.0.4.2", "10.0.4.2"),
        ("[FD00::1]", "fd00::1"),
        ("unit-3", "unit-3"),
    ],
)
def test_a_name_is_a_host_name_or_an_address(written, plain):
    assert named(written) == plain


@pytest.mark.parametrize("written", ["", "a b", "https://elm", "elm/x", "elm}\n{", "-elm", "a..b"])
def test_what_phones_cannot_use_as_a_name_is_refused(written):
    with pytest.raises(Refusal):
        named(written)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"bind": "192.0.2.7"}, "Without HTTPS, Milieu serves this machine alone"),
        ({"bind": "10.0.4.2"}, "Without HTTPS"),
        ({"cert": "a", "key": "b"}, "A certificate needs a name"),
        ({"tls": "elm.example", "cert": "a"}, "both --cert and --key"),
        ({"tls": "elm example"}, "is not a name"),
    ],
)
def test_serve_refuses_what_would_not_be_safe(db, options, said):
    with pytest.raises(CommandError, match=said):
        call_command("serve", **options)


@pytest.fixture
def home(tmp_path, settings):
    settings.HOME = tmp_path
    return tmp_path


def test_the_trust_page_shows_the_authority_and_how_to_trust_it(db, home):
    certificate, _ = pair(home, "elm.example")
    note_tls(Tls(name="elm.example"))
    authority = certificates.authority_file()
    authority.parent.mkdir(parents=True)
    shutil.copy(certificate, authority)

    page = Client().get("/trust/").content.decode()
    given = Client().get("/trust/authority.crt")

    assert certificates.read(authority).fingerprint in page
    assert "http://elm.example/trust/" in page
    assert "https://elm.example/phone/" in page
    assert "Android" in page
    assert "iPhone" in page
    assert given["Content-Type"] == "application/x-x509-ca-cert"
    assert given.content == authority.read_bytes()


def test_with_the_hospitals_certificate_there_is_nothing_to_trust(db, home):
    note_tls(Tls(name="elm.example", certificate="/a.crt", key="/a.key"))

    page = Client().get("/trust/").content.decode()

    assert "trust it already" in page
    assert "https://elm.example/phone/" in page
    assert Client().get("/trust/authority.crt").status_code == 404


def test_a_server_for_this_machine_alone_says_so(db, home):
    assert "this machine alone" in Client().get("/trust/").content.decode()
