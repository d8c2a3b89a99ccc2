"""A supervisor in a cluster: keeper and devices on a bus in memory, an API server in memory, and a kubelet that is this test."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from joulebus.bus import Sender
from joulebus.bus.rights import rules
from joulebus.bus.timers import spawn
from joulebus.provision.cluster import names
from joulebus.provision.cluster.api import DEPLOYMENTS, EVENTS, PODS, ApiObject
from joulebus.provision.cluster.home import ClusterHome
from joulebus.provision.cluster.pods import PodSettings
from joulebus.provision.cluster.tickets import Tickets
from joulebus.services.cluster_supervisor import ClusterSupervisor
from joulebus_schemas import calls
from joulebus_schemas.journal import Changed
from joulebus_schemas.principals import device
from joulebus_schemas.roster import Member
from tests.laws.coming import HOME, World, file
from tests.provision.twin import ApiTwin
from tests.real.router import wait_until

SETTINGS = PodSettings(release="house", image="joulebus:1", router="ws://r:8081/", home_config="house-home", owner="house-supervisor")
LAMP = f"{DEPLOYMENTS}/lamp"
TURN_SECONDS = 0.5
"""On the clock of the bus: who waits in vain for a device gives up, and another pod is made."""


class Cluster:
    """All of it; :meth:`turn` lets everybody do what is due."""

    def __init__(self, folder: Path) -> None:
        self.world, self.api = World(folder / "home", paused=False), ApiTwin()
        self.pods = dict[str, str]()
        self.asked: list[asyncio.Future[Any]] = []
        self.api.ask("POST", DEPLOYMENTS, {"metadata": {"name": "house-supervisor"}, "spec": {}})
        Tickets(self.api, "house", HOME).begin()
        self.begin()

    def begin(self) -> None:
        """A supervisor starts; it knows nothing."""
        self.place = ClusterHome(self.api, HOME, SETTINGS)
        self.bus = self.world.router.bus(device(HOME, "home"), rules(HOME, "home", "home"))
        self.supervisor = ClusterSupervisor(self.bus, file(), {}, self.place)
        self.supervisor.start()
        self.bus.start()

    def restart(self) -> None:
        """It dies, and another one starts."""
        self.bus.stop()
        self.place.close()
        self.begin()

    def turn(self) -> None:
        """Pods follow Deployments, time goes on by a tick, messages arrive, and the supervisor looks."""
        for name in ("grid", "lamp"):
            wanted = self.replicas(name)
            if wanted:
                self.run(name)
            elif wanted == 0:
                self.end(name)
        self.world.open()
        spawn(self.supervisor._refresh())
        self.supervisor._look()
        self.world.router.advance(TURN_SECONDS)
        self.world.deliver()

    def run(self, name: str) -> None:
        """A pod, and another one when the Deployment's template has changed; those that the world began with get theirs."""
        template = str(self.api.objects[f"{DEPLOYMENTS}/{name}"]["spec"]["template"]["metadata"])
        runs = name in self.world.processes
        if runs and self.pods.get(name) == template:
            return
        if not runs or name in self.pods:
            self.end(name)
            self.world.start(name)
        self.pods[name] = template
        labels = {"app.kubernetes.io/instance": "house", names.LABEL_DEVICE: name}
        made = {"name": name, "creationTimestamp": "2026-06-21T10:00:00Z", "labels": labels}
        self.api.run(PODS, {"metadata": made, "spec": {"containers": [{"name": "device"}]}})

    def end(self, name: str) -> None:
        """Its pod goes."""
        self.world.stop(name)
        self.pods.pop(name, None)
        self.api.end(f"{PODS}/{name}")

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Turn until something is so."""

        def seen() -> bool:
            self.turn()
            return bool(condition())

        wait_until(seen, what)

    def replicas(self, name: str) -> int | None:
        """Of its Deployment."""
        found = self.api.objects.get(f"{DEPLOYMENTS}/{name}")
        return None if found is None else int(found["spec"]["replicas"])

    def agrees(self, on: bool) -> bool:
        """Whether home and cluster both say so of the lamp, and have written it down."""
        found = self.api.objects.get(LAMP, {})
        agreed = found.get("metadata", {}).get("annotations", {}).get(names.AGREED)
        return (self.is_on(), self.replicas("lamp"), agreed) == (on, int(on), str(int(on)))

    def is_on(self) -> bool:
        """In the roster."""
        return self.world.hub.keeper.future_roster()["lamp"].on

    def scale(self, replicas: int) -> None:
        """As ``kubectl scale`` does."""

        def act(found: ApiObject) -> None:
            found["spec"]["replicas"] = replicas

        self.api.change(LAMP, act)

    def switch(self, on: bool) -> None:
        """As ``joulebus device on`` and ``off`` do."""
        self.asked.append(spawn(self.supervisor.switch(calls.AskSwitch(name="lamp", on=on), self.sender)))

    def is_answered(self) -> bool:
        """Whether nothing that was asked on the bus is still under way."""
        return all(one.done() for one in self.asked)

    @property
    def sender(self) -> Sender:
        """The home's owner."""

        return Sender(f"{HOME}/~owner", 7, "admin")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    made.until(lambda: made.agrees(on=True), "both begin with the lamp on")
    yield made
    made.place.close()


