"""The schemas are true: what all kinds of devices really say, in six hours of a home that has all of them, fits what is committed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator

from joulebus.bus.plain import to_plain
from joulebus.devices import KINDS
from joulebus.home.round import Home
from joulebus.home.seat import Seat
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.file import Journal
from joulebus_schemas.base import Word
from joulebus_schemas.roster import Member
from joulebus_schemas.rounds import Offered, Reported
from tests.catalogue.conftest import JSON_SCHEMAS, ROOT

INSIDE = [name for name, kind in KINDS.items() if not kind.lives_outside]
"""Kinds that can be asked here."""
HOURS = 6


def camel(kind: str) -> str:
    """As the words of a kind begin."""
    return "".join(part.capitalize() for part in kind.split("_"))


def problems(name: str, word: Word | dict[str, Any]) -> list[str]:
    """What the committed schema of a message says of one that was really said."""
    schema = json.loads((JSON_SCHEMAS / f"{name}.json").read_text())
    plain = json.loads(json.dumps(to_plain(word)))
    return [f"{name}: {error.json_path}: {error.message}" for error in Draft7Validator(schema).iter_errors(plain)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The house from noon on, with one of each kind that it lacks; kept in a journal, as on the bus."""
    journal = Journal.open(tmp_path_factory.mktemp("house") / "journal", durable="memory")
    home = Home.from_file(load_home_file(ROOT / "examples/homes/house.yaml"), journal)
    there = {member.kind for member in home.keeper.roster.values()}
    for kind in sorted({*INSIDE} - there):
        home.add(f"new_{kind}", Member(kind=kind))
    list(home.live(12 * 3_600))
    yield home
    journal.close()


def said(home: Home) -> Iterator[tuple[str, Word | dict[str, Any]]]:
    """Every message of some rounds, with the name of its schema."""
    for _ in range(HOURS):
        settled = [*home.live(3_600)][-1]
        yield "Settled", settled
        for seat in home.seats.values():
            yield from of_device(seat)


def of_device(seat: Seat) -> Iterator[tuple[str, Word | dict[str, Any]]]:
    """What a device says of itself."""
    name = camel(seat.device.kind)
    yield f"{name}Properties", seat.properties
    of_moment = {**seat.device.signals, **seat.device.moment_names}
    assert set(seat.readings()) == {*seat.device.reading_names, *of_moment}
    yield f"{name}Reported", Reported(tick=seat.next_tick or 0, state=seat.state_words(), readings=seat.readings())
    if seat.forecast is not None:
        yield f"{name}Forecast", seat.forecast
        yield "Forecast", seat.forecast


def test_all_that_is_said_in_a_home_fits_the_committed_schemas(home: Home) -> None:
    messages = [*said(home)]
    assert {name for name, _ in messages} >= {f"{camel(kind)}Reported" for kind in INSIDE} | {
        "SunForecast",
        "WeatherForecast",
        "GridForecast",
    }
    assert [one for name, message in messages for one in problems(name, message)] == []


def test_all_that_is_offered_fits(home: Home) -> None:
    opened = home.keeper.open(600)
    packets: dict[str, Offered] = {}
    forecast: dict[str, Any] = {}
    for name in home._order():
        seat = home.seats[name]
        seat.enter(opened)
        for heard in seat.missing(opened):
            seat.inbox.take(heard, forecast[heard])
        seat.forecast_for(opened)
        forecast[name] = seat.forecast
        packets[name] = seat.offer(opened)
    assert problems("Opened", opened) == []
    assert {packet.offer.role for packet in packets.values()} == {
        *("nothing", "flow", "storage", "charger", "thermal", "supply", "grid", "inverter")
    }
    assert [f"{name}: {one}" for name, packet in packets.items() for one in problems("Offered", packet)] == []
