"""A home with a reader of a real meter: what came is said on the bus and shown by the panels, and the balance knows nothing of it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from joulebus.addresses import LOOPBACK
from joulebus.meter.reader import ReadTelegram, TelegramReader
from tests.meter.test_intake import DAMAGED, ODD
from tests.meter.test_reader import WHOLE
from tests.real.raw import Raw
from tests.real.router import free_port
from tests.stories.conftest import Live
from tests.stories.homes import ROOM, replayed
from tests.stories.living import LivingHome

HOUSE = ROOM + "  meter: {kind: meter, telegram_port: %d}\n  p1: {kind: meter_reader, source: 'tcp://%s:%d'}\n"
REAL = ROOM + "  p1: {kind: meter_reader, source: p1.txt}\n"


def read(said: list[object]) -> ReadTelegram:
    """The last telegram of the events that were heard."""
    texts = [heard[0][0]["text"] for heard in said if heard[0][0]["text"]]  # type: ignore[index]
    (one,) = TelegramReader().feed(texts[-1].encode("latin-1"))
    return one


def registers(one: ReadTelegram) -> list[tuple[str, ...]]:
    """Imported and exported, by day and by night."""
    return [one.values(f"1-0:{way}.8.{tariff}") for way in (1, 2) for tariff in (1, 2)]


def stepped(house: LivingHome, sent: list[object], received: list[object]) -> None:
    """Time goes on a little: the reader says what the meter said."""
    del sent[:], received[:]
    house.ask("clock", "step", ticks=300)
    house.hear(lambda: sent and received and read(sent) == read(received), "the reader has the meter's telegram")


def test_a_reader_says_what_the_meter_said_and_goes_on_when_it_comes_back(live: Live) -> None:
    port = free_port()
    house = live("house", HOUSE % (port, LOOPBACK, port), "--speed", "60").up()
    sent, received = house.listen("meter", "telegram"), house.listen("p1", "received")
    house.hear(lambda: sent and any(heard[0][0]["text"] for heard in received), "the reader says telegrams")
    house.ask("clock", "pause")
    stepped(house, sent, received)
    assert registers(read(received)) == registers(read(sent)) and registers(read(sent))[1] != ("000000.000*kWh",)
    assert received[-1][0][0]["unix_seconds"] == sent[-1][0][0]["unix_seconds"]
    house.ask("meter", "set", telegram_port=0)
    house.ask("clock", "step", ticks=1)
    cause = "p1 must read a meter, but its source does not answer"
    house.wait_until(lambda: cause in (house.ask("p1", "health")["cause"] or ""), "that the meter is away is told")
    house.ask("meter", "set", telegram_port=port)
    house.ask("clock", "step", ticks=1)
    house.wait_until(lambda: house.ask("p1", "health")["ready"], "the reader has found it again")
    stepped(house, sent, received)
    del received[:]
    house.kill9("p1")
    house.hear(lambda: any(heard[0][0]["text"] and heard[0][0]["telegrams"] == 1 for heard in received), "it counts from the beginning")
    stepped(house, sent, received)
    log = (house.books / "logs/p1.log").read_text()
    assert log.count("must send telegrams, but cannot be read: the other end has hung up; it is tried again") == 1
    house.ask("clock", "resume")
    shown = house.joulebus("panels", "house", "--device", "p1", "--once")
    assert shown.returncode == 0 and "house: p1" in shown.stdout and " 0 dropped" in shown.stdout, shown.stderr
    of_books = house.joulebus("panels", "house", "--once")
    assert of_books.returncode == 0 and "house: p1" not in of_books.stdout, "a home with a meter of its own shows that"
    figures = house.figures("p1")
    assert all(figures[f'joulebus_meter_reader_{what}_total{{device="p1"}}'] > 1 for what in ("telegrams", "bytes"))
    assert house.stop() == 0
    assert house.seals() == replayed(house) != []


def test_the_panels_of_a_home_without_a_meter_show_the_real_one_and_only_the_owner_says_where_it_is(live: Live, tmp_path: Path) -> None:
    (tmp_path / "p1.txt").write_bytes(WHOLE + DAMAGED + ODD)
    room = live("room", REAL, "--speed", "120").up()
    (tmp_path / "more.txt").write_bytes(DAMAGED + ODD)
    room.ask("p1", "set", source="more.txt")
    received = room.listen("p1", "received")
    room.hear(lambda: any(heard[0][0]["text"] for heard in received), "the other file is read")
    assert received[-1][0][0] | {"text": None, "unix_seconds": None} == {
        "text": None,
        "unix_seconds": None,
        "telegrams": 3,
        "dropped": 2,
        "unknown_lines": 4,
        "bytes": 2 * len(DAMAGED + ODD) + len(WHOLE),
    }
    otto = Raw(room.running["guest_url"], "room/~otto", ticket_of(room, "otto", "operator"), serializer="json")
    for source in ("tcp://127.0.0.1:22", "/dev/ttyUSB0", "/etc/passwd", "../p1.txt"):
        said = str(otto.call("joulebus.room.p1.set", source=source))
        assert "source must name a file below the folder of the home file; only the owner of the home may name others" in said
    anna = Raw(room.running["guest_url"], "room/~anna", ticket_of(room, "anna", "admin"), serializer="json")
    added = anna.call("joulebus.room.home.add", name="spy", kind="meter_reader", properties={"source": "tcp://127.0.0.1:22"})
    assert "only the owner of the home may name others" in str(added)
    sent = anna.call("joulebus.room.homes.create", name="other", yaml="devices: {p1: {kind: meter_reader, source: /etc/passwd}}")
    assert "may name no files of this machine, but p1.source does" in str(sent)
    assert otto.call("joulebus.room.p1.set", source="p1.txt")["from_tick"] > 0
    otto.close(), anna.close()
    assert json.loads(room.joulebus("call", "joulebus.room.p1.get").stdout) == {"source": str(tmp_path / "p1.txt")}
    with spoken_into(tmp_path / "p1.txt"):
        shown = room.joulebus("panels", "room", "--once")
    assert shown.returncode == 0 and "room: p1" in shown.stdout, shown.stderr
    room.wait_for_tick(1_000)
    assert room.seals() == replayed(room) != []


@contextmanager
def spoken_into(file: Path) -> Iterator[None]:
    """A meter whose telegrams somebody appends to a file."""
    over = threading.Event()

    def speak() -> None:
        with file.open("ab", buffering=0) as growing:
            while not over.wait(0.5):
                growing.write(WHOLE)

    speaker = threading.Thread(target=speak)
    speaker.start()
    try:
        yield
    finally:
        over.set()
        speaker.join()


def ticket_of(room: LivingHome, name: str, role: str) -> str:
    """The ticket of somebody who is let in."""
    given = room.joulebus("access", "add", name, "--role", role)
    assert given.returncode == 0, given.stderr
    return (room.books / "tickets" / f"~{name}").read_text()
