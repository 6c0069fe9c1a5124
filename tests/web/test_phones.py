"""The certificate for telephones, tried by a client that trusts the authority alone, over real TLS."""

from __future__ import annotations

import os
import ssl
import urllib.request
from pathlib import Path

import pytest

from psoas.records import open_records
from psoas.web.phones import PhonesError, door
from psoas.web.settings import Settings
from tests.end_to_end.serving import serving

HERE = "127.0.0.1"


def test_a_client_that_trusts_the_authority_comes_in_and_another_does_not(tmp_path: Path) -> None:
    made = door(tmp_path / "phones", HERE)
    settings = Settings(port=0, tls_cert=made.certificate, tls_key=made.key)
    with open_records("sqlite://") as records, serving(records, settings) as url:
        address = url.replace("localhost", HERE) + "/healthz"
        assert address.startswith("https://")
        trusting = ssl.create_default_context(cafile=str(made.authority))
        with urllib.request.urlopen(address, context=trusting, timeout=20) as answer:
            assert answer.status == 200 and answer.headers["strict-transport-security"]
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(address, context=ssl.create_default_context(), timeout=20)


def test_the_authority_vouches_for_no_name(tmp_path: Path) -> None:
    """Whoever stole its key could not pass for another site."""
    from cryptography import x509

    made = door(tmp_path, HERE)
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical and limits.value.excluded_subtrees == [x509.DNSName("")]


def test_it_is_made_once_and_again_only_for_another_address_or_authority(tmp_path: Path) -> None:
    first = door(tmp_path, "192.168.1.20")
    before = {path: path.read_bytes() for path in (first.certificate, first.key, first.authority)}
    assert door(tmp_path, "192.168.1.20") == first
    assert {path: path.read_bytes() for path in before} == before
    other = door(tmp_path, "192.168.1.30")
    assert other.authority.read_bytes() == before[first.authority] and other.certificate != first.certificate
    first.authority.unlink()
    door(tmp_path, "192.168.1.20")
    assert first.certificate.read_bytes() != before[first.certificate]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_the_keys_are_the_owners_alone(tmp_path: Path) -> None:
    made = door(tmp_path / "phones", HERE)
    assert {path.stat().st_mode & 0o077 for path in made.authority.parent.iterdir()} == {0}


def test_something_else_in_its_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "psoas-authority.crt").write_text("not one", encoding="utf-8")
    with pytest.raises(PhonesError, match="no certificate of ours"):
        door(tmp_path, HERE)
