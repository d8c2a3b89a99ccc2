"""A meter follows a journal that grows, and its telegrams go through every door; who is slow or dead disturbs nobody."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from joulebus.meter.following import MeterFollower
from joulebus.meter.reader import ReadTelegram, TelegramReader
from joulebus.meter.reading import meter_at
from tests.meter.homes import flat
from tests.planning.conftest import JOULEBUS, Command, environment, joulebus
from tests.real.router import wait_until

__all__ = ["joulebus"]


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return flat(tmp_path_factory.mktemp("flat"), 2 * 1_440)


def grown(journal: Path, to: Path, share: float) -> Path:
    """The journal as it was when only a share of it was written, which may be in the middle of a record."""
    data = journal.read_bytes()
    to.parent.mkdir(exist_ok=True)
    to.write_bytes(data[: int(len(data) * share)])
    return to


@pytest.mark.parametrize("shares", [(0.3, 1), (0.31, 0.32, 0.5, 0.77, 1), (1, 1)])
def test_it_goes_on_where_the_ledger_is(tmp_path: Path, journal: Path, shares: tuple[float, ...]) -> None:
    copy = grown(journal, tmp_path / "run/journal.bin", shares[0])
    follower = MeterFollower(copy)
    before = follower.latest.state.unix_seconds
    found = []
    for share in shares[1:]:
        grown(journal, copy, share)
        found += follower.news()
    (end,) = meter_at(journal)
    assert follower.latest == end and follower.news() == []
    assert [one.state.unix_seconds for one in found] == list(range(before + 60, end.state.unix_seconds + 1, 60))
    assert MeterFollower(copy).latest == end


@contextmanager
def served(folder: Path, *arguments: object) -> Iterator[list[str]]:
    """The places that a server names, as long as it lives."""
    command = [JOULEBUS, "meter", "serve", *map(str, arguments)]
    with subprocess.Popen(command, env=environment(folder), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        wanted = sum(str(one) in ("--tcp", "--terminal", "--link") for one in arguments)
        places = [re.sub("telegrams at ", "", process.stderr.readline().strip()) for _ in range(wanted)]
        try:
            yield places
        finally:
            process.terminate()


def connected(place: str) -> socket.socket:
    host, _, port = place.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=60)


def next_of(reader: TelegramReader, receive: "socket.socket | int") -> ReadTelegram:
    while True:
        data = os.read(receive, 4_096) if isinstance(receive, int) else receive.recv(4_096)
        assert data, "the door must stay open"
        found = reader.feed(data)
        if found:
            return found[-1]


def test_several_readers_get_the_same_telegrams_and_a_dead_one_disturbs_nobody(tmp_path: Path, journal: Path) -> None:
    copy, file = grown(journal, tmp_path / "run/journal.bin", 0.5), tmp_path / "telegrams.txt"
    with served(tmp_path, copy.parent, "--tcp", 0, "--terminal", "--file", file) as (place, terminal):
        deaf, dead, one, two = (connected(place) for _ in range(4))
        dead.close()
        device = os.open(terminal, os.O_RDONLY | os.O_NOCTTY)
        readers = {receive: TelegramReader() for receive in (one, two, device)}
        first = [next_of(reader, receive) for receive, reader in readers.items()]
        assert first[0] == first[1] == first[2]
        grown(journal, copy, 1)
        (end,) = meter_at(journal)
        later = [next_of(reader, receive) for receive, reader in readers.items()]
        assert later[0] == later[1] == later[2] != first[0]
        assert later[0].values("1-0:1.8.2") == (f"{end.state.watt_hours[1] / 1_000:010.3f}*kWh",)
        deaf.close(), one.close(), two.close(), os.close(device)
        wait_until(lambda: len(TelegramReader().feed(file.read_bytes())) == 2, "the file has them, too")


def test_a_reader_reads_what_a_meter_says(tmp_path: Path, journal: Path, joulebus: Command) -> None:
    with served(tmp_path, journal.parent, "--tcp", 0, "--link", tmp_path / "tty") as (place, terminal):
        network = joulebus("meter", "read", f"tcp://{place}", "--count", 1)
        serial = joulebus("meter", "read", terminal, "--count", 1, "--json")
    assert network.returncode == serial.returncode == 0, network.stderr + serial.stderr
    assert "1-0:1.8.1" in network.stdout and "1 telegrams read, 0 dropped" in network.stderr
    file = tmp_path / "telegrams.txt"
    said = subprocess.run([JOULEBUS, "meter", "telegram", journal.parent, "--count", "3"], capture_output=True, check=True)
    file.write_bytes(said.stdout.replace(b"*kW", b"*KW", 1))
    replayed = joulebus("meter", "read", file)
    assert "2 telegrams read, 1 dropped" in replayed.stderr


def test_telegrams_need_a_door(joulebus: Command, journal: Path) -> None:
    said = joulebus("meter", "serve", journal.parent)
    assert said.returncode == 2 and "--tcp PORT" in said.stderr
    wrong = joulebus("meter", "read", "tcp://nowhere")
    assert wrong.returncode == 2 and "tcp://HOST:PORT" in wrong.stderr
