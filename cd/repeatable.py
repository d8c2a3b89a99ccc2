"""Makes an image the same wherever and whenever the same is built: every time in the layers above its base, and in its description, is one.

Reads what ``docker save`` writes, and writes what ``docker load`` reads:
``python cd/repeatable.py EPOCH LAYERS_OF_BASE < in.tar > out.tar``.
"""

import hashlib
import io
import json
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def main() -> None:
    """Read, mend, write."""
    epoch, base_layers = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as saved:
            saved.extractall(folder, filter="tar")
        with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as out:
            mend(Path(folder), out, epoch, base_layers)


def mend(folder: Path, out: tarfile.TarFile, epoch: int, base_layers: int) -> None:
    """The one image of a folder."""
    [image] = json.loads((folder / "manifest.json").read_text())
    config: dict[str, Any] = json.loads((folder / image["Config"]).read_text())
    layers = []
    for number, name in enumerate(image["Layers"]):
        path = folder / name
        if number >= base_layers:
            with_one_time(path, epoch)
        digest = digest_of(path)
        config["rootfs"]["diff_ids"][number] = f"sha256:{digest}"
        layers.append(f"{digest}/layer.tar")
        if layers.count(layers[-1]) == 1:
            out.add(path, layers[-1])
    moment = datetime.fromtimestamp(epoch, UTC).isoformat().replace("+00:00", "Z")
    config["created"] = moment
    config["history"] = [{**step, "created": moment} for step in config["history"]]
    text = json.dumps(config, sort_keys=True).encode()
    described = f"{hashlib.sha256(text).hexdigest()}.json"
    add(out, described, text)
    add(out, "manifest.json", json.dumps([{"Config": described, "RepoTags": image["RepoTags"], "Layers": layers}]).encode())


def with_one_time(path: Path, epoch: int) -> None:
    """A layer whose files are not younger than the epoch."""
    mended = path.with_suffix(".mended")
    with tarfile.open(path) as old, tarfile.open(mended, "w", format=tarfile.PAX_FORMAT) as new:
        for member in old:
            member.mtime = min(int(member.mtime), epoch)
            member.pax_headers = {name: text for name, text in member.pax_headers.items() if name.startswith("SCHILY.xattr")}
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    mended.replace(path)


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def add(out: tarfile.TarFile, name: str, text: bytes) -> None:
    """A file of an archive."""
    member = tarfile.TarInfo(name)
    member.size = len(text)
    out.addfile(member, io.BytesIO(text))


if __name__ == "__main__":
    main()
