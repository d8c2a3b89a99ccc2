"""The key that signs seals: 32 secret bytes in a file that only its owner reads, or given by the caller."""

import secrets
from hashlib import sha256
from pathlib import Path

from joulebus.errors import MarketError
from joulebus.files import replace_atomically
from joulebus.refusals.system import reason
from joulebus_core import market as core

KEY_BYTES = 32
KEY_FILE = "market.key"
DEMONSTRATION = sha256(b"joulebus market: this key is known to everybody").digest()
"""Signs what `joulebus market run` does without a key: reproducible, and proof of nothing."""


def kept_key(directory: Path) -> bytes:
    """The key of a running home; made at its first start."""
    path = directory / KEY_FILE
    if not path.exists():
        _write(path, secrets.token_bytes(KEY_BYTES))
    return read_key(path)


def read_key(path: Path) -> bytes:
    """A key from its file: 64 hexadecimal digits.

    Raises:
        MarketError: The file is not a key, or others may read it.
    """
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise MarketError(f"the key {path} cannot be read: {reason(error)}") from None
    except ValueError:
        raise MarketError(f"a key must be a file with 64 hexadecimal digits, but {path} is not") from None
    if len(key) != KEY_BYTES:
        raise MarketError(f"the key of a market must be {KEY_BYTES} bytes as hexadecimal digits, but {path} has {len(key)}")
    if path.stat().st_mode & 0o077:
        raise MarketError(f"only its owner may read the key of a market, but others may read {path}; do: chmod 600 {path}")
    return key


def public_of(key: bytes) -> str:
    """The public key of a key, as hexadecimal digits."""
    return core.Signer(key).public_key.hex()


def _write(path: Path, key: bytes) -> None:
    """In one step, and readable by nobody else at any moment."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_atomically(path, f"{key.hex()}\n".encode(), 0o600)
