"""Home files for trial, and the examples."""

from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples/homes").glob("*.yaml"))

HEAD = """\
home: casa
place: {latitude_degrees: 36.1, longitude_degrees: -79.95, timezone: America/New_York}
start: 2026-06-21T00:00:00-04:00
"""
"""Three lines that are right: what follows begins in line 4."""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a home file where we then are, so that errors call it house.yaml."""
    monkeypatch.chdir(tmp_path)

    def write_text(text: str) -> Path:
        Path("house.yaml").write_text(text)
        return Path("house.yaml")

    return write_text
