"""The command line as a stranger uses it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

JOULEBUS = str(Path(sys.executable).with_name("joulebus"))
Said = subprocess.CompletedProcess[str]
Command = Callable[..., Said]


@pytest.fixture
def joulebus(tmp_path: Path) -> Command:
    """Run a command; its home is the test's folder."""

    def run(*arguments: object, cwd: Path = tmp_path, **more: str) -> Said:
        command = [JOULEBUS, *map(str, arguments)]
        return subprocess.run(command, cwd=cwd, env=environment(tmp_path) | more, capture_output=True, text=True, timeout=240, check=False)

    return run


def environment(folder: Path) -> dict[str, str]:
    """Of every command."""
    return os.environ | {"JOULEBUS_STATE": str(folder / "state"), "NO_COLOR": "1", "COLUMNS": "200"}
