"""Pods of a cluster keep the contract of provisioners; and who supervises them may be another one at any time."""

import base64
import json
from collections.abc import Iterator

import pytest

from joulebus.provision.cluster.home import ClusterHome
from joulebus.provision.cluster.names import ticket_secret
from joulebus.provision.cluster.pods import PodSettings
from joulebus.provision.cluster.tickets import Tickets
from joulebus.provision.kubernetes import ApiServer
from tests.cluster.living import IMAGE, RELEASE, RESTRICTED, TAG, run
from tests.provision.contract import HOME, OVEN, ProvisionerContract, started

SPACE = "k-contract"
PODS = PodSettings(
    release=RELEASE,
    image=f"{IMAGE}:{TAG}",
    router=f"ws://{RELEASE}-router:8081/",
    home_config=f"{RELEASE}-home",
    owner=f"{RELEASE}-supervisor",
    termination_seconds=2,
)


class PodHands:
    """A namespace with nothing in it but what the provisioner makes."""

    def __init__(self) -> None:
        self.place = ClusterHome(ApiServer(SPACE), HOME, PODS)

    def instance(self, name: str) -> str | None:
        """The uid of its pod."""
        return next((uid for uid, pod in self._pods().items() if pod == name), None)

    def lives(self, instance: str) -> bool:
        """Whether the pod is there, be it on its way out."""
        return instance in self._pods(also_leaving=True)

    def kill(self, name: str) -> None:
        """As a node that breaks."""
        run("kubectl", "-n", SPACE, "delete", "pod", "-l", f"joulebus.io/device={name}", "--force", "--grace-period=0")

    def ticket(self, name: str) -> str | None:
        """From its Secret."""
        secret = ticket_secret(RELEASE, name, is_device=True)
        found = run("kubectl", "-n", SPACE, "get", "secret", secret, "-o", "json", "--ignore-not-found")
        return base64.b64decode(json.loads(found)["data"]["ticket"]).decode() if found else None

    def _pods(self, also_leaving: bool = False) -> dict[str, str]:
        found = json.loads(run("kubectl", "-n", SPACE, "get", "pods", "-l", "joulebus.io/device", "-o", "json"))["items"]
        there = [one["metadata"] for one in found if also_leaving or "deletionTimestamp" not in one["metadata"]]
        return {one["uid"]: one["labels"]["joulebus.io/device"] for one in there}


@pytest.fixture(scope="module", autouse=True)
def space() -> Iterator[None]:
    """A namespace that takes restricted pods only."""
    run("kubectl", "delete", "namespace", SPACE, "--ignore-not-found")
    run("kubectl", "create", "namespace", SPACE)
    run("kubectl", "label", "namespace", SPACE, RESTRICTED)
    run("kubectl", "-n", SPACE, "create", "configmap", f"{RELEASE}-home")
    Tickets(ApiServer(SPACE), RELEASE, HOME).begin()
    yield
    run("kubectl", "delete", "namespace", SPACE, "--wait=false")


@pytest.fixture
def hands() -> Iterator[PodHands]:
    """A supervisor's provisioner; what it has made is gone afterwards."""
    made = PodHands()
    yield made
    made.place.close()
    run("kubectl", "-n", SPACE, "delete", "deployments", "--all", "--cascade=foreground")


class TestPods(ProvisionerContract):
    """All that any provisioner promises."""


def test_the_next_supervisor_finds_what_the_last_one_has_left(hands: PodHands) -> None:
    first = started(hands)
    hands.place.close()
    hands.place = ClusterHome(ApiServer(SPACE), HOME, PODS)
    hands.place.start(OVEN)
    assert started(hands) == first, "nothing was started again"
    assert hands.place.status()["oven"].restarts == 0