def test_scaled_to_nought_it_is_off_and_the_journal_says_who(cluster: Cluster) -> None:
    cluster.scale(0)
    cluster.until(lambda: cluster.agrees(on=False), "it is off")
    [by] = [record.by for _, record, _ in cluster.world.journal.read() if isinstance(record, Changed)]
    assert by is not None and by.principal == "kubernetes"
    said = [one["reason"] for path, one in cluster.api.objects.items() if path.startswith(EVENTS)]
    assert "SwitchedOff" in said


def test_scaled_to_one_it_is_on_again(cluster: Cluster) -> None:
    cluster.scale(0)
    cluster.until(lambda: cluster.agrees(on=False), "it is off")
    cluster.scale(1)
    cluster.until(lambda: cluster.agrees(on=True), "it is on")


def test_switched_on_the_bus_it_is_scaled(cluster: Cluster) -> None:
    cluster.switch(on=False)
    cluster.until(lambda: cluster.agrees(on=False), "it is off")
    cluster.switch(on=True)
    cluster.until(lambda: cluster.agrees(on=True), "it is on")


def test_a_supervisor_that_was_away_follows_what_it_has_missed(cluster: Cluster) -> None:
    cluster.bus.stop()
    cluster.place.close()
    for replicas in (0, 1, 0):
        cluster.scale(replicas)
    cluster.begin()
    cluster.until(lambda: cluster.agrees(on=False), "it is off")


def test_a_pod_that_ends_is_no_switch(cluster: Cluster) -> None:
    cluster.end("lamp")
    for _ in range(5):
        cluster.turn()
    assert cluster.agrees(on=True)
    assert not [record for _, record, _ in cluster.world.journal.read() if isinstance(record, Changed)]


@pytest.mark.parametrize("seed", (*range(4), 19, 21, 23, 57, 90))
def test_whatever_happens_in_whatever_order_the_last_one_is_followed(cluster: Cluster, seed: int) -> None:
    chance = Random(seed)
    deeds: list[Callable[[], None]] = [
        lambda: cluster.scale(0),
        lambda: cluster.scale(1),
        lambda: cluster.switch(on=False),
        lambda: cluster.switch(on=True),
        cluster.restart,
        cluster.turn,
        lambda: setattr(cluster.api, "is_away", not cluster.api.is_away),
    ]
    for _ in range(12):
        chance.choice(deeds)()
        cluster.turn()
    cluster.api.is_away = False
    cluster.until(lambda: cluster.is_answered() and cluster.agrees(cluster.is_on()), "both agree")
    last = chance.choice((True, False))
    cluster.scale(int(last))
    cluster.until(lambda: cluster.agrees(last), "the last one is followed")


def test_a_pod_gets_the_ports_of_its_device_and_the_secret_files_that_it_names(cluster: Cluster) -> None:
    folder = cluster.supervisor.folder
    named = {"api_port": 8100, "api_password_file": str(folder / "secrets/wallbox")}
    wanted = cluster.supervisor._wanted("wallbox", Member(kind="charger", properties=named), runs=True)
    assert (wanted.ports, wanted.secrets) == ((8100,), ("wallbox",))
    elsewhere = cluster.supervisor._wanted("wallbox", Member(kind="charger", properties={"api_password_file": "/etc/wallbox"}), runs=True)
    assert (elsewhere.ports, elsewhere.secrets) == ((), ())
