"""The certificate for the network: private, good for its addresses and for nothing else, renewed in time."""

from __future__ import annotations

import os
import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from vision.web.certificate import LIFE, RENEWED_BEFORE, Certificate, certificate, fingerprint

HERE, THERE = "192.168.1.5", "10.0.0.7"
NOW = datetime.now(UTC)


def shaken(made: Certificate, name: str) -> ssl.SSLObject:
    """A browser that trusts the root alone meets the server; raises where it does not believe it."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made.path)
    client = ssl.create_default_context(cafile=str(made.root))
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    asks = client.wrap_bio(down, up, server_hostname=name)
    tells = server.wrap_bio(up, down, server_side=True)
    for side in (asks, tells, asks, tells, asks):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return asks


def test_a_browser_that_knows_the_root_believes_it_for_its_addresses_alone(tmp_path: Path) -> None:
    made = certificate(tmp_path, HERE, (THERE,))
    for name in (HERE, THERE):
        found = shaken(made, name).getpeercert(binary_form=True)
        assert found is not None
        assert fingerprint(x509.load_der_x509_certificate(found)) == made.fingerprint
    with pytest.raises(ssl.SSLCertVerificationError, match=r"192\.168\.1\.6"):
        shaken(made, "192.168.1.6")


def test_the_root_vouches_for_these_addresses_only_and_its_key_is_nowhere(tmp_path: Path) -> None:
    made = certificate(tmp_path, HERE)
    root = x509.load_pem_x509_certificate(made.root.read_bytes())
    limits = root.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    assert [str(one.value) for one in limits.value.permitted_subtrees or []] == [f"{HERE}/32"]
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert fingerprint(root) == made.root_fingerprint
    assert made.path.read_text("ascii").count("PRIVATE KEY") == 2  # one key: where it begins and ends
    leaf, _ = x509.load_pem_x509_certificates(made.path.read_bytes())
    assert leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert leaf.public_key() != root.public_key()
    assert b"PRIVATE" not in made.root.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="NOT TESTED: files have no such modes there")
def test_nobody_else_can_read_the_key_at_any_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    really = os.replace

    def seen(draft: Path, path: Path) -> None:
        modes.append(stat.S_IMODE(os.stat(draft).st_mode))
        really(draft, path)

    monkeypatch.setattr(os, "replace", seen)
    before = os.umask(0)
    try:
        made = certificate(tmp_path, HERE)
    finally:
        os.umask(before)
    assert modes == [0o600, 0o644]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    made.path.chmod(0o644)
    assert certificate(tmp_path, HERE).fingerprint != made.fingerprint, "somebody may have read that key"


def test_it_stays_the_same_while_it_serves(tmp_path: Path) -> None:
    made = certificate(tmp_path, HERE, (THERE,), now=NOW)
    assert certificate(tmp_path, HERE, now=NOW + timedelta(days=1)) == made
    assert certificate(tmp_path, THERE, now=NOW) == made
    made.root.unlink()
    assert certificate(tmp_path, HERE, now=NOW) == made
    assert made.root.is_file()


@pytest.mark.parametrize(
    ("address", "later"),
    [
        ("192.168.1.6", timedelta(0)),
        (HERE, LIFE - RENEWED_BEFORE + timedelta(minutes=1)),
        (HERE, LIFE * 2),
        (HERE, timedelta(days=-30)),
    ],
    ids=["another address", "nearly over", "over", "not yet"],
)
def test_it_is_renewed_when_it_no_longer_serves(tmp_path: Path, address: str, later: timedelta) -> None:
    old = certificate(tmp_path, HERE, now=NOW)
    new = certificate(tmp_path, address, now=NOW + later)
    assert new.fingerprint != old.fingerprint
    assert new.root_fingerprint != old.root_fingerprint
    if not later:
        shaken(new, address)


@pytest.mark.parametrize("what", ["empty", "half", "keyless", "of two"])
def test_one_that_is_damaged_is_made_anew(tmp_path: Path, what: str) -> None:
    old = certificate(tmp_path, HERE)
    whole = old.path.read_bytes()
    (tmp_path / "other").mkdir()
    other = certificate(tmp_path / "other", HERE).path.read_bytes()
    at = whole.index(b"-----BEGIN CERTIFICATE")
    damaged = {
        "empty": b"",
        "half": whole[: len(whole) // 2],
        "keyless": whole[at:],
        "of two": other[: other.index(b"-----BEGIN CERTIFICATE")] + whole[at:],
    }
    old.path.write_bytes(damaged[what])
    new = certificate(tmp_path, HERE)
    assert new.fingerprint != old.fingerprint
    shaken(new, HERE)


def test_a_write_that_breaks_off_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate(tmp_path, HERE)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        certificate(tmp_path, THERE)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
