"""What an image must be: small, without root, without a compiler, and the same when it is built again."""

import json
from typing import Any

import pytest

from joulebus_schemas.versions import SPECIFICATION
from tests.images.conftest import NAMES, docker, image_of, inside

MEGABYTES_MAX = {"joulebus": 560, "joulebus-router": 420, "joulebus-web": 100}
USER = "10001:10001"
MEASURED = """
import resource, time
began = time.monotonic()
import joulebus.bus.wamp, joulebus.services.metrics, joulebus.services.node, joulebus.services.probes
print(time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
MEGABYTES_OF_A_DEVICE, SECONDS_OF_A_START = 80, 5


def described(name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(docker("image", "inspect", image_of(name)))
    return found[0]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_in_an_image_is_root(name: str) -> None:
    assert described(name)["Config"]["User"] == USER
    assert inside(name, "id", "-u") == "10001"


@pytest.mark.parametrize("name", NAMES)
def test_an_image_has_neither_compiler_nor_a_way_to_become_root(name: str) -> None:
    tools = "for one in cc gcc g++ rustc cargo make pip uv apt-get sudo; do command -v $one || true; done"
    assert inside(name, "sh", "-c", tools) == ""
    assert inside(name, "sh", "-c", "find / -xdev -perm /6000 -type f 2> /dev/null || true") == ""


@pytest.mark.parametrize("name", NAMES)
def test_an_image_says_what_it_is_made_of(name: str) -> None:
    labels = described(name)["Config"]["Labels"]
    assert labels["org.opencontainers.image.version"] == SPECIFICATION
    assert len(labels["org.opencontainers.image.revision"].partition("-")[0]) == 40
    assert labels["org.opencontainers.image.licenses"]


@pytest.mark.parametrize("name", NAMES)
def test_an_image_is_as_small_as_promised(name: str) -> None:
    megabytes = described(name)["Size"] / 1e6
    print(f"{name}: {megabytes:.0f} MB unpacked")
    assert megabytes < MEGABYTES_MAX[name]


def test_a_device_starts_soon_and_is_small() -> None:
    seconds, megabytes = map(float, inside("joulebus", "python", "-c", MEASURED).split())
    print(f"a device has imported all it needs after {seconds:.1f} s, and takes {megabytes:.0f} MB")
    assert megabytes < MEGABYTES_OF_A_DEVICE
    assert seconds < SECONDS_OF_A_START


def test_all_that_a_component_imports_is_there() -> None:
    inside("joulebus", "python", "-c", "import kubernetes, psycopg, pvlib, pandas, joulebus.services.hub, joulebus.almanac.compute")


def test_the_router_is_crossbar() -> None:
    assert "Crossbar" in inside("joulebus-router", "crossbar", "version")


def test_the_configuration_of_the_web_server_holds() -> None:
    """As the container starts it: what the configuration includes is written before."""
    inside("joulebus-web", "joulebus-web", "-t", "-q")
