"""How people sign in on a page: a password, or a link that is good once; each gives a session, which is a secret that ends.

It is copied into the run directory and imported by Crossbar, so it imports nothing of ours. Passwords are kept as scrypt hashes in the
file of their principal; one-time links and sessions as files whose names are the SHA-256 of the secret, beside the principals. A link is
used up by removing its file, which succeeds once. Sessions outlive the router; they end with their time, or when their access changes.
"""

import hashlib
import hmac
import json
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

SESSION_SECONDS = 12 * 3_600
ONCE_SECONDS = 3_600
SESSIONS_MAX = 500
"""The sessions of all people together; the oldest ends when there is another one."""
ONCE_LINKS, SESSIONS = "~once", "~sessions"
"""Folders beside those of homes, whose names have no such mark."""
SCRYPT: dict[str, int] = {"n": 1 << 15, "r": 8, "p": 1}
"""About 0.1 s and 32 MiB a guess."""
SCRYPT_BYTES_MAX = 64 << 20
PASSWORD_CHARACTERS_MAX = 200


def hashed_password(password: str) -> dict[str, Any]:
    """What is kept of a password."""
    salt = secrets.token_hex(16)
    return {"salt": salt, **SCRYPT, "scrypt": _scrypt(password, salt, SCRYPT)}


def is_password(kept: dict[str, Any] | None, password: str) -> bool:
    """Whether this is the password; it takes as long when there is none."""
    told: dict[str, Any] = kept if kept is not None else {"salt": "", **SCRYPT, "scrypt": ""}
    if len(password) > PASSWORD_CHARACTERS_MAX:
        return False
    return hmac.compare_digest(_scrypt(password, told["salt"], told), told["scrypt"]) and kept is not None


def _scrypt(password: str, salt: str, by: dict[str, Any]) -> str:
    found = hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"), salt=salt.encode(), n=by["n"], r=by["r"], p=by["p"], maxmem=SCRYPT_BYTES_MAX
    )
    return found.hex()


def write_once(principals: Path, authid: str) -> str:
    """The secret of a link that lets somebody in once."""
    secret = secrets.token_urlsafe(32)
    _write(principals / ONCE_LINKS, secret, {"authid": authid, "expires_unix_seconds": int(time.time()) + ONCE_SECONDS})
    return secret


def use_once(principals: Path, authid: str, secret: str) -> bool:
    """Whether this is such a secret of somebody; afterwards it is none."""
    path = _file(principals / ONCE_LINKS, secret)
    said = _read(path)
    if said is None or said["authid"] != authid:
        return False
    try:
        path.unlink()
    except OSError:
        return False  # Somebody else was first.
    return bool(said["expires_unix_seconds"] > time.time())


class OpenSessions:
    """The sessions of people who have signed in with a password or a one-time link."""

    def __init__(self, principals: Path) -> None:
        self._folder = principals / SESSIONS
        self._kept: dict[str, dict[str, Any]] = {}
        """What could not be written; a router whose folder is read-only forgets its sessions when it ends."""

    def open(self, authid: str, principal: dict[str, Any]) -> dict[str, Any]:
        """A new one: what the page is told."""
        self._forget_old()
        token, expires = secrets.token_urlsafe(32), int(time.time()) + SESSION_SECONDS
        said = {"authid": authid, "expires_unix_seconds": expires, "access": _digest(json.dumps(principal, sort_keys=True))}
        try:
            _write(self._folder, token, said)
        except OSError:
            self._kept[_digest(token)] = said
        return {"joulebus_session": token, "expires_unix_seconds": expires}

    def expiry(self, authid: str, token: str, principal: dict[str, Any]) -> int | None:
        """When a session ends; None when this is no session of somebody, or of an access that has changed since."""
        said = self._kept.get(_digest(token)) or _read(_file(self._folder, token))
        if said is None or said["authid"] != authid or said["expires_unix_seconds"] <= time.time():
            return None
        is_same = hmac.compare_digest(said["access"], _digest(json.dumps(principal, sort_keys=True)))
        return int(said["expires_unix_seconds"]) if is_same else None

    def _forget_old(self) -> None:
        files = []
        for path in self._folder.glob("*.json") if self._folder.is_dir() else ():
            said = _read(path)
            if said is None or said["expires_unix_seconds"] <= time.time():
                path.unlink(missing_ok=True)
            else:
                files.append((said["expires_unix_seconds"], path))
        for _, path in sorted(files)[: max(0, len(files) - SESSIONS_MAX + 1)]:
            path.unlink(missing_ok=True)
        self._kept = {key: one for key, one in self._kept.items() if one["expires_unix_seconds"] > time.time()}
        while len(self._kept) >= SESSIONS_MAX:
            del self._kept[next(iter(self._kept))]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _file(folder: Path, secret: str) -> Path:
    return folder / f"{_digest(secret)}.json"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return found


def replace_json(path: Path, said: Any) -> None:
    """Write a file for its owner alone, in one step."""
    fresh = path.with_suffix(f".{os.getpid()}.new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(said, file)
    fresh.replace(path)


def _write(folder: Path, secret: str, said: dict[str, Any]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_json(_file(folder, secret), said)
    with suppress(OSError):  # What is left of somebody who was killed.
        for old in folder.glob("*.new"):
            if time.time() - old.stat().st_mtime > 60:
                old.unlink(missing_ok=True)
