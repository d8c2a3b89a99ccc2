"""The two foreign devices refuse a specification that they would misunderstand, before they speak a word."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from tests.real.nginx import Nginx
from tests.specs.conftest import ASYNCAPI
from tests.stories.outsider import JAVASCRIPT, PYTHON, environment

RAW = (ASYNCAPI / "device.json").read_bytes()
RIGHT = hashlib.sha256(RAW).hexdigest()


@pytest.mark.parametrize("command", [PYTHON, JAVASCRIPT], ids=["python", "javascript"])
@pytest.mark.parametrize(
    ("version", "raw", "sentence"),
    [
        ("0.2.0", RAW.replace(b"offered", b"0ffered"), "the specification must be what its index says"),
        ("1.0.0", RAW, "speaks version 0.2 of the specification, not 1.0.0"),
    ],
)
def test_an_example_refuses_what_it_would_misunderstand(
    tmp_path: Path, command: tuple[str, ...], version: str, raw: bytes, sentence: str
) -> None:
    (tmp_path / "device.json").write_bytes(raw)
    entry = {"name": "device", "version": version, "path": "device.json", "sha256": RIGHT}
    (tmp_path / "index.json").write_text(json.dumps({"specs": [entry]}))
    nginx = Nginx(tmp_path)
    given = {
        "JOULEBUS_HOME": "house",
        "JOULEBUS_DEVICE": "kettle",
        "JOULEBUS_PRINCIPAL": "house/kettle",
        "JOULEBUS_URL": "ws://127.0.0.1:1/",
        "JOULEBUS_TICKET_FILE": "none",
    }
    words = environment() | given | {"JOULEBUS_MODELS": nginx.url}
    ended = subprocess.run(command, env=words, capture_output=True, text=True, timeout=60)
    nginx.stop()
    assert ended.returncode == 1
    assert sentence in ended.stderr
