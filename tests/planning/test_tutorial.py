"""The tutorial does what it says: each block is run, and says what is written under it."""

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TUTORIAL = Path(__file__).resolve().parents[2] / "docs/tutorial.md"
BLOCK = re.compile(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```)?", re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    """Code, and what it says."""
    return [(code, said) for code, said in BLOCK.findall(TUTORIAL.read_text())]


def said_by(code: str, names: dict[str, Any]) -> str:
    """What a block prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, str(TUTORIAL), "exec"), names)
    return out.getvalue()


def test_every_block_of_the_tutorial_says_what_is_written_under_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "tutorial"}
    assert len(blocks()) == 9
    for code, said in blocks():
        assert said_by(code, names) == said, code


def test_importing_joulebus_or_a_device_imports_nothing_heavy() -> None:
    heavy = "{'pandas', 'plotly', 'pyarrow', 'scipy', 'numpy'}"
    code = f"import sys, joulebus, joulebus.services.node; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_script_without_a_guard_may_compare(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    home = Path(__file__).resolve().parents[2] / "examples/homes/off_grid.yaml"
    script.write_text(
        f"import joulebus\nhome = joulebus.load({str(home)!r}).starting('2026-12-20T00:00-05:00', 300)\n"
        "print(len(home.compare({'battery.capacity_kwh': [1, 2]}, days=0.5).frame()))\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")
