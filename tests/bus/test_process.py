"""The processes of a home: they come back, they end, and none is left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from joulebus.errors import BusError, SetupError
from joulebus.provision.process import BACK_OFF_SECONDS, Processes, Recipe
from tests.real.router import ROOT, RealRouter, processes_with, wait_until

SLEEP = "import time; time.sleep(600)"
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", {!r}])
time.sleep(600)
"""


def python(name: str, code: str) -> Recipe:
    return Recipe(name, (sys.executable, "-c", code))


class Hands:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    made = Processes(tmp_path)
    yield made
    made.stop_all(grace_seconds=1)


def start_module(module: str, *arguments: object) -> subprocess.Popen[str]:
    """A script of tests/real in a process of its own."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_process_that_died_is_started_again_later_each_time(tmp_path: Path) -> None:
    hands = Hands()
    processes = Processes(tmp_path, hands)
    deaths: list[tuple[str, int]] = []
    processes.on_death.append(lambda name, code: deaths.append((name, code)))
    processes.start(python("oven", "raise SystemExit(7)"))
    for index, seconds in enumerate(BACK_OFF_SECONDS):
        wait_until(lambda count=index + 1: (processes.look(), len(deaths) == count)[1], "it dies")  # type: ignore[misc]
        hands.now += seconds - 0.01
        processes.look()
        assert processes.pid("oven") is None
        hands.now += 0.02
        processes.look()
        assert processes.pid("oven") is not None
    assert set(deaths) == {("oven", 7)}
    hands.now += 10
    processes.children["oven"].process.wait()  # type: ignore[union-attr]
    processes.stop_all()


def test_a_killed_process_comes_back_with_its_log(processes: Processes, tmp_path: Path) -> None:
    processes.start(python("oven", f"print('here', flush=True); {SLEEP}"))
    first = processes.pid("oven")
    assert first is not None
    wait_until(lambda: (tmp_path / "logs/oven.log").read_text() == "here\n", "it says something")
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: (processes.look(), processes.pid("oven") not in (None, first))[1], "it comes back")
    wait_until(lambda: (tmp_path / "logs/oven.log").read_text() == "here\nhere\n", "it says it again")


def test_a_device_is_scaled_to_nothing_and_back(processes: Processes) -> None:
    oven = python("oven", SLEEP)
    processes.scale(oven, 1)
    pid = processes.pid("oven")
    processes.scale(oven, 1)
    assert processes.pid("oven") == pid
    processes.scale(oven, 0)
    processes.scale(oven, 0)
    processes.look()
    assert processes.pid("oven") is None
    processes.scale(oven, 1)
    assert processes.pid("oven") not in (None, pid)


def test_who_does_not_go_is_killed_with_its_children(processes: Processes, tmp_path: Path) -> None:
    processes.start(python("stubborn", STUBBORN.format(f"import time; time.sleep(600)  # {tmp_path}")))
    wait_until(lambda: processes_with(f"# {tmp_path}"), "it has a child")
    processes.stop(["stubborn"], grace_seconds=0.2)
    wait_until(lambda: not processes_with(f"# {tmp_path}"), "the child of the child is gone")


def test_what_cannot_be_started_is_one_clear_sentence(processes: Processes) -> None:
    with pytest.raises(SetupError, match="must be an executable file to start router"):
        processes.start(Recipe("router", ("/nowhere/crossbar", "start")))


def test_a_second_home_in_the_same_directory_is_refused(processes: Processes, tmp_path: Path) -> None:
    with pytest.raises(BusError, match=f"process {os.getpid()} does; stop it, or give another directory"):
        Processes(tmp_path)


def test_ctrl_c_ends_everything(tmp_path: Path) -> None:
    supervisor = start_module("tests.real.supervisor", tmp_path)
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "up\n"
    second = start_module("tests.real.supervisor", tmp_path)
    assert (second.wait(timeout=60), "only one home may run" in second.communicate()[1]) == (3, True)
    assert processes_with(f"# {tmp_path}")
    supervisor.terminate()
    assert supervisor.wait(timeout=30) == 0
    assert processes_with(str(tmp_path)) == []


def test_no_process_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    supervisor = start_module("tests.real.supervisor", tmp_path)
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "up\n"
    family = crossbars_of(supervisor.pid)
    assert len(family) >= 3
    supervisor.kill()
    supervisor.wait()
    wait_until(lambda: not [pid for pid in family if alive(pid)], "the router, its worker and the child are gone")
    again = start_module("tests.real.supervisor", tmp_path)
    assert again.stdout is not None
    assert again.stdout.readline() == "up\n"
    again.terminate()
    assert again.wait(timeout=30) == 0


def crossbars_of(pid: int) -> list[int]:
    """All processes below one, of any generation."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split()
    pairs = list(zip(map(int, listed[::2]), map(int, listed[1::2]), strict=True))
    children = [child for child, parent in pairs if parent == pid]
    return children + [below for child in children for below in crossbars_of(child)]


def alive(pid: int) -> bool:
    """A zombie that nobody buries is dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("procedure", "ticket", "says"),
    [
        ("joulebus.house.tv.get", None, "the router must let this component answer joulebus.house.tv.get"),
        ("joulebus.house.oven.get", "0" * 64, "the router refuses oven"),
    ],
)
def test_a_component_that_cannot_do_its_job_ends_with_a_sentence(
    real_router: RealRouter, tmp_path: Path, procedure: str, ticket: str | None, says: str
) -> None:
    access = real_router.access("oven")
    assert access.ticket_file is not None
    shown = tmp_path / "oven"
    shown.write_text(ticket or access.ticket_file.read_text())
    component = start_module("tests.real.component", access.router, shown, procedure)
    assert component.wait(timeout=60) == 3
    said = component.communicate()[1]
    assert says in said
    assert "Traceback" not in said
