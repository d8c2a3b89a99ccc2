"""A home has one supervisor, which no terminal needs and which nothing outlives: detached, asked from elsewhere, and killed."""

import json
import os
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.real.reactor import turn
from tests.real.router import wait_until
from tests.stories.conftest import Live
from tests.stories.homes import ROOM, replayed
from tests.stories.living import JOULEBUS, ROOT, LivingHome, alive, hear_ctrl_c, processes_of

GONE_SECONDS_MAX = 30.0


def nothing_is_left(room: LivingHome) -> None:
    wait_until(lambda: processes_of(room.directory) == [], "no process of the home is left", GONE_SECONDS_MAX)


def parts(room: LivingHome) -> dict[str, Any]:
    """What ``joulebus ps`` says of a home."""
    listed = json.loads(room.joulebus("ps", "--json").stdout)
    assert [one["home"] for one in listed] == [room.name]
    found: dict[str, Any] = listed[0]["parts"]
    return found


def page(room: LivingHome, component: str, path: str) -> tuple[int, Any]:
    port = room.running["metrics_ports"][component]
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_whoever_ends_the_command_ends_the_home(live: Live, number: signal.Signals) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    assert room.stop(number) == 0
    assert processes_of(room.directory) == []
    assert not (room.books / "running.json").exists() and not (room.books / "pids.json").exists()


