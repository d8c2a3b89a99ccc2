"""The chart in a real cluster: how long a home takes to come up and what it takes, its tests, upgrades, and what an end leaves behind."""

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from joulebus_schemas.versions import SPECIFICATION
from tests.stories.living import JOULEBUS

ROOT = Path(__file__).resolve().parents[2]
SECONDS_MAX = 400
HOUSE, DEVICES = ROOT / "examples/homes/house.yaml", 25
UP_SECONDS_MAX = 90
"""From ``helm install`` to energy that flows, 25 devices on two cores that do nothing else."""
IMAGE = f"image: {{prefix: '{os.environ.get('PREFIX', 'joulebus.local/')}', tag: '{os.environ.get('TAG', SPECIFICATION)}'}}\n"


def run(*words: str, code: int = 0) -> str:
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS_MAX)
    assert done.returncode == code, f"{' '.join(words)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout + done.stderr


@pytest.fixture
def values(tmp_path: Path) -> str:
    """A file that says where the images are."""
    file = tmp_path / "values.yaml"
    file.write_text(IMAGE)
    return str(file)


@pytest.fixture
def spaces() -> Iterator[list[str]]:
    """Namespaces that a test uses; they are gone before and after it."""
    mine: list[str] = ["h-one", "h-two"]
    for name in mine:
        run("kubectl", "delete", "namespace", name, "--ignore-not-found")
    yield mine
    for name in mine:
        run("kubectl", "delete", "namespace", name, "--ignore-not-found", "--wait=false")


def up(home: str, space: str, values: str, *more: str) -> str:
    words = [
        "--namespace",
        space,
        "up",
        home if "/" in home else f"examples/homes/{home}.yaml",
        "--on",
        "kubernetes",
        "--detach",
        "--values",
        values,
    ]
    return run(JOULEBUS, *words, *more)


def asked(space: str, *words: str) -> str:
    return run(JOULEBUS, "--namespace", space, *words)


def tick(space: str) -> int:
    return int(json.loads(asked(space, "clock", "get"))["tick"])


def working_set_mib(space: str) -> dict[str, float]:
    """What the pods of a namespace take, as the kubelet counts it."""
    found: dict[str, float] = {}
    for node in run("kubectl", "get", "nodes", "-o", "name").split():
        text = run("kubectl", "get", "--raw", f"/api/v1/nodes/{node.removeprefix('node/')}/proxy/metrics/resource")
        pattern = rf'pod_memory_working_set_bytes{{namespace="{space}",pod="([^"]+)"}} (\S+)'
        found |= {name: float(size) / 2**20 for name, size in re.findall(pattern, text)}
    return found


def test_25_devices_are_up_soon_and_the_tests_of_the_chart_pass(values: str, spaces: list[str], tmp_path: Path) -> None:
    file = tmp_path / "house.yaml"
    file.write_text(HOUSE.read_text() + "".join(f"  lamp_{number}: {{kind: lights, power_watts: 40}}\n" for number in range(4)))
    began = time.monotonic()
    said = up(str(file), spaces[0], values)
    seconds = time.monotonic() - began
    taken = working_set_mib(spaces[0])
    pods = run("kubectl", "get", "pods", "--namespace", spaces[0], "-o", "name").split()
    print(f"\n{said.splitlines()[0]}; load {os.getloadavg()[0]:.0f}")
    print(f"{len(pods)} pods take {sum(taken.values()):.0f} MiB, the largest {max(taken.values(), default=0):.0f} MiB")
    assert "Succeeded" in run("helm", "test", "house", "--namespace", spaces[0])
    assert len(pods) == DEVICES - 1 + 6, "the inverter's pod is the hub"
    assert seconds < UP_SECONDS_MAX or os.getloadavg()[0] > 2 * (os.cpu_count() or 1), f"{seconds:.0f} s"


def test_an_upgrade_and_a_new_installation_go_on_with_the_ledger(values: str, spaces: list[str]) -> None:
    space = spaces[0]
    up("flat", space, values, "--speed", "60")
    asked(space, "clock", "pause")
    before, first = tick(space), asked(space, "audit", "flat")
    up("flat", space, values, "--speed", "120")
    assert tick(space) >= before > 0
    asked(space, "down")
    left = run(
        "kubectl", "get", "all,secrets,configmaps,roles,networkpolicies", "--namespace", space, "-l", "app.kubernetes.io/instance=flat"
    )
    assert "No resources found" in left
    assert "flat-journal" in run("kubectl", "get", "persistentvolumeclaims", "--namespace", space)
    up("flat", space, values)
    assert tick(space) >= before
    assert "0 J missing" in first and "0 J missing" in asked(space, "audit", "flat")


def test_homes_of_two_namespaces_know_nothing_of_each_other(values: str, spaces: list[str]) -> None:
    one, two = spaces
    for space in spaces:
        up("flat", space, values, "--speed", "60")
    asked(one, "device", "off", "tv")
    states = {space: run("kubectl", "get", "deployment", "tv", "--namespace", space, "-o", "jsonpath={.spec.replicas}") for space in spaces}
    assert states == {one: "0", two: "1"}
    said = [
        run("kubectl", "auth", "can-i", verb, thing, "--namespace", two, "--as", f"system:serviceaccount:{one}:flat-supervisor", code=1)
        for verb, thing in (("patch", "deployments"), ("get", "secrets"), ("list", "pods"))
    ]
    assert {line.split()[-1] for line in said} == {"no"}
