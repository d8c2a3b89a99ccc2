"""The page of the digital meter, in two real browsers before a living home that exports until its heater is on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joulebus.addresses import dashboard_of
from tests.stories.homes import ROOM, write_home
from tests.stories.living import LivingHome
from tests.ui.telling import checks_of, demand, told

STORY = "meter.mjs"
METERED = """\
  sun: {kind: sun}
  panel: {kind: panel, peak_watts: 2000}
  inverter: {kind: inverter, rating_watts: 3000}
  heater: {kind: appliance, power_watts: 3500, on: false}
  meter: {kind: meter}
"""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """At noon on the longest day."""
    folder: Path = tmp_path_factory.mktemp("meter")
    home = LivingHome(write_home(folder, "metered", METERED), folder / "state", ("--speed", "60", "--start", "12:13")).up()
    addresses = [dashboard_of(home.link("admin")), dashboard_of(home.running["guest_url"])]
    home.leave()
    yield told(STORY, *addresses, home.books)
    home.end()


@pytest.mark.parametrize("name", checks_of(STORY))
def test_the_page_does(name: str, story: list[dict[str, Any]]) -> None:
    demand(name, story)
