"""The specification of what a component speaks, fetched at its start from a store of models (nginx, ``cd/process_specs.sh``).

It is data and never executed: a component keeps its own models, and asks the store only whether both mean the same. A newer
version of the same line only adds optional fields, which are left out on receipt; another line of versions is refused. Without the
store, what was fetched last is in a cache, and what this package was made with lies beside it.
"""

import hashlib
import json
import logging
import re
import urllib.request
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import joulebus_schemas
from joulebus.errors import ModelsError
from joulebus.files import replace_in_one_step
from joulebus_schemas.versions import line

FETCH_SECONDS_MAX = 2.0
DOCUMENT_BYTES_MAX = 8 << 20
VERSION_FORM = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})")

_log = logging.getLogger("joulebus.services.models")


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a part speaks, and how that is known."""

    name: str
    version: str
    sha256: str
    source: Literal["store", "cache", "package"]


def compare_models(url: str, cache: Path, name: str) -> Spoken:
    """Compare what a part speaks with the store; a :class:`ModelsError` says why they cannot understand each other."""
    if not url.startswith(("http://", "https://")):
        raise ModelsError(f'the URL of the models must begin with http:// or https://, but is "{url}"')
    own = packaged(name)
    try:
        found = _fetched(url.rstrip("/") + "/", cache, own)
    except OSError as absent:  # URLError is one, too.
        _log.warning("%s: no models at %s (%s)", name, url, getattr(absent, "reason", absent))
        found = _cached(cache, own)
    _log.info("%s speaks %s %s, %s", name, own.version, own.sha256[:12], _relation(found, own))
    return found


def packaged(name: str) -> Spoken:
    """What this package was made with."""
    raw = (specifications() / f"{name}.json").read_bytes()
    return Spoken(name, json.loads(raw)["info"]["version"], hashlib.sha256(raw).hexdigest(), "package")


def specifications() -> Path:
    """The folder of the AsyncAPI documents, which belongs to the package joulebus_schemas."""
    return Path(joulebus_schemas.__file__).parent / "asyncapi"


def _fetched(base: str, cache: Path, own: Spoken) -> Spoken:
    """From the store; what was fetched before is not fetched again."""
    entry = _entry(_get(base + "index.json"), own.name, base)
    found = Spoken(own.name, entry["version"], entry["sha256"], "store")
    _refuse_another_line(found, own, base)
    kept = cache / f"{own.name}-{found.sha256}.json"
    raw = None if _is_right(kept, found.sha256) else _document(base, entry)
    _refuse_a_namesake(found, own, base)
    if raw is not None:
        _keep(kept, raw)
        _forget_all_but(kept, cache.glob(f"{own.name}-{'?' * 64}.json"))
    _keep(cache / f"{own.name}.index.json", json.dumps(entry).encode())
    return found


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=FETCH_SECONDS_MAX) as answer:
        raw: bytes = answer.read(DOCUMENT_BYTES_MAX + 1)
    if len(raw) > DOCUMENT_BYTES_MAX:
        raise ModelsError(f"a file of the models must have at most {DOCUMENT_BYTES_MAX} bytes, but {url} has more")
    return raw


def _entry(raw: bytes, name: str, base: str) -> dict[str, str]:
    """What the index says about one specification, when it is one of ours."""
    try:
        entries = [entry for entry in json.loads(raw)["specs"] if entry["name"] == name]
        entry = {key: entries[0][key] for key in ("name", "version", "path", "sha256")} if entries else None
    except (ValueError, KeyError, TypeError):
        raise ModelsError(f"{base}index.json must be an index of models (specs: name, version, path, sha256), but is not") from None
    if entry is None:
        raise ModelsError(f"the models at {base} must describe {name}, but do not: run cd/process_specs.sh there")
    fits = VERSION_FORM.fullmatch(str(entry["version"])) and re.fullmatch(r"[0-9a-f]{64}", str(entry["sha256"]))
    if not fits or not re.fullmatch(r"[\w./-]{1,200}", str(entry["path"])) or ".." in entry["path"]:
        raise ModelsError(f"{base}index.json must give {name} a version, a path below it and a SHA-256, but says {entry}")
    return entry


def _document(base: str, entry: dict[str, str]) -> bytes:
    raw = _get(base + entry["path"])
    said, has = entry["sha256"], hashlib.sha256(raw).hexdigest()
    if said != has:
        raise ModelsError(
            f"{base}{entry['path']} must have the SHA-256 {said[:12]}… of its index, but has {has[:12]}…: nothing of it is used"
        )
    return raw


def _cached(cache: Path, own: Spoken) -> Spoken:
    """What was fetched last, or what this package was made with: a cache that is damaged, or of before an update, is none."""
    with suppress(OSError, ValueError, KeyError, TypeError, ModelsError):
        entry: dict[str, str] = json.loads((cache / f"{own.name}.index.json").read_bytes())
        found = Spoken(own.name, entry["version"], entry["sha256"], "cache")
        _refuse_another_line(found, own, str(cache))
        _refuse_a_namesake(found, own, str(cache))
        if _is_right(cache / f"{own.name}-{found.sha256}.json", found.sha256):
            return found
    return own


def _is_right(path: Path, sha256: str) -> bool:
    with suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    return False


def _keep(path: Path, raw: bytes) -> None:
    """Replace a file of the cache in one step; twenty devices of a home may do so at once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_in_one_step(path, raw)


def _forget_all_but(kept: Path, files: Iterable[Path]) -> None:
    """One specification per part is enough: the cache must not grow with each release."""
    for old in files:
        if old != kept:
            old.unlink(missing_ok=True)


def _refuse_another_line(found: Spoken, own: Spoken, url: str) -> None:
    """Its messages may mean something else."""
    if line(found.version) != line(own.version):
        ours = ".".join(map(str, line(own.version)))
        raise ModelsError(
            f"{own.name} speaks version {ours} of the specification, but the models at {url} are of version {found.version}: "
            "install the joulebus of that version, or give the models of this one"
        )


def _refuse_a_namesake(found: Spoken, own: Spoken, url: str) -> None:
    """Two specifications that are called the same."""
    if found.version == own.version and found.sha256 != own.sha256:
        raise ModelsError(
            f"the models at {url} call something else {own.name} {own.version}: their SHA-256 is {found.sha256[:12]}…, that of this "
            f"component {own.sha256[:12]}…; run cd/process_specs.sh for them, or install the joulebus that they were made from"
        )


def _relation(found: Spoken, own: Spoken) -> str:
    if found.version == own.version:
        return f"and so does the {found.source}"
    return f"and the {found.source} {found.version}: fields that one of them does not know are left out"
