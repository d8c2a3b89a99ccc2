"""Homes in namespaces of their own, in the cluster that KUBECONFIG names; ``make cluster-test`` builds and loads the images before."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.living import PodHome
from tests.stories.homes import TV, write_home

Installed = Callable[..., PodHome]
SPEED = "60"
CABIN = """\
  battery: {kind: battery, capacity_kwh: 5, initial_percent: 40, charge_watts_max: 2000, discharge_watts_max: 2000}
  inverter: {kind: inverter, rating_watts: 3000}
  oven: {kind: oven, power_watts: 2400, timers: ["10:20-10:50", "12:00-12:30"]}
"""
"""Without sun and weather, whose months ahead take a while to work out."""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """Homes by file; they end with the module."""
    made: list[PodHome] = []

    def install(file: Path, namespace: str, **settings: str) -> PodHome:
        made.append(PodHome(file, namespace, tmp_path_factory.mktemp(namespace)))
        return made[-1].install(**settings)

    yield install
    for home in made:
        home.end()


@pytest.fixture(scope="module")
def cabin(installed: Installed, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> PodHome:
    """Battery, oven, TV and grid, a minute a second."""
    file = write_home(tmp_path_factory.mktemp("file"), "cabin", CABIN + TV)
    return installed(file, f"k-{request.module.__name__.rpartition('_')[2]}", clock_speed=SPEED)
