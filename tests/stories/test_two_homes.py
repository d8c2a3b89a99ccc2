"""Two homes with devices of the same names on one router: neither hears, speaks as, or names what belongs to the other."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from joulebus.addresses import LOOPBACK, Door, free_port
from joulebus.bus.rights import as_permissions, rules
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.file import Journal
from joulebus.provision.keys import Keys
from joulebus.provision.process import Processes, Recipe
from joulebus.provision.router import Doors, listens, recipe, write_configuration
from joulebus.registry import BY_NAME, MODULE
from joulebus.services.prepare import prepare
from joulebus_schemas.journal import Committed
from tests.real.raw import Raw
from tests.real.reactor import turning, until
from tests.real.router import CROSSBAR, wait_until
from tests.stories.homes import CABIN, seals_in_memory, write_home

TICKS = 3_600
SPEED = "600"
PATTERNS = {"joulebus.": "prefix", "joulebus.left.": "prefix", "joulebus..oven.offered": "wildcard", "joulebus.left..told": "wildcard"}


@dataclass
class Neighbour:
    """A home on somebody's router: its inverter and its devices as processes."""

    file: Path
    directory: Path
    keys: Keys
    router: str
    processes: Processes

    def start(self) -> None:
        """Begin its journal, and start everybody."""
        roster = prepare(load_home_file(self.file), self.directory / "journal.bin", None).roster
        settings = {"journal": self.directory / "journal.bin", "speed": SPEED, "until_tick": TICKS, "no_historian": True}
        self._start("inverter", "inverter", settings)
        for name, member in roster.items():
            if name != "inverter":
                self._start("device", name, {"name": name, "hears": ",".join(member.hears)})

    def _start(self, component: str, name: str, settings: dict[str, object]) -> None:
        common = ("--home", self.file.stem, "--router", self.router, "--ticket-file", str(self.keys.add(component, name)))
        self.processes.start(Recipe(name, (component, *common, *BY_NAME[component].argv(settings)), module=MODULE))

    def has_settled(self, tick: int) -> bool:
        """Whether its time has come so far."""
        self.processes.look()
        turning.iterate(0.01)
        with Journal.view(self.directory / "journal.bin") as journal:
            return any(isinstance(record, Committed) and record.window.end >= tick for _, record, _ in journal.read())

    def seals(self) -> list[str]:
        """The chain in its journal."""
        with Journal.view(self.directory / "journal.bin") as journal:
            return [seal.hash for _, record, _ in journal.read() if isinstance(record, Committed) for seal in record.seals]

    def client(self, name: str) -> Raw:
        """Somebody with the ticket of one of its components."""
        return Raw(self.router, f"{self.file.stem}/{name}", (self.keys.tickets / name).read_text())


@pytest.fixture
def neighbours(tmp_path: Path) -> Iterator[tuple[Neighbour, Neighbour]]:
    """``left`` owns the router; ``right`` comes to it with tickets of its own. Both have the same devices, of other strength."""
    doors = Doors(f"unix:{tmp_path}/bus.sock", (Door(LOOPBACK, free_port(), guests=True),))
    made = []
    for name, devices in (("left", CABIN), ("right", CABIN.replace("2400", "1200").replace("2000", "1500"))):
        directory = tmp_path / name
        keys = Keys(directory, name, router=tmp_path / "left")
        made.append(Neighbour(write_home(tmp_path, name, devices), directory, keys, doors.components, Processes(directory)))
    left, right = made
    left.processes.start(recipe(CROSSBAR, write_configuration(left.directory, "left", doors), doors))
    wait_until(lambda: listens(doors), "the router listens", 60)
    yield left, right
    right.processes.stop_all()
    left.processes.stop_all()


def refused(answer: Any) -> bool:
    return "not_authorized" in str(getattr(answer, "error", ""))


def test_two_homes_live_beside_each_other_as_if_each_were_alone(neighbours: tuple[Neighbour, Neighbour]) -> None:
    left, right = neighbours
    left.start()
    right.start()
    spy, heard = right.client("oven"), []  # type: ignore[var-annotated]
    spy.subscribe("joulebus.right.oven.offered", heard)
    wait_until(lambda: left.has_settled(TICKS) and right.has_settled(TICKS), "both have lived an hour", 120)
    assert left.seals() == seals_in_memory(left.file, TICKS)
    assert right.seals() == seals_in_memory(right.file, TICKS)
    assert left.seals() != right.seals()
    assert heard, "whoever belongs to a home hears it"
    spy.close()


def test_nobody_of_one_home_hears_speaks_in_or_names_the_other(neighbours: tuple[Neighbour, Neighbour]) -> None:
    left, right = neighbours
    left.start()
    for component, name in (("device", "oven"), ("inverter", "inverter"), ("historian", "historian"), ("home", "home")):
        right.keys.add(component, name)
        somebody = right.client(name)
        assert somebody.session.joined.authid == f"right/{name}"
        for topic in ("oven.offered", "inverter.settled", "inverter.opened", "clock.get", "home.add"):
            uri = f"joulebus.left.{topic}"
            assert refused(somebody.subscribe(uri, [])), uri
            assert refused(somebody.publish(uri, {})), uri
            assert refused(somebody.call(uri)), uri
            assert refused(somebody.register(uri)), uri
        for pattern, match in (
            ("joulebus.", "prefix"),
            ("joulebus.left.", "prefix"),
            ("joulebus..oven.offered", "wildcard"),
            ("joulebus.left..told", "wildcard"),
        ):
            assert refused(somebody.subscribe(pattern, [], match)), pattern
        somebody.close()
    for thief, name in (("left/oven", "oven"), ("left/inverter", "oven"), ("left/home", "home")):
        stranger = Raw(right.router, thief, (right.keys.tickets / name).read_text())
        assert (stranger.session.joined, stranger.session.left) == (None, "wamp.error.authentication_failed"), thief


@pytest.mark.slow
def test_a_principal_of_another_home_is_never_taken_for_ours_even_when_the_router_lets_it_speak(
    neighbours: tuple[Neighbour, Neighbour],
) -> None:
    left, right = neighbours
    right.keys.add("device", "oven")
    principal = right.keys.principals / "oven.json"
    principal.write_text(json.dumps(json.loads(principal.read_text()) | {"permissions": as_permissions(rules("left", "device", "oven"))}))
    left.start()
    left.keys.add("historian", "historian")
    watcher, dropped, offered = left.client("historian"), [], []  # type: ignore[var-annotated]
    watcher.subscribe("joulebus.left.inverter.dropped", dropped)
    watcher.subscribe("joulebus.left.oven.offered", offered)
    until(lambda: offered, "the oven of the left home offers", 60)
    impostor = right.client("oven")
    for window in range(0, TICKS, 60):
        impostor.publish("joulebus.left.oven.offered", offered[-1][0][0] | {"window": {"start": window, "ticks": 60}})
    answer = impostor.call("joulebus.left.inverter.change", device="oven", properties={"power_watts": 100})
    assert "only left/oven may ask this, not right/oven" in str(getattr(answer, "args", answer))
    until(lambda: dropped, "the inverter says what it did not hear")
    assert dropped[0][0][0]["reason"] == "stranger" and dropped[0][0][0]["sender"] == "right/oven"
    wait_until(lambda: left.has_settled(TICKS), "the left home has lived an hour", 120)
    assert left.seals() == seals_in_memory(left.file, TICKS)
    impostor.close()
    watcher.close()
