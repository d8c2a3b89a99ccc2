"""The models that ``cd/process_specs.sh`` makes, and an nginx that serves them."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.real.nginx import Nginx
from tests.real.router import ROOT

ASYNCAPI = ROOT / "schemas/asyncapi"


@pytest.fixture(scope="session")
def models() -> Path:
    """Made when they are not what the documents say; several workers wait for one another."""
    made = subprocess.run([ROOT / "cd/process_specs.sh"], capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    return ROOT / ".build/models"


@pytest.fixture(scope="session")
def store(models: Path) -> Iterator[Nginx]:
    """The real thing."""
    nginx = Nginx(models)
    yield nginx
    nginx.stop()


def examples(document: str = "joulebus") -> list[tuple[str, dict[str, Any]]]:
    """Each message of a document by name, with its examples."""
    messages = json.loads((ASYNCAPI / f"{document}.json").read_text())["components"]["messages"]
    return [(name, example["payload"]) for name, message in messages.items() for example in message["examples"]]
