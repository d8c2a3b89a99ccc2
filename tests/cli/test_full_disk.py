"""A full disk is one sentence and exit code 2 at each write of each command, and what was there before is not lost."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_wrong_command_lines import FOREIGN
from tests.planning.conftest import JOULEBUS, Command, environment
from tests.planning.homes import cabin
from tests.short import in_short
from tests.stories.test_disk import fill

SPOKEN = (
    "plan {cabin} --days 0.1", "plan {cabin} --days 0.1 --json", "report {run}", "report {run} --json", "report {run} --every hour",
    "compare {cabin} --days 0.1 --vary oven.power_watts=1,2", "device kinds", "device kinds battery --json", "audit {run}",
    "version", "ps", "plan --help", "weather check pvlib:723170TYA.CSV", "journal files {run}", "new {folder}/fresh.yaml",
)  # fmt: skip
"""Commands whose answer does not fit."""
WRITTEN = (
    "report {run} --html {full}/x.html", "report {run} --csv {full}/x.csv", "report {run} --parquet {full}/x.parquet",
    "report {run} --json-file {full}/x.json", "plan {cabin} --days 30 --out {full}/run", "new {full}/x.yaml",
    "compare {cabin} --days 0.1 --vary oven.power_watts=1,2 --csv {full}/x.csv", "schemas {full}",
    "compare {cabin} --days 0.1 --vary oven.power_watts=1,2 --json-file {full}/x.json",
    "compare {cabin} --days 0.1 --vary oven.power_watts=1,2 --chart {full}/x.html",
    "report {run} --html /dev/full", "report {run} --csv /dev/full", "report {run} --json-file /dev/full",
)  # fmt: skip
"""Commands whose file does not fit."""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A home, a run of it, and a disk on which nothing is left."""
    folder = tmp_path_factory.mktemp("disk")
    full = folder / "full"
    full.mkdir()
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    owner = f"size=64k,mode=700,uid={os.getuid()},gid={os.getgid()}"
    subprocess.run([*as_root, "mount", "-t", "tmpfs", "-o", owner, "tmpfs", str(full)], check=True)
    fill(full)
    home, run = cabin(folder), folder / "run"
    subprocess.run(
        [JOULEBUS, "plan", str(home), "--days", "1", "--out", str(run)], check=True, capture_output=True, env=environment(folder)
    )
    yield {"cabin": str(home), "run": str(run), "full": str(full), "folder": str(folder)}
    subprocess.run([*as_root, "umount", "--lazy", str(full)], check=True)


@pytest.mark.parametrize("line", in_short(SPOKEN, *SPOKEN[::3]))
def test_an_answer_that_does_not_fit_is_a_sentence(line: str, places: dict[str, str], tmp_path: Path) -> None:
    words = [word.format(**places) for word in line.split()]
    with open("/dev/full", "w") as full:
        done = subprocess.run([JOULEBUS, *words], env=environment(tmp_path), stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    said = [one for one in done.stderr.splitlines() if not one.startswith("note: ")]
    assert (done.returncode, len(said)) == (2, 1), done.stderr
    assert "the disk is full" in said[0] and not FOREIGN.search(said[0])


@pytest.mark.parametrize("line", in_short(WRITTEN, *WRITTEN[::3]))
def test_a_file_that_does_not_fit_is_named_in_a_sentence(line: str, places: dict[str, str], joulebus: Command) -> None:
    words = [word.format(**places) for word in line.split()]
    done = joulebus(*words)
    said = [one for one in done.stderr.splitlines() if not one.startswith("note: ")]
    assert (done.returncode, len(said)) == (2, 1), done.stderr
    assert "the disk is full" in said[0] and not FOREIGN.search(said[0])
    assert places["full"] in said[0] or "/dev/full" in said[0]


def test_a_home_does_not_begin_on_a_full_disk_and_says_why(places: dict[str, str], joulebus: Command) -> None:
    done = joulebus("up", places["cabin"], "--headless", "--guest-port", "0", JOULEBUS_STATE=places["full"])
    said = done.stderr.strip().splitlines()
    assert (done.returncode, len(said)) == (2, 1), done.stderr
    assert "the disk is full" in said[0] and not FOREIGN.search(said[0])
