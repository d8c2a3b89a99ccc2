"""Processes of this machine keep the contract of provisioners, and a few promises of their own."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from joulebus.errors import BusError
from joulebus.provision import ROUTER, SUPERVISOR, HomePart
from joulebus.provision.factory import provisioner
from tests.provision.contract import HOME, KETTLE, OVEN, Hands, ProvisionerContract, is_running, started
from tests.real.router import wait_until
from tests.stories.living import alive


class ProcessHands:
    """Of a home whose supervisor is this test."""

    def __init__(self) -> None:
        self.place = provisioner(HOME)

    def instance(self, name: str) -> str | None:
        """Its process id."""
        self.place.look()
        condition = self.place.status().get(name)
        return None if condition is None or condition.pid is None else str(condition.pid)

    def lives(self, instance: str) -> bool:
        """Whether the process does."""
        return alive(int(instance))

    def kill(self, name: str) -> None:
        """With the signal that nobody can handle."""
        os.kill(int(self.instance(name) or ""), signal.SIGKILL)

    def ticket(self, name: str) -> str | None:
        """From its file."""
        found = self.place.tickets().get(name)
        return None if found is None else found.read_text()


@pytest.fixture
def hands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProcessHands]:
    """In a state directory of its own."""
    monkeypatch.setenv("JOULEBUS_STATE", str(tmp_path))
    made = ProcessHands()
    yield made
    made.place.close()


class TestProcesses(ProvisionerContract):
    """All that any provisioner promises."""


def test_the_signal_that_ended_a_process_is_known(hands: Hands) -> None:
    first = started(hands)
    hands.kill("oven")
    wait_until(lambda: is_running(hands, "oven") and hands.instance("oven") != first, "it comes back")
    assert hands.place.status()["oven"].exit_code == -signal.SIGKILL


def test_a_foreign_device_that_comes_back_has_the_ticket_that_it_was_given(hands: Hands) -> None:
    hands.place.start(KETTLE)
    ticket = hands.place.tickets()["kettle"]
    first = ticket.read_text()
    assert ticket.stat().st_mode & 0o777 == 0o600
    hands.place.stop("kettle")
    assert "kettle" not in hands.place.tickets()
    hands.place.start(KETTLE)
    assert hands.ticket("kettle") == first, "nobody could hand a new one over"


def test_the_router_has_an_address_and_the_operator_a_ticket(hands: Hands) -> None:
    assert hands.place.tickets() == {} and hands.place.endpoint(ROUTER) is None
    hands.place.start(HomePart(ROUTER, ROUTER))
    wait_until(lambda: is_running(hands, ROUTER), "it runs")
    address = hands.place.endpoint(ROUTER)
    assert address is not None and address.startswith("ws://")
    assert set(hands.place.tickets()) == {"owner"}


def test_from_outside_the_same_parts_are_seen(hands: Hands) -> None:
    outside = provisioner(HOME)
    assert outside.status() == {}
    started(hands)
    assert {name: one.state for name, one in outside.status().items()} == {"oven": "running", SUPERVISOR: "running"}
    assert outside.endpoint("oven") == hands.place.endpoint("oven")
    with pytest.raises(BusError, match="only one home may run in"):
        outside.start(OVEN)


def test_the_end_leaves_nothing_behind(hands: Hands) -> None:
    hands.place.start(OVEN)
    hands.place.start(HomePart(ROUTER, ROUTER))
    wait_until(lambda: all(hands.instance(name) for name in ("oven", ROUTER)), "both run")
    family = [hands.instance(name) or "" for name in ("oven", ROUTER)]
    hands.place.close()
    assert not [one for one in family if hands.lives(one)]
    assert provisioner(HOME).status() == {}
    with pytest.raises(BusError, match="house must be running to be stopped, but is not"):
        provisioner(HOME).stop(SUPERVISOR)
