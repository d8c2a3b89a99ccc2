"""The files of the project: those that git knows, or would know."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def files(*suffixes: str) -> list[Path]:
    """All files of the project that end so."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    paths = [ROOT / name for name in sorted(set(listed)) if name.endswith(suffixes or "")]
    return [path for path in paths if path.is_file()]


def name_of(path: Path) -> str:
    """As seen from the root of the project."""
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="session")
def python_files() -> list[Path]:
    return files(".py")


@pytest.fixture(scope="session")
def rust_files() -> list[Path]:
    return files(".rs")


@pytest.fixture(scope="session")
def text_files() -> list[Path]:
    """Everything that people wrote; locks and pictures are written by machines."""
    return [path for path in files() if path.suffix not in (".lock", ".png", ".svg", ".bin") and path.name != "package-lock.json"]
