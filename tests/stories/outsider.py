"""A device that is not ours, in a process of its own that knows nothing but its ticket and where the models are."""

import os
import subprocess
import sys
from pathlib import Path

from tests.real.router import ROOT
from tests.stories.living import LivingHome

PYTHON = (sys.executable, str(ROOT / "examples/foreign_device.py"))
JAVASCRIPT = (str(ROOT / "infra/specs/node"), str(ROOT / "examples/foreign_device.mjs"))


class Outsider:
    """One life of it; what it says is in a file."""

    def __init__(self, home: LivingHome, name: str, command: tuple[str, ...]) -> None:
        exports = home.joulebus("device", "ticket", name).stdout.splitlines()
        given = dict(line.removeprefix("export ").split("=", 1) for line in exports)
        self.path = Path(home.directory) / f"{name}.said"
        with self.path.open("ab") as said:
            self.process = subprocess.Popen(command, env=environment() | given, stdout=said, stderr=said, cwd=home.directory)

    @property
    def said(self) -> str:
        """All that it printed, in all of its lives."""
        return self.path.read_text()

    def kill(self) -> None:
        """As an out-of-memory killer would."""
        self.process.kill()
        self.process.wait()


def environment() -> dict[str, str]:
    """Nothing of ours but where JavaScript finds its libraries."""
    return {"PATH": os.environ["PATH"], "NODE_PATH": str(ROOT / "infra/specs/node_modules")}
