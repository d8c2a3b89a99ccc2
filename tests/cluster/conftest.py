"""Homes in namespaces of their own, in the cluster that KUBECONFIG names; ``make cluster-test`` builds and loads the images before."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.cluster.living import PodHome
from tests.stories.homes import write_home

Installed = Callable[..., PodHome]
SPEED = "60"
CABIN = """\
  battery: {kind: battery, capacity_kwh: 5, initial_percent: 40, charge_watts_max: 2000, discharge_watts_max: 2000}
  inverter: {kind: inverter, rating_watts: 3000}
  oven: {kind: oven, power_watts: 2400, timers: ["10:20-10:50", "12:00-12:30"]}
  tv: {kind: tv, power_watts: 110, standby_watts: 1, timers: []}
"""
"""Without sun and weather, whose months ahead take a while to work out. The TV draws a joule in every second: with half a watt, a minute's
joules would come in its first half, and the second half would look as if it was off."""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """Homes by file; they end with the module."""
    made: list[PodHome] = []

    def install(file: Path, namespace: str, secrets: Mapping[str, Mapping[str, str]] | None = None, **settings: str) -> PodHome:
        made.append(PodHome(file, namespace, tmp_path_factory.mktemp(namespace)))
        return made[-1].install(secrets or {}, **settings)

    yield install
    for home in made:
        home.end()


@pytest.fixture(scope="module")
def cabin(installed: Installed, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> PodHome:
    """Battery, oven, TV and grid, a minute a second."""
    file = write_home(tmp_path_factory.mktemp("file"), "cabin", CABIN)
    return installed(file, f"k-{request.module.__name__.rpartition('_')[2]}", clock_speed=SPEED)
