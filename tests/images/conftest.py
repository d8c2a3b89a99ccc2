"""The images as cd/images.sh has built them, on the Docker engine of this machine."""

import os
import subprocess
from pathlib import Path

import pytest

from joulebus_schemas.versions import SPECIFICATION

ROOT = Path(__file__).resolve().parents[2]
PREFIX = os.environ.get("PREFIX", "joulebus.local/")
TAG = os.environ.get("TAG", SPECIFICATION)
NAMES = ("joulebus", "joulebus-router", "joulebus-web")
CONFINED = ("--rm", "--network", "none", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
SECONDS_MAX = 120


def image_of(name: str) -> str:
    """Its whole name."""
    return f"{PREFIX}{name}:{TAG}"


def docker(*words: str) -> str:
    """What a command of Docker prints."""
    return subprocess.run(["docker", *words], capture_output=True, text=True, check=True, timeout=SECONDS_MAX).stdout.strip()


def inside(name: str, program: str, *arguments: str) -> str:
    """What a program of an image prints, confined as in a home."""
    return docker("run", *CONFINED, "--entrypoint", program, image_of(name), *arguments)


@pytest.fixture(scope="session", autouse=True)
def images() -> None:
    """The images of this tree."""
    subprocess.run([str(ROOT / "cd/images.sh")], check=True)
