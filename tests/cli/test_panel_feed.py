"""Panels of a meter: gas and water out of telegrams, a source that goes away and comes back, files that end; and what fits its place."""

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.text import Text

from joulebus.cli.fitted import Fitted
from joulebus.cli.panel_feed import TelegramFeed
from joulebus.cli.panel_sources import TelegramPanels
from joulebus.errors import UsageError
from joulebus.meter.crc import crc16
from joulebus.meter.reader import TelegramReader
from joulebus.meter.volumes import Volumes, volumes_in
from joulebus.meter.watched import WatchedMeter
from tests.cli.panel_home import drawn
from tests.cli.test_panels import FLANDERS, picture
from tests.planning.conftest import JOULEBUS, environment
from tests.real.router import wait_until

ZONE = "Europe/Brussels"


def said(minute: int, *lines: str) -> bytes:
    """A telegram of a Saturday, with some lines of a meter and others."""
    body = "\r\n".join(
        ["/FLU5\\253", "", f"0-0:1.0.0(26032810{minute:02d}00W)", "1-0:1.8.1(000100.000*kWh)", "0-0:96.14.0(0001)", *lines, "!"]
    ).encode()
    return body + f"{crc16(body):04X}\r\n".encode()


def gas(cubic_metres: str, code: str = "24.2.3", channel: int = 1, kind: str = "003") -> tuple[str, str]:
    return f"0-{channel}:24.1.0({kind})", f"0-{channel}:{code}(260328100000W)({cubic_metres}*m3)"


VOLUMES = {
    "gas as it is, water": ((*gas("00012.345"), *gas("00001.002", "24.2.1", 2, "007")), Volumes(12_345, 1_002)),
    "gas that is corrected": (gas("00012.345", "24.2.1"), Volumes(12_345, None)),
    "two meters of gas": ((*gas("00012.345"), *gas("00001.000", channel=4)), Volumes(13_345, None)),
    "of another kind": (gas("00012.345", kind="012"), Volumes(None, None)),
    "nothing that is a number": (gas("-----.---"), Volumes(None, None)),
    "no such meter": ((), Volumes(None, None)),
}


@pytest.mark.parametrize("lines, volumes", VOLUMES.values(), ids=VOLUMES.keys())
def test_a_telegram_says_what_gas_and_water_meters_show(lines: tuple[str, ...], volumes: Volumes) -> None:
    (read,) = TelegramReader().feed(said(0, *lines))
    assert volumes_in(read) == volumes


def test_a_watched_meter_counts_gas_and_begins_anew_where_the_meter_was_exchanged() -> None:
    meter = WatchedMeter(ZONE)
    for place, shown in enumerate(("00012.000", "00012.250", None, "00012.400", "00000.010", "00000.030")):
        (read,) = TelegramReader().feed(said(place, *(gas(shown) if shown else ())))
        meter = meter.after(read)
    assert sum(quarter.gas_litres for quarter in meter.quarters) == 250 + 150 + 0 + 20
    assert meter.volumes == Volumes(30, None)


def test_a_file_of_telegrams_shows_gas_and_its_cost(tmp_path: Path) -> None:
    file = tmp_path / "telegrams.txt"
    file.write_bytes(said(0, *gas("00012.000")) + said(1, *gas("00014.000")))
    whole = picture(file, (120, 40), "--rates", FLANDERS)
    assert re.search(r"gas m³ +2\.000 +2\.000 ", whole) and re.search(r"gas kWh +23\.02 ", whole), whole
    assert re.search(r"gas € +1\.43 ", whole), "2 m³ of 11.51 kWh at 0.062 €"
    assert "11.51 kWh/m³" in whole and "a meter knows nothing of them" in whole
    assert "no € without --rates of them" in picture(file, (120, 40))


