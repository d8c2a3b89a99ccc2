"""What is built again, with nothing of the build before, is the same image to the byte."""

import os
import subprocess

import pytest

from tests.images.conftest import NAMES, PREFIX, docker, image_of
from tests.real.router import ROOT

TAG = "again"


@pytest.mark.slow
def test_an_image_that_is_built_again_is_the_same() -> None:
    before = {name: docker("image", "inspect", "--format", "{{.Id}}", image_of(name)) for name in NAMES}
    subprocess.run([str(ROOT / "cd/images.sh")], env={**os.environ, "TAG": TAG, "FRESH": "1"}, check=True)
    after = {name: docker("image", "inspect", "--format", "{{.Id}}", f"{PREFIX}{name}:{TAG}") for name in NAMES}
    assert after == before
