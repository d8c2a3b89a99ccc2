"""What the scripts of setup find, and leave alone."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def bash(text: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A few lines with the functions of the scripts."""
    return subprocess.run(
        ["bash", "-c", f". cd/common.sh; {text}"], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=60
    )


def test_the_python_of_the_environment_is_never_taken_for_the_machines() -> None:
    before = f"{ROOT}/.venv/bin:{os.environ['PATH']}"
    found = bash("find_python", PATH=before, VIRTUAL_ENV=f"{ROOT}/.venv").stdout.strip()
    assert found and not found.startswith(f"{ROOT}/.venv")
    assert bash(f"{found} -m pip --version").returncode == 0


def test_nothing_is_due_a_second_time_with_the_environment_activated() -> None:
    before = f"{ROOT}/.venv/bin:{os.environ['PATH']}"
    done = subprocess.run(["cd/require.sh"], cwd=ROOT, env=os.environ | {"PATH": before}, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_step_that_fails_shows_what_it_said_and_its_code(tmp_path: Path) -> None:
    done = bash(f'watched {tmp_path}/log "building" bash -c "echo broken; exit 7"')
    assert done.returncode == 7
    assert "building" in done.stderr and "broken" in done.stderr
