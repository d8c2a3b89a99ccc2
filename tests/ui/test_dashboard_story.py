"""The dashboard in real browsers before a living home: the story is told once (ui/story), and each of its checks is a test."""

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from joulebus.addresses import dashboard_of
from tests.stories.homes import CABIN, replayed, write_home
from tests.stories.living import JOULEBUS, LivingHome
from tests.ui.telling import checks_of, demand, is_whole, told

STORY = "story.mjs"
CHAPTERS = ("first", "flow", "direction", "composition", "arrows", "forms", "keyboard", "past", "later", "robust", "looks")
OTTO, PASSWORD = "otto", "a-password-of-the-story"
WEATHER = "  weather: {kind: weather}\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivingHome]:
    """Sun, weather, panel, battery, an oven and a grid, at noon on the longest day."""
    folder = tmp_path_factory.mktemp("dashboard")
    made = LivingHome(write_home(folder, "cabin", CABIN + WEATHER), folder / "state", ("--speed", "60", "--start", "12:05")).up()
    yield made
    made.end()


@pytest.fixture(scope="module")
def story(home: LivingHome) -> list[dict[str, Any]]:
    """What the browsers found."""
    addresses = [dashboard_of(home.link("admin")), dashboard_of(home.running["guest_url"])]
    home.leave()
    giving = [JOULEBUS, "access", "password", OTTO, "--role", "operator"]
    subprocess.run(giving, input=f"{PASSWORD}\n", text=True, env=home.environment, check=True, capture_output=True)
    short = [] if is_whole() else ["--short"]
    return told(STORY, *addresses, home.books, OTTO, *short, JOULEBUS_STORY_PASSWORD=PASSWORD)


@pytest.mark.parametrize("name", checks_of(STORY, *(f"{name}.mjs" for name in CHAPTERS)))
def test_the_dashboard_does(name: str, story: list[dict[str, Any]]) -> None:
    demand(name, story)


def test_nothing_that_was_clicked_or_asked_what_if_is_in_the_seals_but_what_was_changed(
    home: LivingHome, story: list[dict[str, Any]]
) -> None:
    assert story
    home.ask("clock", "pause")
    assert home.seals() and home.seals() == replayed(home)
