"""The page of the machine's homes, in real browsers before a living home: its admin makes others and deletes them, a guest only looks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joulebus.addresses import dashboard_of
from joulebus.homefile.home_file import load_home_file
from joulebus.rundir import holder
from tests.stories.homes import ROOM, write_home
from tests.stories.living import LivingHome
from tests.ui.telling import checks_of, demand, told

STORY = "homes.mjs"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the home and what browsers save lie."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(scope="module")
def story(folder: Path) -> Iterator[list[dict[str, Any]]]:
    """The smallest home, and browsers of its admin and of a guest before it."""
    home = LivingHome(write_home(folder, "room", ROOM), folder / "state", ("--speed", "60")).up()
    addresses = [dashboard_of(home.link("admin")), dashboard_of(home.running["guest_url"])]
    home.leave()
    try:
        yield told(STORY, *addresses, folder)
    finally:
        for other in home.directory.iterdir():
            if other.name != home.name and holder(other) is not None:
                home.joulebus("down", other.name)
        home.end()


@pytest.mark.parametrize("name", checks_of(STORY))
def test_the_page_does(name: str, story: list[dict[str, Any]]) -> None:
    demand(name, story)


def test_what_was_made_lies_on_the_machine_and_what_was_deleted_does_not(story: list[dict[str, Any]], folder: Path) -> None:
    state = folder / "state"
    assert story and load_home_file(state / "flat/home.yaml").name == "flat"
    assert "heater" in load_home_file(state / "room_2/home.yaml").members
    assert not (state / "cottage").exists() and not (state / "room_3").exists()
