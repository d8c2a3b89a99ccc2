"""Homes that live as long as a test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.real.nginx import models, store
from tests.stories.homes import ROOM, write_home
from tests.stories.living import LivingHome

LiveFile = Callable[..., LivingHome]
Live = Callable[..., LivingHome]


@pytest.fixture
def live_file(tmp_path: Path) -> Iterator[LiveFile]:
    """Makes a home (not started yet) from its file and options of ``joulebus up``; ends it after the test."""
    homes: list[LivingHome] = []

    def make(file: Path, *options: str) -> LivingHome:
        homes.append(LivingHome(file, tmp_path / f"state_of_{file.stem}", options))
        return homes[-1]

    yield make
    for home in homes:
        home.end()


@pytest.fixture
def live(live_file: LiveFile, tmp_path: Path) -> Live:
    """The same from a name and devices."""
    return lambda name, devices, *options: live_file(write_home(tmp_path, name, devices), *options)


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivingHome]:
    """A small home that several stories share, because they leave it as it was."""
    folder = tmp_path_factory.mktemp("room")
    home = LivingHome(write_home(folder, "room", ROOM), folder / "state", ("--speed", "60")).up()
    yield home
    home.end()


__all__ = ["models", "store"]