def test_a_file_without_telegrams_says_what_it_must_hold(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("/ is how paths begin")
    assert "holds no whole telegram: it must hold what the P1 port of a meter sends" in picture(file, (120 + len(str(file)), 40))


def test_what_is_appended_to_a_file_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "telegrams.txt"
    file.write_bytes(said(0))
    panels = TelegramPanels(str(file), ZONE)
    feed = TelegramFeed(str(file), panels)
    feed.begin()
    try:
        wait_until(lambda: "end of the file" in panels.view.state, "the file is read")
        with file.open("ab") as more:
            more.write(said(1))
        wait_until(lambda: panels.read == 2, "what was appended is read")
    finally:
        feed.end()
    assert panels.view.trouble == ""


@contextmanager
def port(number: int = 0) -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", number)) as server:
        yield server


def test_a_meter_that_goes_away_is_told_and_found_again() -> None:
    with port() as server:
        number = server.getsockname()[1]
        panels = TelegramPanels("meter", ZONE)
        feed = TelegramFeed(f"tcp://127.0.0.1:{number}", panels)
        feed.begin()
        connection, _ = server.accept()
        connection.sendall(said(0) + said(1)[:40])
        wait_until(lambda: panels.read == 1, "the first telegram is read")
        connection.close()
    try:
        wait_until(lambda: "nobody listens there; it is tried again every 3 s" in panels.view.trouble, "it is tried again in vain")
        with port(number) as server:
            connection, _ = server.accept()
            connection.sendall(said(2))
            wait_until(lambda: panels.read == 2, "the meter is read again")
            connection.close()
            assert panels.view.state.startswith("2 read, 1 dropped")
            wait_until(lambda: "closed the connection" in panels.view.trouble, "its end is told again")
    finally:
        feed.end()


def test_once_a_meter_is_read_until_its_first_telegram() -> None:
    with port() as server:
        panels = TelegramPanels("meter", ZONE)
        feed = TelegramFeed(f"tcp://127.0.0.1:{server.getsockname()[1]}", panels)
        connection, _ = server.accept()
        connection.sendall(said(0, *gas("00012.000")))
        feed.read_once()
        connection.close()
    assert panels.read == 1 and panels.view.volumes.has_gas


REFUSED = {
    "nobody": ("tcp://127.0.0.1:9", "cannot be reached: nobody listens there"),
    "no name": ("tcp://no.such.machine.invalid:99", "cannot be reached: no machine has that name"),
    "no port": ("tcp://127.0.0.1", "a meter on the network is tcp://HOST:PORT"),
}


@pytest.mark.parametrize("source, text", REFUSED.values(), ids=REFUSED.keys())
def test_a_source_that_was_never_there_is_refused(source: str, text: str) -> None:
    with pytest.raises(UsageError, match=re.escape(text)):
        TelegramFeed(source, TelegramPanels(source, ZONE))


def test_a_time_zone_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "telegrams.txt").write_bytes(said(0))
    words = [JOULEBUS, "panels", str(tmp_path / "telegrams.txt"), "--timezone", "Mars/Olympus", "--once"]
    refused = subprocess.run(words, env=environment(tmp_path), capture_output=True, text=True)
    assert refused.returncode == 2 and "an IANA name such as Europe/Berlin; it was Mars/Olympus" in refused.stderr


def test_a_silent_meter_is_told_after_half_a_minute() -> None:
    panels = TelegramPanels("meter", ZONE)
    panels.feed(said(0))
    for _ in range(30):
        panels.count()
    assert panels.view.state == "1 read, 0 dropped"
    panels.count()
    assert panels.view.state == "1 read, 0 dropped, no telegram for 30 s"
    panels.feed(said(1))
    panels.count()
    assert panels.view.state == "2 read, 0 dropped"


LONG, SHORT = Text("\n".join(f"line {number}" for number in range(1, 9))), Text("short")
FITTED = {
    "the fullest form that fits": ([LONG, SHORT], 8, 0, "line 1", "line 8"),
    "the next one": ([LONG, SHORT], 4, 0, "short", "short"),
    "as much as there is room for": ([LONG], 4, 0, "line 1", "lines 1 to 3 of 8: key 5"),
    "the next page": ([LONG], 4, 1, "line 4", "lines 4 to 6 of 8: key 5"),
    "the last page": ([LONG], 4, 2, "line 7", "lines 7 to 8 of 8: key 5"),
    "the first one again": ([LONG], 4, 3, "line 1", "lines 1 to 3 of 8: key 5"),
}


@pytest.mark.parametrize("forms, height, page, first, last", FITTED.values(), ids=FITTED.keys())
def test_what_does_not_fit_says_where_the_rest_is(forms: list[Text], height: int, page: int, first: str, last: str) -> None:
    lines = [line.strip() for line in drawn(Fitted(forms, "key 5", page), 40, height) if line.strip()]
    assert (lines[0], lines[-1]) == (first, last)
