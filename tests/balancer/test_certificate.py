"""Certificates: verified offline by us and by a script that does not know us, and refused after any change."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from joulebus.errors import AuditError, MarketError, UnprovenError
from joulebus.market.books import Proposal
from joulebus.market.certificate import QR_BYTES_MAX, qr_image, verify
from joulebus.market.executor import Executor, in_memory
from joulebus.market.keys import DEMONSTRATION, kept_key, read_key
from joulebus.market.opening import Opening
from joulebus.market.store import IN_MEMORY
from joulebus.market.trust import whose_key
from tests.balancer.files import T, executed, group, meter, metered, ppa, seal

SCRIPT = Path(__file__).resolve().parents[2] / "examples" / "verify_certificate.py"


def sealed(whole_epoch: int = 0) -> Executor:
    """A market with a seal; or a whole epoch of so many meters."""
    market = in_memory(3600)
    executed([meter("p", to="seller1"), group("seller1", from_="big", to="big"), ppa("seller1", "buyer1", 200), metered("p", 500)], market)
    executed([metered(f"meter{number}", number + 1) for number in range(whole_epoch)], market)
    executed([("balancing.seal_epoch", {"epoch": T})] if whole_epoch else [seal("seller1")], market)
    return market


@pytest.mark.parametrize("veto", [False, True])
def test_an_auditor_is_asked_for_an_epoch_too(veto: bool) -> None:
    shown: list[Proposal] = []

    def approval(proposal: Proposal) -> str | None:
        shown.append(proposal)
        return "not today" if veto else None

    market = Executor.open(Opening(IN_MEMORY, "market", DEMONSTRATION, approval=approval))
    done = executed(
        [meter("p", to="s"), group("s", to="big"), metered("p", 500), ("balancing.seal_epoch", {"epoch": T, "request_id": "r"})], market
    )
    assert [(one.asset, one.epoch, one.assets) for one in shown] == [(None, T, 4)]
    said = done.results[-1]
    assert (said["status"], said.get("reason"), len(done.seals)) == (("vetoed", "not today", 0) if veto else ("sealed", None, 4))
    assert market.ask("balancing.is_sealed", {"asset_id": "p", "epoch": T}).sealed is not veto


def test_a_key_is_believed_when_it_is_given_or_that_of_a_home_of_mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOULEBUS_STATE", str(tmp_path))
    key = kept_key(tmp_path / "house")
    stranger = public_of(bytes(32))
    assert "house, a home of yours" in whose_key(public_of(key), None)
    assert "was given" in whose_key(stranger, stranger)
    assert "was given" in whose_key(public_of(DEMONSTRATION), public_of(DEMONSTRATION))
    with pytest.raises(UnprovenError, match="proves nothing"):
        whose_key(public_of(DEMONSTRATION), None)
    with pytest.raises(UnprovenError, match="nothing says whose key it is"):
        whose_key(stranger, None)


def test_the_command_has_a_code_of_its_own_for_what_nothing_proves(tmp_path: Path) -> None:
    file, joulebus = tmp_path / "seller1.json", Path(sys.executable).with_name("joulebus")
    file.write_bytes(certificate(sealed()))
    codes = {}
    for options in ((), ("--key", public_of(DEMONSTRATION)), ("--key", public_of(bytes(32)))):
        codes[options[:1] and options[1][:4]] = subprocess.run(
            [joulebus, "verify", file, *options], capture_output=True, check=False
        ).returncode
    assert list(codes.values()) == [5, 0, 1]


def public_of(key: bytes) -> str:
    """By another implementation than the one that signed."""
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw().hex()


def certificate(market: Executor, asset: str = "seller1") -> bytes:
    """Of an asset."""
    text: str = market.ask("balancing.certificate", {"asset_id": asset, "epoch": T}).text
    return text.encode()


@pytest.mark.parametrize("meters", [0, 1, 6])
def test_a_certificate_proves_what_was_sealed(meters: int) -> None:
    found = verify(certificate(sealed(meters)), public_of(DEMONSTRATION))
    assert (found.market, found.asset, found.epoch, found.net_wh) == ("market", "seller1", T, 0)
    assert [one[:4] for one in found.postings] == [
        ("p", "seller1", 500, "meter"),
        ("seller1", "big", 500, "residual"),
        ("seller1", "buyer1", 200, "contract"),
        ("big", "seller1", 200, "counter"),
    ]


@pytest.mark.parametrize("meters", [0, 6])
def test_any_flipped_bit_of_any_byte_is_refused(meters: int) -> None:
    text = certificate(sealed(meters))
    for place in range(len(text)):
        for bit in (1, 32, 128):
            forged = text[:place] + bytes([text[place] ^ bit]) + text[place + 1 :]
            with pytest.raises(AuditError):
                verify(forged)


def test_more_less_and_otherwise_written_is_refused() -> None:
    text = certificate(sealed())
    for forged in (text + b" ", text[:-1], b" " + text, text.replace(b'":', b'": ', 1), b"", b"{}", b"[]", b"null"):
        with pytest.raises(AuditError):
            verify(forged)


def test_another_key_is_refused() -> None:
    with pytest.raises(AuditError):
        verify(certificate(sealed()), public_of(bytes(32)))


def test_a_script_without_our_package_says_the_same(tmp_path: Path) -> None:
    text, file = certificate(sealed(6)), tmp_path / "certificate.json"
    assert b"joulebus" not in b"".join(line for line in SCRIPT.read_bytes().splitlines() if line.startswith((b"import", b"from")))
    assert len(SCRIPT.read_text().splitlines()) <= 32
    file.write_bytes(text)
    assert "sound: seller1" in _run(file).stdout
    for place in range(0, len(text), 97):
        file.write_bytes(text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])
        assert _run(file).returncode != 0, place


def _run(file: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-I", str(SCRIPT), str(file)], capture_output=True, text=True, timeout=60, check=False)


def test_a_qr_code_holds_it_or_says_why_not(tmp_path: Path) -> None:
    qr_image(certificate(sealed()).decode(), tmp_path / "qr.png")
    qr_image(certificate(sealed()).decode(), tmp_path / "qr.svg")
    assert (tmp_path / "qr.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(MarketError, match=str(QR_BYTES_MAX)):
        qr_image("x" * (QR_BYTES_MAX + 1), tmp_path / "qr.png")


def test_the_key_of_a_home_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    key = kept_key(tmp_path)
    assert kept_key(tmp_path) == key and (tmp_path / "market.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "market.key").chmod(0o644)
    with pytest.raises(MarketError, match="chmod 600"):
        read_key(tmp_path / "market.key")


def test_an_auditor_may_veto() -> None:
    auditor = Opening(
        IN_MEMORY,
        "market",
        DEMONSTRATION,
        approval=lambda one: "too much" if any(line[2] > 400 for line in json.loads(one.document or b"")["postings"]) else None,
    )
    market = Executor.open(auditor)
    executed([meter("p", to="s"), group("s", to="big"), metered("p", 500)], market)
    before = market.books.engine.state_hash()
    done = executed([seal("s")], market)
    assert (done.results[0]["status"], done.results[0]["reason"], done.seals) == ("vetoed", "too much", ())
    assert market.books.engine.state_hash() == before
