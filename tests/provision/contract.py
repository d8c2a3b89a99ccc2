"""What a provisioner promises, whatever it starts: each answer to the seam passes these tests, with hands of its own."""

import json
import urllib.request
from contextlib import suppress
from typing import Any, Protocol

import pytest

from joulebus.errors import RosterError
from joulebus.provision import HomePart, Provisioner
from joulebus.registry import BY_NAME, DEVICE
from tests.real.router import wait_until

HOME = "house"
OVEN = HomePart("oven", DEVICE, tuple(BY_NAME[DEVICE].argv({"name": "oven", "hears": ""})))
KETTLE = HomePart("kettle", DEVICE, outside=True)
SECONDS_MAX = 60.0


class Hands(Protocol):
    """A place without a router, whose components wait for one, and how it is looked at and hurt from outside."""

    place: Provisioner

    def instance(self, name: str) -> str | None:
        """Which one of a part runs: a process id, or the uid of a pod."""

    def lives(self, instance: str) -> bool:
        """Whether it still does."""

    def kill(self, name: str) -> None:
        """As an out-of-memory killer, or a broken node."""

    def ticket(self, name: str) -> str | None:
        """The ticket of somebody who runs elsewhere."""


class ProvisionerContract:
    """Inherited by the tests of each provisioner."""

    def test_a_part_is_started_once(self, hands: Hands) -> None:
        first = started(hands)
        hands.place.start(OVEN)
        assert hands.instance("oven") == first
        status = hands.place.status()["oven"]
        assert status.restarts == 0 and status.since_unix_seconds is not None

    def test_a_part_rests_and_comes_back(self, hands: Hands) -> None:
        first = started(hands)
        hands.place.scale("oven", 0)
        hands.place.scale("oven", 0)
        wait_until(lambda: state(hands, "oven") == ("stopped", 0) and not hands.lives(first), "it rests", SECONDS_MAX)
        hands.place.scale("oven", 1)
        wait_until(lambda: is_running(hands, "oven") and hands.instance("oven") != first, "it is back", SECONDS_MAX)
        hands.place.scale("oven", 0)
        hands.place.start(OVEN)
        wait_until(lambda: is_running(hands, "oven"), "starting it wakes it, too", SECONDS_MAX)
        assert hands.place.status()["oven"].restarts == 0, "what was asked for is no failure"

    def test_a_part_that_is_stopped_is_forgotten(self, hands: Hands) -> None:
        first = started(hands)
        hands.place.stop("oven")
        hands.place.stop("oven")
        assert state(hands, "oven") is None
        wait_until(lambda: not hands.lives(first), "it has ended", SECONDS_MAX)
        with pytest.raises(RosterError, match="only a part that was started can be scaled, and oven was not"):
            hands.place.scale("oven", 1)

    def test_a_part_that_dies_comes_back_and_is_counted(self, hands: Hands) -> None:
        first = started(hands)
        hands.kill("oven")
        wait_until(lambda: state(hands, "oven") == ("starting", 1) or hands.instance("oven") != first, "its end is seen", SECONDS_MAX)
        wait_until(lambda: is_running(hands, "oven") and hands.instance("oven") not in (None, first), "it comes back", SECONDS_MAX)
        assert hands.place.status()["oven"].restarts == 1

    def test_what_a_part_says_can_be_read(self, hands: Hands) -> None:
        started(hands)
        wait_until(lambda: any("no router at" in line for line in said(hands)), "it says that it waits", SECONDS_MAX)
        assert len(list(hands.place.logs("oven", lines=1))) == 1
        follow = hands.place.logs("oven", lines=0, follow=True)
        assert "no router at" in next(follow)
        with pytest.raises(RosterError, match="there is no log of nobody in house; there are logs of .*oven"):
            list(hands.place.logs("nobody"))

    def test_health_is_answered_at_the_endpoint(self, hands: Hands) -> None:
        assert hands.place.endpoint("oven") is None
        started(hands)
        wait_until(lambda: health(hands) is not None, "it answers", SECONDS_MAX)
        cause = "oven is not joined to the router"
        assert health(hands) == {"component": "oven", "alive": True, "ready": False, "tick": None, "cause": cause}
        hands.place.stop("oven")
        assert hands.place.endpoint("oven") is None

    def test_who_runs_outside_has_a_ticket_and_nothing_that_runs(self, hands: Hands) -> None:
        hands.place.start(KETTLE)
        assert state(hands, "kettle") == ("outside", 1)
        wait_until(lambda: hands.ticket("kettle") is not None, "it has a ticket", SECONDS_MAX)
        assert len(hands.ticket("kettle") or "") == 43 and hands.instance("kettle") is None
        hands.place.stop("kettle")
        assert state(hands, "kettle") is None

    def test_a_part_that_left_for_good_leaves_no_log(self, hands: Hands) -> None:
        started(hands)
        wait_until(lambda: bool(said(hands)), "it says something", SECONDS_MAX)
        hands.place.forget("oven")
        assert state(hands, "oven") is None
        wait_until(lambda: said(hands) == [], "nothing is left of it", SECONDS_MAX)
        started(hands)


def started(hands: Hands) -> str:
    """Start the oven; which one of it runs then."""
    hands.place.start(OVEN)
    wait_until(lambda: is_running(hands, "oven") and hands.instance("oven"), "it runs", SECONDS_MAX)
    found = hands.instance("oven")
    assert found is not None
    return found


def state(hands: Hands, name: str) -> tuple[str, int] | None:
    """What it is, and how many of it there should be."""
    hands.place.look()
    condition = hands.place.status().get(name)
    return None if condition is None else (condition.state, condition.replicas)


def is_running(hands: Hands, name: str) -> bool:
    """Whether one of it runs, as should be."""
    return state(hands, name) == ("running", 1)


def said(hands: Hands) -> list[str]:
    """The log of the oven; nothing when there is none."""
    hands.place.look()
    with suppress(RosterError):
        return list(hands.place.logs("oven"))
    return []


def health(hands: Hands) -> Any:
    """What the oven answers about itself; None while it does not."""
    base = hands.place.endpoint("oven")
    with suppress(OSError):
        if base is not None:
            with urllib.request.urlopen(f"{base}/healthz", timeout=2) as answer:
                return json.load(answer)
    return None
