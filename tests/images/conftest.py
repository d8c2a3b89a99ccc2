"""The images as cd/images.sh has built them, on the Docker engine of this machine."""

import os
import subprocess

import pytest

from joulebus_schemas.versions import SPECIFICATION
from tests.real.commands import printed
from tests.real.router import ROOT

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
    return printed("docker", *words, seconds=SECONDS_MAX).strip()


def inside(name: str, program: str, *arguments: str) -> str:
    """What a program of an image prints, confined as in a home."""
    return docker("run", *CONFINED, "--entrypoint", program, image_of(name), *arguments)


@pytest.fixture(scope="session", autouse=True)
def images() -> None:
    """The images of this tree."""
    subprocess.run([str(ROOT / "cd/images.sh")], check=True)
