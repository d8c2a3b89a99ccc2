"""The page of cars in two real browsers before a living home: a target by a time is set, planned, and kept, or the page says why not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joulebus.addresses import dashboard_of
from tests.stories.homes import GARAGE, write_home
from tests.stories.living import LivingHome
from tests.ui.telling import checks_of, demand, told

STORY = "cars.mjs"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """Two cars, of which one has a charger, and the program that charges it, at noon on the longest day."""
    folder: Path = tmp_path_factory.mktemp("cars")
    home = LivingHome(write_home(folder, "garage", GARAGE), folder / "state", ("--speed", "60", "--start", "12:05")).up()
    addresses = [dashboard_of(home.link("admin")), dashboard_of(home.running["guest_url"])]
    home.leave()
    yield told(STORY, *addresses)
    home.end()


@pytest.mark.parametrize("name", checks_of(STORY))
def test_the_page_does(name: str, story: list[dict[str, Any]]) -> None:
    demand(name, story)
