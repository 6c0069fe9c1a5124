"""TLS for telephones on the practice's own network, without an expert: an authority of this machine and a certificate.

The authority signs for this machine alone: its certificate says that it may vouch for addresses of this machine's
network and for no name, so that a telephone that trusts it is open to nobody's other pages.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from psoas.errors import MissingExtraError, PsoasError

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

AUTHORITY_DAYS, CERTIFICATE_DAYS = 3650, 300
"""Telephones refuse certificates that last longer than 398 days (Apple, support.apple.com/en-us/102028: recalled); the
authority lasts as long as a machine does. Our choice."""
RENEW_BEFORE = timedelta(days=30)
AN_HOUR = timedelta(hours=1)


class PhonesError(PsoasError):
    """Telephones cannot be let in as it was asked."""


@dataclass(frozen=True, slots=True)
class Door:
    """What a server needs to let telephones in, and the certificate that they have to trust."""

    address: str
    certificate: Path
    key: Path
    authority: Path


def network_address() -> str:
    """This machine's address on the network that its traffic takes; nothing is sent to find it.

    Raises:
        PhonesError: it is on no network.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 9))
            address = str(probe.getsockname()[0])
        except OSError:
            address = "127.0.0.1"
    if ipaddress.ip_address(address).is_loopback:
        raise PhonesError("This machine is on no network that a telephone could share; join one, or give --host.")
    return address


def door(folder: Path, address: str) -> Door:
    """The certificate of this address, made or renewed where it has to be; the authority stays as long as it lasts.

    Raises:
        MissingExtraError: `cryptography` is not installed.
        PhonesError: the folder cannot be written, or what lies there is not ours.
    """
    try:
        from cryptography import x509
    except ModuleNotFoundError as err:
        raise MissingExtraError(
            f"--phones needs {err.name}, which is not installed: pip install 'psoas[web]'."
        ) from None
    found = Door(address, folder / f"{address}.crt", folder / f"{address}.key", folder / "psoas-authority.crt")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not found.authority.exists():
            _make_authority(found.authority, _key_of(found.authority), address)
        held = x509.load_pem_x509_certificate(found.authority.read_bytes())
        if not _lasts(found.certificate, held):
            _make_certificate(found, held)
    except OSError as err:
        raise PhonesError(f"{folder} cannot be used for the certificate ({err.strerror}).") from None
    except ValueError:
        raise PhonesError(f"What lies in {folder} is no certificate of ours; move it away and start again.") from None
    return found


def _key_of(authority: Path) -> Path:
    return authority.with_suffix(".key")


def _lasts(certificate: Path, authority: x509.Certificate) -> bool:
    """Whether there is one, signed by this authority, that is good for a while yet."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature

    if not certificate.exists():
        return False
    held = x509.load_pem_x509_certificate(certificate.read_bytes())
    try:
        held.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError):
        return False
    return held.not_valid_after_utc - RENEW_BEFORE > datetime.now(UTC)


def _make_authority(path: Path, key_path: Path, address: str) -> None:
    from cryptography import x509

    key = _new_key()
    name = _named("Psoas on this practice's machine")
    network = ipaddress.ip_network(f"{address}/{16 if ':' not in address else 64}", strict=False)
    limits = x509.NameConstraints([x509.IPAddress(network)], [x509.DNSName("")])
    usage = _usage(signs_certificates=True)
    made = _builder(name, name, key, AUTHORITY_DAYS).add_extension(x509.BasicConstraints(True, 0), True)
    made = made.add_extension(usage, True).add_extension(limits, True)
    _write(key_path, _pem_of(key))
    _write(path, _signed(made, key))


def _make_certificate(door: Door, authority: x509.Certificate) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509.oid import ExtendedKeyUsageOID

    signing = load_pem_private_key(_key_of(door.authority).read_bytes(), None)
    if not isinstance(signing, EllipticCurvePrivateKey):
        raise ValueError("the authority's key is of another kind")
    key = _new_key()
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(door.address))])
    made = _builder(_named("Psoas for telephones"), authority.subject, key, CERTIFICATE_DAYS)
    made = made.add_extension(x509.BasicConstraints(False, None), True).add_extension(names, False)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
    made = made.add_extension(_usage(signs_certificates=False), True).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), False
    )
    _write(door.key, _pem_of(key))
    _write(door.certificate, _signed(made, signing))


def _new_key() -> EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def _named(words: str) -> x509.Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _builder(subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
    from cryptography import x509

    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - AN_HOUR)
    made = made.not_valid_after(now + timedelta(days=days))
    return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _signed(made: x509.CertificateBuilder, key: EllipticCurvePrivateKey) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def _pem_of(key: EllipticCurvePrivateKey) -> bytes:
    from cryptography.hazmat.primitives import serialization as pem

    return key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())


def _write(path: Path, content: bytes) -> None:
    """For the owner alone, and whole or not at all."""
    new = path.with_name(f".{path.name}.new")
    handle = os.open(new, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    new.replace(path)
