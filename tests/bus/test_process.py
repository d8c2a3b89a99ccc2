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


def forked(name: str, *arguments: str) -> Recipe:
    """A component, forked from a zygote."""
    return Recipe(name, arguments, module="tests.real.forkable")


SLEEPERS = [python("oven", f"print('here', flush=True); {SLEEP}"), forked("oven", "sleep")]


class Hands:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def seen(processes: Processes) -> bool:
    """Look after them, in the condition of a wait."""
    processes.look()
    return True


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
        wait_until(lambda count=index + 1: seen(processes) and len(deaths) == count, "it dies")  # type: ignore[misc]
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


@pytest.mark.parametrize("oven", SLEEPERS, ids=["program", "component"])
def test_a_killed_process_comes_back_with_its_log(processes: Processes, tmp_path: Path, oven: Recipe) -> None:
    log = tmp_path / "logs/oven.log"
    processes.start(oven)
    first = processes.pid("oven")
    assert first is not None
    wait_until(lambda: log.exists() and log.read_text().count("here") == 1, "it says something")
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: seen(processes) and processes.pid("oven") not in (None, first), "it comes back")
    wait_until(lambda: log.read_text().count("here") == 2, "it says it again")


@pytest.mark.parametrize("oven", SLEEPERS, ids=["program", "component"])
def test_a_device_is_scaled_to_nothing_and_back(processes: Processes, oven: Recipe) -> None:
    processes.start(oven)
    pid = processes.pid("oven")
    processes.scale("oven", 1)
    assert processes.pid("oven") == pid
    processes.scale("oven", 0)
    processes.scale("oven", 0)
    processes.look()
    assert processes.pid("oven") is None
    processes.scale("oven", 1)
    assert processes.pid("oven") not in (None, pid)


@pytest.mark.parametrize(("arguments", "code"), [(["end", "0"], 0), (["end", "3"], 3), (["leave", "4"], 4), (["fail"], 1)])
def test_a_forked_component_ends_with_its_code(processes: Processes, tmp_path: Path, arguments: list[str], code: int) -> None:
    deaths: list[tuple[str, int]] = []
    processes.on_death.append(lambda name, ended: deaths.append((name, ended)))
    processes.start(forked("oven", *arguments))
    wait_until(lambda: seen(processes) and deaths, "it ends")
    assert deaths[0] == ("oven", code)
    assert ("a bug of the component" in (tmp_path / "logs/oven.log").read_text()) == (arguments == ["fail"])


def test_components_come_back_when_their_zygote_was_killed(processes: Processes) -> None:
    for name in ("oven", "tv"):
        processes.start(forked(name, "sleep"))
    before = [processes.pid(name) for name in ("oven", "tv")]
    zygote = processes.prefork._zygote
    assert zygote is not None
    zygote.kill()
    wait_until(lambda: seen(processes) and not {processes.pid(name) for name in ("oven", "tv")} & {None, *before}, "both are back")
    assert not [pid for pid in before if pid is not None and alive(pid)]


def test_who_does_not_go_is_killed_with_its_children(processes: Processes, tmp_path: Path) -> None:
    processes.start(python("stubborn", STUBBORN.format(f"import time; time.sleep(600)  # {tmp_path}")))
    wait_until(lambda: processes_with(f"# {tmp_path}"), "it has a child")
    processes.stop(["stubborn"], grace_seconds=0.2)
    wait_until(lambda: not processes_with(f"# {tmp_path}"), "the child of the child is gone")


def test_what_cannot_be_started_is_one_clear_sentence(processes: Processes) -> None:
    with pytest.raises(SetupError, match="router cannot be started: .* cannot be executed"):
        processes.start(Recipe("router", ("/nowhere/crossbar", "start")))


def test_a_second_home_in_the_same_directory_is_refused(processes: Processes, tmp_path: Path) -> None:
    with pytest.raises(BusError, match=f"process {os.getpid()} does; `joulebus down {tmp_path.name}` ends it"):
        Processes(tmp_path)


def test_no_process_outlives_its_supervisor_killed_or_asked(tmp_path: Path) -> None:
    killed = supervise(tmp_path)
    family = below(killed.pid)
    assert len(family) >= 5
    killed.kill()
    killed.wait()
    wait_until(lambda: not [pid for pid in family if alive(pid)], "the router, its worker and the child are gone")
    asked = supervise(tmp_path)
    family = below(asked.pid)
    second = start_module("tests.real.supervisor", tmp_path)
    assert (second.wait(timeout=60), "only one home may run" in second.communicate()[1]) == (3, True)
    asked.terminate()
    assert asked.wait(timeout=30) == 0
    assert [pid for pid in family if alive(pid)] == []


def supervise(directory: Path) -> subprocess.Popen[str]:
    """A supervisor with a router and a child that are up."""
    supervisor = start_module("tests.real.supervisor", directory)
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "up\n"
    return supervisor


def below(pid: int) -> list[int]:
    """All processes below one, of any generation."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split()
    pairs = list(zip(map(int, listed[::2]), map(int, listed[1::2]), strict=True))
    children = [child for child, parent in pairs if parent == pid]
    return children + [one for child in children for one in below(child)]


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
        ("joulebus.house.oven.get", "0" * 64, "the router refuses house/oven"),
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
