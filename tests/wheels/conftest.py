"""Our wheels, built and installed outside the checkout: once without extras, once with all of them."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND_SECONDS_MAX = 240


@dataclass(frozen=True)
class Installed:
    """An environment with joulebus, and a folder to work in that is not the checkout."""

    prefix: Path
    folder: Path

    def run(self, command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """A command line of joulebus, with the environment of somebody who has only the wheel."""
        kept = {name: os.environ[name] for name in os.environ if not name.startswith(("JOULEBUS", "PYTHON", "VIRTUAL"))}
        own = {"JOULEBUS_STATE": str(self.folder / "state"), "COLUMNS": "200", "NO_COLOR": "1"}
        joulebus = [str(self.prefix / "bin" / "joulebus"), *command.split()]
        return subprocess.run(
            joulebus, cwd=self.folder, env=kept | own | settings, capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX, check=False
        )

    def python(self, program: str, *words: str) -> str:
        """What a program prints in this environment."""
        command = [str(self.prefix / "bin" / "python"), "-c", program, *words]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of cd/wheels.sh."""
    folder = tmp_path_factory.mktemp("wheels")
    subprocess.run([str(ROOT / "cd/wheels.sh"), str(folder)], check=True)
    return folder


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of a user: a home without weather, and operations of a market."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "flat.yaml").write_bytes((ROOT / "examples/homes/flat.yaml").read_bytes())
    (folder / "lesson_5.jsonl").write_bytes((ROOT / "examples/market/lesson_5.jsonl").read_bytes())
    return folder


@pytest.fixture(scope="session")
def plain(built: Path, examples: Path) -> Installed:
    """joulebus without extras."""
    return Installed(built / "plain", examples)


@pytest.fixture(scope="session")
def full(built: Path, examples: Path) -> Installed:
    """joulebus[all]."""
    return Installed(built / "all", examples)
