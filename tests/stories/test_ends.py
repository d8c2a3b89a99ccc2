"""How a home ends and begins again: every process goes with it, its books stay, and nobody gets in its way."""

import signal
import socket
from pathlib import Path

import pytest

from joulebus.addresses import free_port
from tests.real.router import wait_until
from tests.stories.conftest import Live
from tests.stories.homes import ROOM, replayed, seals_in_memory, taken
from tests.stories.living import STOP_SECONDS_MAX, alive


def left_of(family: list[int]) -> list[int]:
    """Who still lives."""
    return [pid for pid in family if alive(pid)]


def test_the_end_takes_everybody_along_and_the_next_start_goes_on_where_it_was(live: Live) -> None:
    room = live("room", ROOM, "--speed", "600").up()
    for number in (signal.SIGINT, signal.SIGTERM):
        family = room.family()
        assert len(family) >= 8, "the command, supervisor, zygote, router and its worker, inverter, historian and two devices"
        room.wait_for_tick(room.committed_ticks() + 900)
        assert room.stop(number) == 0
        assert left_of(family) == []
        assert not (room.books / "running.json").exists()
        room.up()
    family = room.family()
    assert room.command is not None
    room.command.kill()
    room.command.wait()
    wait_until(lambda: not left_of(family), "no orphan is left", STOP_SECONDS_MAX)
    room.up()
    room.wait_for_tick(room.committed_ticks() + 900)
    assert room.stop() == 0
    windows = [record.window for record in room.committed()]
    assert [window.start for window in windows] == [0, *(window.end for window in windows[:-1])]
    assert [record.generation for record in room.records() if record.record == "woken"] == [1, 2, 3, 4]
    assert room.seals() == replayed(room)


def test_a_home_lives_once_and_two_homes_live_side_by_side(live: Live, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        room = live("room", ROOM, "--speed", "60", "--guest-port", str(port)).up()
        again = room.joulebus("up", str(room.file), "--headless")
        assert (again.returncode, again.stdout, again.stderr.count("\n")) == (3, "", 1)
        assert (
            f"only one home may run in {room.books}, but process {room.supervisor_pid} does; `joulebus down room` ends it" in again.stderr
        )
        assert room.running["guest_url"] != f"ws://127.0.0.1:{port}/"
        assert f"guests at {room.running['guest_url']}" in room.said
        assert room.joulebus("clock", "get").returncode == 0
    assert room.stop() == 0


@pytest.mark.slow
def test_two_homes_that_start_at_once_do_not_take_each_others_door(live: Live) -> None:
    port = str(free_port())
    homes = [live(name, ROOM, "--guest-port", port).start() for name in ("room", "cabin")]
    for home in homes:
        home.wait_until_up()
    doors = {home.running["guest_url"] for home in homes}
    assert len(doors) == 2 and f"ws://127.0.0.1:{port}/" in doors
    for home in homes:
        assert home.running["guest_url"] in home.said
        assert home.ask("home", "list")["home"] == home.name


@pytest.mark.slow
def test_fresh_begins_anew_and_moves_the_old_books_aside(live: Live) -> None:
    room = live("room", ROOM, "--speed", "flat_out", "--for", "1h").start()
    assert room.ended() == 0
    first = room.seals()
    assert room.start("--fresh", "--no-historian").ended() == 0
    assert f"the previous run was moved to {room.books / 'before_1'}" in room.said
    assert room.seals() == first == seals_in_memory(room.file, 3_600)
    assert {path.name for path in (room.books / "before_1").iterdir()} >= {"journal.bin", "history.sqlite"}
    assert room.start().ended() == 0
    assert room.committed_ticks() == 7_200
    assert room.seals() == seals_in_memory(room.file, 7_200)


@pytest.mark.slow
def test_what_was_promised_before_the_end_holds_after_it(live: Live) -> None:
    room = live("room", ROOM, "--speed", "600").up()
    room.ask("clock", "pause")
    room.ask("home", "add", name="kettle", kind="appliance", properties={"power_watts": 500})
    room.ask("home", "switch", name="heater", on=False)
    assert room.stop() == 0
    room.up()
    room.wait_for_tick(room.committed_ticks() + 1_000)
    devices = room.ask("home", "list")["devices"]
    assert {name: member["on"] for name, member in devices.items()} == {"inverter": True, "heater": True, "grid": True}
    assert room.stop() == 0
    assert room.seals() == replayed(room)


@pytest.mark.slow
def test_what_the_file_says_otherwise_holds_from_the_next_tick(live: Live) -> None:
    room = live("room", ROOM, "--speed", "flat_out", "--for", "1h").start()
    assert room.ended() == 0
    text = room.file.read_text()
    room.file.write_text(text.replace("power_watts: 1000}", "power_watts: 1000, on: false}"))
    assert room.start().ended() == 0
    room.file.write_text(text.replace("power_watts: 1000}", "power_watts: 1200, on: false}"))
    assert room.start().ended() == 0
    room.file.write_text(text.replace("power_watts: 1000}", "power_watts: 1200}"))
    assert room.start().ended() == 0
    room.file.write_text(text.replace("seed: 42", "seed: 43"))
    assert room.start().ended() == 2
    assert "the journal" in room.said and "seed 42, but the file now says 43: start from scratch with --fresh" in room.said
    heater = taken(room, "heater")
    assert set(heater) == {*range(3_600), *range(10_800, 14_400)}
    assert {heater[tick] for tick in range(3_600)} == {1000}
    assert {heater[tick] for tick in range(10_800, 14_400)} == {1200}
    assert room.seals() == replayed(room)
