"""The certificate with which this computer answers its network over HTTPS, made here.

A root signs one certificate and its key is thrown away: whoever trusts the root on a phone trusts this
certificate and nothing else that anybody could make.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE: Final = timedelta(days=365)
RENEWED_BEFORE: Final = timedelta(days=30)
_SLOW_CLOCKS: Final = timedelta(days=1)
"""A phone whose clock is behind must not find the certificate not yet valid."""

_FILE: Final = "lan.pem"
_ROOT_FILE: Final = "lan-root.crt"
_PRIVATE: Final = 0o600
_PUBLIC: Final = 0o644
_PEM: Final = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class Certificate:
    """``path`` holds key, certificate and root; ``root`` the root alone, for a phone that wants it.

    ``fingerprint`` is the certificate's SHA-256 as browsers show it, ``root_fingerprint`` the root's.
    """

    path: Path
    root: Path
    fingerprint: str
    root_fingerprint: str


def certificate(
    folder: Path, address: str, others: Sequence[str] = (), *, now: datetime | None = None
) -> Certificate:
    """The certificate in ``folder`` that names ``address``; a new one where there is none that serves.

    A new one names ``others`` too, this computer's further addresses, so that it lasts longer. It is made
    anew when it names another address, has 30 days left or less, is damaged, or its key could be read by
    other users. Raises OSError where it cannot be written.
    """
    now = now or datetime.now(UTC)
    path, root_path = folder / _FILE, folder / _ROOT_FILE
    chain = _kept(path, IPv4Address(address), now)
    if chain is None:
        named = tuple(dict.fromkeys(IPv4Address(a) for a in (address, *others)))
        pem, chain = _made(named, now)
        _write(path, pem, _PRIVATE)
    leaf, root = chain
    told = root.public_bytes(_PEM)
    if not root_path.is_file() or root_path.read_bytes() != told:
        _write(root_path, told, _PUBLIC)
    return Certificate(path, root_path, fingerprint(leaf), fingerprint(root))


def fingerprint(one: x509.Certificate) -> str:
    """SHA-256 over the certificate, as ``AB:CD:…``."""
    return one.fingerprint(hashes.SHA256()).hex(":").upper()


# --------------------------------------------------------------------------- the one that is there

_Chain = tuple[x509.Certificate, x509.Certificate]


def _kept(path: Path, address: IPv4Address, now: datetime) -> _Chain | None:
    """Certificate and root of the file, if they still serve."""
    try:
        if os.name != "nt" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            return None
        pem = path.read_bytes()
        leaf, root = x509.load_pem_x509_certificates(pem)
        key = serialization.load_pem_private_key(pem, None)
        named = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        leaf.verify_directly_issued_by(root)
    except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return None
    fits = (
        key.public_key() == leaf.public_key()
        and address in named.get_values_for_type(x509.IPAddress)
        and leaf.not_valid_before_utc <= now < leaf.not_valid_after_utc - RENEWED_BEFORE
    )
    return (leaf, root) if fits else None


# --------------------------------------------------------------------------- a new one


def _made(addresses: Sequence[IPv4Address], now: datetime) -> tuple[bytes, _Chain]:
    """Key, certificate and root as one PEM text, and the two certificates."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _root(root_key, addresses, now)
    leaf = _leaf(key.public_key(), root, root_key, addresses, now)
    told = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return told + leaf.public_bytes(_PEM) + root.public_bytes(_PEM), (leaf, root)


def _root(
    key: ec.EllipticCurvePrivateKey, addresses: Sequence[IPv4Address], now: datetime
) -> x509.Certificate:
    name = _name(f"Plumbline on {addresses[0]}")
    only = [x509.IPAddress(IPv4Network(a)) for a in addresses]
    return (
        _begun(name, name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(only, None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    key: ec.EllipticCurvePublicKey,
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
    addresses: Sequence[IPv4Address],
    now: datetime,
) -> x509.Certificate:
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return (
        _begun(_name("Plumbline"), root.subject, key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(a) for a in addresses]), critical=False)
        .add_extension(issuer, critical=False)
        .sign(root_key, hashes.SHA256())
    )


def _begun(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLOW_CLOCKS)
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs: bool) -> x509.KeyUsage:
    """What the key may do: sign certificates, or agree on the keys of a connection."""
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, data: bytes, mode: int) -> None:
    """Write whole or not at all; nobody else can open the file at any moment unless ``mode`` says so."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
