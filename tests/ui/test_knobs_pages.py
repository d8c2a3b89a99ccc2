"""The pages that turn a home's knobs and show its past, in two real browsers before a living home."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joulebus.addresses import dashboard_of
from tests.stories.homes import CABIN, write_home
from tests.stories.living import LivingHome
from tests.ui.telling import checks_of, demand, told

STORY = "knobs.mjs"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """Sun, panel, battery, an oven and a grid, at noon on the longest day."""
    folder: Path = tmp_path_factory.mktemp("knobs")
    home = LivingHome(write_home(folder, "cabin", CABIN), folder / "state", ("--speed", "60", "--start", "12:05")).up()
    addresses = [dashboard_of(home.link("admin")), dashboard_of(home.running["guest_url"])]
    home.leave()
    yield told(STORY, *addresses, folder)
    home.end()


@pytest.mark.parametrize("name", checks_of(STORY))
def test_the_pages_do(name: str, story: list[dict[str, Any]]) -> None:
    demand(name, story)