def test_a_killed_command_takes_the_home_along(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    assert room.command is not None
    room.leave()
    room.command.kill()
    room.command.wait()
    nothing_is_left(room)
    assert not (room.books / "running.json").exists(), "the supervisor ended in order"


def test_a_killed_supervisor_takes_all_along_and_the_next_goes_on_with_the_same_seals(live: Live) -> None:
    room = live("room", ROOM, "--speed", "600").up()
    room.wait_for_tick(1_900)
    room.leave()
    os.kill(room.supervisor_pid, signal.SIGKILL)
    assert room.ended(60) == 3
    assert "the supervisor of room was killed by SIGKILL, and all processes of the home with it; `joulebus up` continues it" in room.said
    nothing_is_left(room)
    assert (room.books / "running.json").exists(), "it had no time to tidy up"
    assert room.joulebus("ps").stdout == "no home is up; start one with `joulebus up FILE`\n"
    down = room.joulebus("down")
    assert (down.returncode, down.stderr.count("\n")) == (3, 1) and "a home must be running" in down.stderr
    room.up()
    room.wait_for_tick(room.committed_ticks() + 900)
    assert room.stop() == 0
    windows = [record.window for record in room.committed()]
    assert [window.start for window in windows] == [0, *(window.end for window in windows[:-1])]
    assert len(room.seals()) >= 2 and room.seals() == replayed(room)


@pytest.mark.slow
def test_a_killed_zygote_is_replaced_and_nobody_is_left(live: Live) -> None:
    room = live("room", ROOM, "--speed", "600").up()
    zygote = next(pid for pid in processes_of(room.directory) if b"joulebus.provision.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes())
    before = room.pids()
    os.kill(zygote, signal.SIGKILL)
    components = before.keys() - {"crossbar"}
    room.wait_until(lambda: all(room.pids().get(name, before[name]) != before[name] for name in components), "all are started again")
    assert not [before[name] for name in components if alive(before[name])]
    tick = room.committed_ticks()
    room.wait_until(lambda: room.committed_ticks() >= tick + 900, "time goes on")
    assert room.stop() == 0
    assert processes_of(room.directory) == []
    assert room.seals() == replayed(room)


def test_a_detached_home_outlives_its_terminal_and_is_ended_from_another(live: Live) -> None:
    room = live("room", ROOM)
    words = [JOULEBUS, "up", str(room.file), "--detach", "--guest-port", "0", "--speed", "60"]
    terminal = subprocess.Popen(words, cwd=ROOT, env=room.environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert terminal.stderr is not None
    said = terminal.stderr.read()
    assert terminal.wait(timeout=120) == 0
    assert "room is up after" in said and "`joulebus down room` stops it" in said
    with pytest.raises(ProcessLookupError):
        os.killpg(terminal.pid, signal.SIGHUP)
    tick = room.tick()
    room.wait_for_tick(tick + 60)
    found = parts(room)
    assert found.keys() == {"grid", "heater", "historian", "inverter", "crossbar", "screen", "supervisor"}
    assert {(part["state"], part["replicas"], part["ready"], part["restarts"]) for part in found.values()} == {("running", 1, True, 0)}
    assert {name: part["pid"] for name, part in found.items()} == room.pids() | {"supervisor": room.supervisor_pid}
    table = room.joulebus("ps").stdout
    assert "room: tick" in table and "heater" in table and "running" in table
    room.leave()
    ended = room.joulebus("down", "room")
    assert (ended.returncode, ended.stdout) == (0, "room is down; `joulebus up` continues it\n")
    assert processes_of(room.directory) == []


@pytest.mark.slow
def test_a_detached_home_lives_on_when_nobody_reads_what_was_said_of_it(live: Live) -> None:
    room = live("room", ROOM)
    words = [JOULEBUS, "up", str(room.file), "--detach", "--guest-port", "0", "--speed", "60"]
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as closed:
        assert subprocess.run(words, cwd=ROOT, env=room.environment, stderr=closed, timeout=120, check=False).returncode == 0
    room.wait_for_tick(room.tick() + 60)
    assert room.joulebus("down", "room").returncode == 0
    assert processes_of(room.directory) == []


@pytest.mark.slow
def test_a_hangup_of_the_terminal_does_not_reach_a_detached_home(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60", "--detach").start()
    assert room.ended(120) == 0
    os.kill(room.supervisor_pid, signal.SIGHUP)
    room.wait_for_tick(room.tick() + 60)
    assert room.joulebus("down").returncode == 0


@pytest.mark.slow
def test_a_detached_home_ends_by_itself_when_its_time_is_over(live: Live) -> None:
    room = live("room", ROOM, "--speed", "flat_out", "--for", "1d", "--detach").start()
    assert room.ended(120) == 0
    nothing_is_left(room)
    assert room.committed_ticks() == 86_400


@pytest.mark.slow
def test_any_terminal_restarts_a_part_and_reads_what_it_says(live: Live) -> None:
    room = live("room", ROOM, "--speed", "600").up()
    for name in ("heater", "inverter", "crossbar"):
        before = room.pids()[name]
        assert json.loads(room.joulebus("restart", name).stdout) == {"name": name}
        wait_for_another(room, name, before)
        room.wait_until(lambda: parts_are_ready(room), "all are ready again")
        room.wait_for_tick(room.tick() + 900)
    assert {part["restarts"] for part in parts(room).values()} == {0}, "what was asked for is no failure"
    room.kill9("heater")
    room.wait_until(lambda: parts(room)["heater"]["restarts"] == 1, "a death is counted")
    for words, code, sentence in (
        (("restart", "supervisor"), 2, "the supervisor cannot restart itself"),
        (("restart", "nobody"), 2, "only what runs here can be restarted, and nobody does not; there are crossbar, grid, heater,"),
        (("logs", "nobody"), 2, "there is no log of nobody in room; there are logs of"),
        (("down", "palace"), 3, "the home palace must be running, but none is in"),
    ):
        done = room.joulebus(*words)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1), done.stderr
        assert sentence in done.stderr
    assert "no router at" in room.joulebus("logs", "heater").stdout
    assert len(room.joulebus("logs", "heater", "--tail", "1").stdout.splitlines()) == 1
    assert "is restarted, as somebody has asked" in room.joulebus("logs", "supervisor").stdout
    with subprocess.Popen(
        [JOULEBUS, "logs", "heater", "-f", "--tail", "1"],
        env=room.environment,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=hear_ctrl_c,
    ) as follower:
        assert follower.stdout is not None and follower.stdout.readline(), "it follows from here on"
        room.kill9("crossbar")
        said = follower.stdout  # What it could not send may come first.
        assert any("heater: no router at" in said.readline() for _ in range(5))
        follower.send_signal(signal.SIGINT)
        assert follower.wait(60) == 130
    assert room.stop() == 0
    assert "no router at" in room.joulebus("logs", "heater", "--home", "room").stdout, "a home that is down still has its logs"
    assert room.seals() == replayed(room)


@pytest.mark.slow
def test_what_is_removed_before_its_restart_is_not_restarted(live: Live) -> None:
    room = live("room", ROOM, "--speed", "flat_out").up()
    for number in range(5):
        name = f"kettle_{number}"
        room.ask("home", "add", name=name, kind="appliance", properties={"power_watts": 500})
        room.wait_until(lambda name=name: parts(room)[name]["ready"], "it is ready")
        room.ask("home", "restart", name=name)
        room.ask("home", "remove", name=name)
        room.wait_until(lambda name=name: name not in parts(room), "it is gone")
    room.wait_for_tick(room.tick() + 900)
    assert "Traceback" not in room.joulebus("logs", "supervisor").stdout
    assert room.stop() == 0


def wait_for_another(room: LivingHome, name: str, before: int) -> None:
    room.wait_until(lambda: room.pids().get(name, before) != before, f"{name} has another process")


def parts_are_ready(room: LivingHome) -> bool:
    try:
        return all(part["ready"] for part in parts(room).values())
    except (AssertionError, KeyError):
        return False


def test_every_component_answers_for_its_health(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    room.wait_for_tick(120)
    names = {"heater": "heater", "grid": "grid", "inverter": "inverter", "historian": "historian", "home": "supervisor"}
    for name, part in names.items():
        health = room.ask(name, "health")
        assert (health["component"], health["alive"], health["ready"], health["cause"]) == (name, True, True, None)
        assert health["tick"] > 0
        for path in ("/healthz", "/readyz"):
            status, said = page(room, part, path)
            assert (status, said["ready"]) == (200, True)
    room.freeze("heater")
    room.wait_until(lambda: page(room, "inverter", "/readyz")[0] == 503, "the inverter waits for the frozen heater")
    status, said = page(room, "inverter", "/readyz")
    assert (status, said["ready"], said["alive"]) == (503, False, True) and "waiting for heater" in said["cause"]
    assert page(room, "inverter", "/healthz")[0] == 200
    frozen = parts(room)["heater"]
    assert (frozen["state"], frozen["alive"], frozen["ready"], frozen["cause"]) == ("running", False, False, "it does not answer")
    room.thaw("heater")
    room.wait_until(lambda: page(room, "inverter", "/readyz")[0] == 200, "time goes on")
    assert room.stop() == 0


@pytest.mark.slow
def test_a_part_that_ends_again_and_again_is_named_on_the_bus(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    troubles = room.listen("home", "trouble")
    for _ in range(3):
        room.kill9("screen")
    room.hear(lambda: troubles, "whoever watches is told", 60)
    told = troubles[0][0][0]
    assert (told["part"], told["ends"]) == ("screen", 3)
    assert told["text"] == "screen has ended 3 times within a minute and is started again each time; see `joulebus logs screen`"
    turn(3)
    assert len(troubles) == 1, "and once"
