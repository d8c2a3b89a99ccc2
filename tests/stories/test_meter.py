"""A meter that stands in the home file lives with its home: telegrams at its doors and on the bus, the quarter-hour for programs."""

import os
import socket

import pytest

from joulebus.addresses import LOOPBACK
from joulebus.meter.reader import ReadTelegram, TelegramReader
from joulebus.meter.reading import meter_at
from tests.real.raw import Raw
from tests.real.router import free_port
from tests.stories.conftest import Live
from tests.stories.homes import ROOM

METER = "  meter: {kind: meter, telegram_port: %d, telegram_terminal: true, peak_watts_max: 500}\n"


def next_of(receive: socket.socket | int) -> ReadTelegram:
    """The next telegram that comes whole."""
    reader = TelegramReader()
    while True:
        data = os.read(receive, 4_096) if isinstance(receive, int) else receive.recv(4_096)
        assert data, "the door must stay open"
        if found := reader.feed(data):
            return found[-1]


def kwh(telegram: ReadTelegram) -> str:
    return telegram.values("1-0:1.8.1")[0]


def test_a_meter_lives_with_its_home_and_goes_on_when_it_is_killed(live: Live) -> None:
    port = free_port()
    room = live("metered", ROOM + METER % port, "--speed", "60").up()
    telegrams, quarters = room.listen("meter", "telegram"), room.listen("meter", "quarter")
    room.hear(lambda: telegrams and quarters, "the meter tells")
    with socket.create_connection((LOOPBACK, port), timeout=60) as one, socket.create_connection((LOOPBACK, port), timeout=60) as deaf:
        terminal = os.open(room.books / "meter.p1", os.O_RDONLY | os.O_NOCTTY)
        assert next_of(one).header == next_of(terminal).header == "/JBU5\\JOULEBUS_A"
        os.close(terminal)
        assert deaf.fileno() > 0
    said = quarters[-1][0][0]
    assert said["import_watts"] == said["power_watts"] >= 1_000 and said["cap_watts"] == 500
    room.hear(lambda: any(heard[0][0]["warning"] for heard in quarters), "it warns")
    room.kill9("meter")
    del telegrams[:], quarters[:]
    room.ask("clock", "pause")
    room.wait_until(lambda: room.ask("meter", "health")["ready"], "the meter is back")
    room.ask("clock", "step", ticks=7)
    room.hear(lambda: telegrams and quarters, "the meter goes on")
    moment = room.committed_ticks()
    room.hear(lambda: telegrams[-1][0][0]["unix_seconds"] == 1_782_050_400 + moment, "the newest tick is told")
    (read,) = TelegramReader().feed(telegrams[-1][0][0]["text"].encode("ascii"))
    (end,) = meter_at(room.journal_path)
    assert kwh(read) == f"{end.state.watt_hours[0] / 1_000:010.3f}*kWh"
    figures = room.figures("meter")
    assert figures['joulebus_meter_energy_joules_total{device="meter",register="import_day"}'] == end.state.joules[0]
    assert figures['joulebus_meter_quarter_watts{device="meter",figure="cap"}'] == 500
    with_good_ticket = Raw(room.running["router"], "metered/heater", (room.books / "tickets" / "heater").read_text())
    refused = with_good_ticket.call("joulebus.metered.inverter.replay", first=1, most=1)
    assert "heater may not read the journal: a device of kind appliance needs none of it" in str(refused)
    assert room.stop() == 0 and not (room.books / "meter.p1").exists()


@pytest.mark.slow
def test_a_door_that_is_taken_is_named_and_the_home_goes_on(live: Live) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        room = live("metered", ROOM + METER % port, "--speed", "60").up()
        room.wait_until(lambda: f"port {port} of {LOOPBACK}" in (room.ask("meter", "health")["cause"] or ""), "the port is named")
        room.wait_for_tick(room.tick() + 30)
    room.wait_until(lambda: room.ask("meter", "health")["ready"], "it opens when it is free")
