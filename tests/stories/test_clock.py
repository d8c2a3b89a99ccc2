"""Time goes as fast as it was told, stands when it is told, and says when the home cannot keep up."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.real.reactor import turn, until
from tests.stories.conftest import Live, LiveFile
from tests.stories.homes import ROOM, replayed, write_home
from tests.stories.living import LivingHome


class Timed(list[Any]):
    """Settlements with the moment in which they were heard: (seconds, first tick that is not settled)."""

    def append(self, event: Any) -> None:
        window = event[0][0]["window"]
        super().append((time.monotonic(), window["start"] + window["ticks"]))


def drift_seconds(settled: Timed, speed: float) -> float:
    """How much later the last settlements came than the first, against a clock of this speed.

    A busy machine makes single settlements late and none early, so the earliest of each end tell how the clock goes.
    """
    late = [moment - tick / speed for moment, tick in settled]
    part = max(1, len(late) // 4)
    return min(late[-part:]) - min(late[:part])


def goes_at(settled: Timed, speed: float, seconds: float, tolerance_seconds: float) -> None:
    """Time goes at this speed for so long. A busy machine may hide that for a while; a clock that is wrong only gets further off."""
    turn(seconds)
    until(lambda: abs(drift_seconds(settled, speed)) < tolerance_seconds, f"time goes at speed {speed:g}", 120 + 2 * seconds)


def listen(home: LivingHome) -> Timed:
    """From the next settlement on."""
    settled = Timed()
    home.guest.subscribe(f"joulebus.{home.name}.inverter.settled", settled)
    home.hear(lambda: settled, "a settlement", 60)
    settled.clear()
    return settled


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [20, 600])
def test_time_goes_as_fast_as_it_was_told_and_does_not_drift(live_file: LiveFile, tmp_path: Path, seconds: int) -> None:
    homes = {speed: live_file(write_home(tmp_path, f"room{speed}", ROOM), "--speed", str(speed)).up() for speed in (1, 60, 3_600)}
    heard = {speed: listen(home) for speed, home in homes.items()}
    turn(seconds)
    for speed, settled in heard.items():
        goes_at(settled, speed, 0, 0.2)
        print(f"speed {speed}: drift {drift_seconds(settled, speed) * 1000:.1f} ms, {len(settled)} settlements in {seconds} s")


def test_time_stands_steps_and_goes_on(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    paused = room.ask("clock", "pause")
    assert paused["paused"] and paused["lag_ticks"] == 0
    room.wait_until(lambda: room.ask("inverter", "balance")["tick"] == room.committed_ticks(), "the open window is settled")
    tick = room.tick()
    for ticks in (1, 10, 5_000):
        room.ask("clock", "step", ticks=ticks)
        tick += ticks
        room.wait_for_tick(tick)
        turn(0.5)
        assert room.tick() == tick
    room.kill9("inverter")
    room.wait_until(lambda: "inverter" in answers(room), "the inverter answers again")
    turn(1)
    assert (room.tick(), room.ask("clock", "get")["paused"]) == (tick, True)
    room.ask("clock", "resume")
    for speed in (300, 1_200):
        room.ask("clock", "speed", speed=speed)
        goes_at(listen(room), speed, 5, 0.15)
    assert room.stop() == 0
    assert room.seals() == replayed(room)


def answers(home: LivingHome) -> list[str]:
    """Who of the home answers at this moment."""
    answer = home.guest.call(f"joulebus.{home.name}.inverter.get")
    return [] if isinstance(answer, Exception) else ["inverter"]


@pytest.mark.slow
def test_a_home_that_cannot_keep_up_says_by_how_much_and_who_is_slow_and_catches_up(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    settled = listen(room)
    turn(2)
    in_time_at = last_in_time(room)
    room.freeze("heater")
    room.wait_until(lambda: room.ask("clock", "get")["lag_ticks"] >= 120, "time falls behind")
    clock = room.ask("clock", "get")
    assert clock["lag_ticks"] <= (time.monotonic() - in_time_at + 1) * 60, clock
    assert (clock["slowest"], clock["waits_for"]) == ("heater", ["heater"])
    room.wait_until(lambda: room.figures("inverter")["joulebus_lag_ticks"] >= 60, "Prometheus is told")
    room.thaw("heater")
    last_in_time(room)
    goes_at(settled, 60, 2, 0.3)
    assert room.stop() == 0
    assert room.seals() == replayed(room)


def last_in_time(home: LivingHome) -> float:
    """Wait until the home is not behind; a moment before it was not."""
    asked_at = [0.0]

    def keeps_up() -> bool:
        asked_at[0] = time.monotonic()
        return bool(home.ask("clock", "get")["lag_ticks"] == 0)

    home.wait_until(keeps_up, "the home keeps up")
    return asked_at[0]
