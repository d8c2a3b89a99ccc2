"""What a provisioner promises, whatever it starts: each answer to the seam passes these tests."""

import json
import os
import signal
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from joulebus.errors import BusError, RosterError
from joulebus.provision import ROUTER, SUPERVISOR, HomePart, Provisioner
from joulebus.provision.factory import provisioner
from joulebus.registry import BY_NAME, DEVICE
from tests.real.router import wait_until
from tests.stories.living import alive

HOME = "house"
OVEN = HomePart("oven", DEVICE, tuple(BY_NAME[DEVICE].argv({"name": "oven", "hears": ""})))
KETTLE = HomePart("kettle", DEVICE, outside=True)
Outsider = Callable[[], Provisioner]


@pytest.fixture(params=["processes"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provisioner]:
    """Of a home whose supervisor is this test; without a router its components wait for one."""
    monkeypatch.setenv("JOULEBUS_STATE", str(tmp_path))
    made = provisioner(HOME, on=request.param)
    yield made
    made.close()


def state(place: Provisioner, name: str) -> tuple[str, int] | None:
    place.look()
    condition = place.status().get(name)
    return None if condition is None else (condition.state, condition.replicas)


def pid(place: Provisioner, name: str) -> int:
    place.look()
    found = place.status()[name].pid
    assert found is not None
    return found


def is_running(place: Provisioner, name: str) -> bool:
    return state(place, name) == ("running", 1)


def test_a_part_is_started_once(place: Provisioner) -> None:
    place.start(OVEN)
    wait_until(lambda: is_running(place, "oven"), "it runs")
    first = pid(place, "oven")
    place.start(OVEN)
    assert pid(place, "oven") == first
    assert place.status()["oven"].restarts == 0 and place.status()["oven"].since_unix_seconds is not None


def test_a_part_rests_and_comes_back(place: Provisioner) -> None:
    place.start(OVEN)
    first = pid(place, "oven")
    place.scale("oven", 0)
    place.scale("oven", 0)
    wait_until(lambda: state(place, "oven") == ("stopped", 0), "it rests")
    assert not alive(first)
    place.scale("oven", 1)
    wait_until(lambda: is_running(place, "oven") and pid(place, "oven") != first, "it is back")
    place.scale("oven", 0)
    place.start(OVEN)
    wait_until(lambda: is_running(place, "oven"), "starting it wakes it, too")
    assert place.status()["oven"].restarts == 0, "what was asked for is no failure"


def test_a_part_that_is_stopped_is_forgotten(place: Provisioner) -> None:
    place.start(OVEN)
    first = pid(place, "oven")
    place.stop("oven")
    place.stop("oven")
    assert state(place, "oven") is None and not alive(first)
    with pytest.raises(RosterError, match="only a part that was started can be scaled, and oven was not"):
        place.scale("oven", 1)


def test_a_part_that_dies_comes_back_and_is_counted(place: Provisioner) -> None:
    place.start(OVEN)
    first = pid(place, "oven")
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: state(place, "oven") == ("starting", 1) or place.status()["oven"].pid not in (None, first), "its end is seen")
    wait_until(lambda: is_running(place, "oven"), "it comes back")
    assert pid(place, "oven") != first
    assert (place.status()["oven"].restarts, place.status()["oven"].exit_code) == (1, -signal.SIGKILL)


def test_what_a_part_says_can_be_read(place: Provisioner) -> None:
    place.start(OVEN)
    wait_until(lambda: is_running(place, "oven") and any("no router at" in line for line in said(place)), "it says that it waits")
    assert len(list(place.logs("oven", lines=1))) == 1
    follow = place.logs("oven", lines=0, follow=True)
    assert "no router at" in next(follow)
    with pytest.raises(RosterError, match="there is no log of nobody in house; there are logs of .*oven"):
        list(place.logs("nobody"))


def said(place: Provisioner) -> list[str]:
    try:
        return list(place.logs("oven"))
    except RosterError:
        return []


def test_health_is_answered_at_the_endpoint(place: Provisioner) -> None:
    assert place.endpoint("oven") is None
    place.start(OVEN)
    base = place.endpoint("oven")
    assert base is not None

    def health() -> object:
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=2) as answer:
                return json.load(answer)
        except OSError:
            return None

    wait_until(lambda: health() is not None, "it answers")
    cause = "oven is not joined to the router"
    assert health() == {"component": "oven", "alive": True, "ready": False, "tick": None, "cause": cause}
    place.stop("oven")
    assert place.endpoint("oven") is None


def test_who_runs_outside_has_a_ticket_and_no_process(place: Provisioner) -> None:
    place.start(KETTLE)
    assert state(place, "kettle") == ("outside", 1)
    ticket = place.tickets()["kettle"]
    first = ticket.read_text()
    assert ticket.stat().st_mode & 0o777 == 0o600 and len(first) == 43
    place.stop("kettle")
    assert "kettle" not in place.tickets()
    place.start(KETTLE)
    assert place.tickets()["kettle"].read_text() == first, "nobody could hand a new one over"


def test_the_router_has_an_address_and_the_operator_a_ticket(place: Provisioner) -> None:
    assert place.tickets() == {} and place.endpoint(ROUTER) is None
    place.start(HomePart(ROUTER, ROUTER))
    wait_until(lambda: is_running(place, ROUTER), "it runs")
    address = place.endpoint(ROUTER)
    assert address is not None and address.startswith("ws://")
    assert set(place.tickets()) == {"owner"}


def test_from_outside_the_same_parts_are_seen(place: Provisioner) -> None:
    outside = provisioner(HOME)
    assert outside.status() == {}
    place.start(OVEN)
    place.look()
    assert {name: one.state for name, one in outside.status().items()} == {"oven": "running", SUPERVISOR: "running"}
    assert outside.endpoint("oven") == place.endpoint("oven")
    with pytest.raises(BusError, match="only one home may run in"):
        outside.start(OVEN)


def test_the_end_leaves_nothing_behind(place: Provisioner) -> None:
    place.start(OVEN)
    place.start(HomePart(ROUTER, ROUTER))
    family = [pid(place, "oven"), pid(place, ROUTER)]
    place.close()
    assert not [one for one in family if alive(one)]
    assert provisioner(HOME).status() == {}
    with pytest.raises(BusError, match="house must be running to be stopped, but is not"):
        provisioner(HOME).stop(SUPERVISOR)


def test_a_part_that_left_for_good_leaves_no_log(place: Provisioner) -> None:
    place.start(OVEN)
    wait_until(lambda: bool(said(place)), "it says something")
    place.forget("oven")
    assert state(place, "oven") is None and said(place) == []
    place.start(OVEN)
    wait_until(lambda: is_running(place, "oven"), "another one may come")
