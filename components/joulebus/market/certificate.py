"""Certificates of seals: verified offline, and as a QR code for paper and screens."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from joulebus.errors import AuditError, MarketError, UsageError
from joulebus.extras import need
from joulebus.refusals.system import reason
from joulebus_core import market as core

if TYPE_CHECKING:
    import segno

CERTIFICATE_BYTES_MAX = 64 * 2**20
QR_BYTES_MAX = 2_953
"""What the largest QR code holds."""


class Verified(NamedTuple):
    """What a certificate proves."""

    market: str
    asset: str
    epoch: int
    epoch_seconds: int
    number: int
    postings: tuple[tuple[Any, ...], ...]
    """from, to, Wh, kind, whose posting it is (0: the giver's), CO2 in mg, contract, source, original epoch; what is nothing at the end is
    left out."""
    public_key: str

    @property
    def net_wh(self) -> int:
        """What came in less what went out."""
        return sum(one[2] * ((one[1] == self.asset) - (one[0] == self.asset)) for one in self.postings)


def verify(text: bytes, public_key: str | None = None) -> Verified:
    """What a certificate proves; raises AuditError when a single byte is not as it was issued.

    Raises:
        UsageError: The public key is not 64 hexadecimal digits.
    """
    key = None if public_key is None else _key(public_key)
    try:
        core.verify_certificate(text, key)
    except core.MarketError as error:
        raise AuditError(f"the certificate does not hold: {error}") from None
    said = json.loads(text)
    document, seal = said["document"], said["seal"]
    return Verified(
        seal["market"],
        document["asset"],
        document["epoch"],
        seal["epoch_seconds"],
        seal["number"],
        tuple(tuple(one) for one in document["postings"]),
        said["public_key"],
    )


def _key(public_key: str) -> bytes:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", public_key):
        raise UsageError(f'a public key is 64 hexadecimal digits, but was "{public_key}"')
    return bytes.fromhex(public_key)


def read_certificate(path: Path) -> bytes:
    """A certificate from its file; a line end that an editor has put behind it does not belong to it.

    Raises:
        MarketError: The file cannot be read or is too large.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= CERTIFICATE_BYTES_MAX else None
    except OSError as error:
        raise MarketError(f"the certificate {path} cannot be read: {reason(error)}") from None
    if data is None:
        raise MarketError(f"a certificate must have at most {CERTIFICATE_BYTES_MAX} bytes, but {path} has more")
    return data.removesuffix(b"\n")


def qr_image(text: str, path: Path) -> None:
    """The certificate as a QR code: PNG or SVG, by the name of the file.

    Raises:
        MarketError: The file is neither .png nor .svg, or the certificate is too large for a QR code.
    """
    if path.suffix not in (".png", ".svg"):
        raise MarketError(f"a QR code is written as .png or .svg, but the file is {path.name}")
    out = BytesIO()
    _qr(text).save(out, kind=path.suffix[1:], scale=4)
    path.write_bytes(out.getvalue())


def qr_terminal(text: str) -> None:
    """The certificate as a QR code in the terminal.

    Raises:
        MarketError: The certificate is too large for a QR code.
    """
    _qr(text).terminal(compact=True)


def _qr(text: str) -> "segno.QRCode":
    need("segno")
    import segno

    size = len(text.encode())
    if size > QR_BYTES_MAX:
        raise MarketError(f"a QR code holds at most {QR_BYTES_MAX} bytes, but this certificate has {size}; pass the file on instead")
    return segno.make_qr(text, error="l", boost_error=True)
