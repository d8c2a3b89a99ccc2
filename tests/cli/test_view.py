"""The live view: fits any terminal from 80×24 on, loses nothing that matters, and is calm while a home starts."""

from dataclasses import replace
from datetime import datetime

import pytest
from rich.console import Console, ConsoleDimensions

from joulebus.cli.view import CALM_SECONDS, View
from joulebus.home.mirror import Mirror
from joulebus.home.picture import Picture
from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from joulebus_schemas.calls import ClockState
from joulebus_schemas.rounds import Blocked
from tests.planning.homes import HOMES

SIZES = [(80, 24), (100, 30), (120, 40), (200, 50), (60, 20)]
LINK = "wampc ws://127.0.0.1:48657/house/~operator/" + "x" * 43 + " joulebus"
CLOCK = ClockState(tick=0, time="2026-06-21T21:45:00Z", tick_seconds=1, speed=60.0, paused=False, lag_ticks=0, timezone="America/New_York")


def house_at(clock: str, ticks: int = 1) -> Picture:
    """The house after so many windows of 15 s that begin at a time of its first day."""
    file = load_home_file(HOMES / "house.yaml")
    file = replace(file, start_unix_seconds=int(datetime.fromisoformat(f"2026-06-21T{clock}-04:00").timestamp()))
    home = Home.from_file(file)
    picture = Picture("house", file.start_unix_seconds, CLOCK, dict(home.keeper.roster))
    for number, settled in enumerate(home.live(15 * ticks, 15), 1):
        picture.settle(number, settled)
    return picture


def view_of(picture: Picture, **said: object) -> View:
    """A view that has just heard everything."""
    mirror = Mirror()
    mirror.take_snapshot(picture.snapshot(1))
    return View("house", mirror, **said)  # type: ignore[arg-type]


def drawn(view: View, size: tuple[int, int]) -> list[str]:
    """The lines of the screen."""
    console = Console(width=size[0], height=size[1], force_terminal=False, color_system=None)
    with console.capture() as captured:
        console.print(view.render(ConsoleDimensions(*size)))
    return captured.get().rstrip("\n").split("\n")


@pytest.mark.parametrize("size", SIZES)
def test_a_busy_home_fits_the_screen_with_clock_decision_and_the_way_out(size: tuple[int, int]) -> None:
    picture = house_at("18:05", ticks=4)
    lines = drawn(view_of(picture, leaving="Ctrl-C stops the home", hints=("try this", "and that"), links=(LINK,)), size)
    text = "\n".join(lines)
    assert len(lines) <= size[1] and max(map(len, lines)) <= size[0]
    assert "Sun 2026-06-21 18:06:00" in text and "Ctrl-C stops the home" in text
    assert "battery supplies the home" in " ".join(text.split())
    assert "oven" in text and "2.40 kW" in text and "cost" in text
    assert "1970" not in text and "None" not in text and "…" not in text
    assert (LINK in text) == (len(LINK) <= size[0])


def test_energy_comes_first_and_the_idle_are_folded() -> None:
    lines = drawn(view_of(house_at("18:05", ticks=4)), (80, 24))
    names = [line.split()[0] for line in lines[lines.index(next(line for line in lines if line.startswith("device"))) + 1 :] if line]
    assert names[0] == "battery" and names.index("oven") < names.index("router") < names.index("grid")
    assert any("idle:" in line and "geyser" in line for line in lines)
    assert "idle" not in "\n".join(drawn(view_of(house_at("18:05", ticks=4)), (120, 40)))


def test_what_does_not_fit_is_summed_up() -> None:
    picture = house_at("18:05", ticks=4)
    lines = drawn(view_of(picture), (80, 14))
    assert len(lines) <= 14
    assert any(" more " in line and "W" in line for line in lines)
    assert any(line.startswith("oven") for line in lines), "the strongest stay"


def test_long_names_are_not_cut() -> None:
    picture, long = house_at("18:05", ticks=4), "n" * 32
    picture.roster[long], picture.last = picture.roster["oven"], picture.last
    assert picture.last is not None
    picture.last.outcomes[long] = picture.last.outcomes["oven"]
    assert any(line.startswith(long) for line in drawn(view_of(picture), (80, 30)))


def test_a_home_that_starts_is_no_alarm() -> None:
    picture = Picture("house", 1_782_000_000, CLOCK, dict(house_at("18:00").roster))
    picture.blocked = Blocked(tick=0, seconds=2, waits_for=("oven",), cause="waiting for oven at tick 0")
    view = view_of(picture, is_starting=True)
    view.look(100.0)
    view.look(102.0)
    assert "starting: waiting for oven" in "\n".join(drawn(view, (80, 24)))
    view.look(100.0 + 5 * CALM_SECONDS)
    assert "clock stopped for 25 s: waiting for oven" in "\n".join(drawn(view, (80, 24)))
    assert "house: starting" in "\n".join(drawn(View("house", Mirror(), is_starting=True), (80, 24)))


def test_a_short_wait_of_a_living_home_is_no_alarm_and_a_long_one_is() -> None:
    picture = house_at("18:05", ticks=4)
    picture.blocked = Blocked(tick=60, seconds=2, waits_for=("tv",), cause="waiting for tv at tick 60")
    view = view_of(picture)
    view.look(10.0)
    assert "waiting for tv" not in "\n".join(drawn(view, (80, 24)))
    view.look(10.0 + CALM_SECONDS)
    assert "clock stopped for 5 s: waiting for tv" in "\n".join(drawn(view, (80, 24)))


def test_prices_are_in_the_currency_of_the_place() -> None:
    picture = house_at("18:05")
    grid = picture.roster["grid"]
    picture.roster["grid"] = grid.model_copy(update={"properties": {**grid.properties, "currency": "R"}})
    text = "\n".join(drawn(view_of(picture), (80, 24)))
    assert "cost 0.00 R" in text and "€" not in text
