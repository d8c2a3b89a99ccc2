"""What takes minutes: a home of sixty devices, a flood of messages, and tabs that stay open (``make ui-test``).

``JOULEBUS_UI_MINUTES=60 JOULEBUS_UI_SPEED=flat_out`` keeps them open for an hour, as fast as the machine allows.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from joulebus.addresses import dashboard_of
from tests.stories.homes import CABIN, write_home
from tests.stories.living import LivingHome
from tests.ui.telling import checks_of, demand, told

SIXTY, LONG = "sixty.mjs", "long.mjs"
MINUTES, SPEED = os.environ.get("JOULEBUS_UI_MINUTES", "10"), os.environ.get("JOULEBUS_UI_SPEED", "900")
MANY = "".join(f"  lamp_{number}: {{kind: appliance, power_watts: {number + 1}}}\n" for number in range(54))
"""With the six of the cabin and its grid more than sixty."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sixty(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """A browser before a home of sixty devices, which ends with it: sixty processes would slow down all that is looked at later."""
    folder: Path = tmp_path_factory.mktemp("sixty")
    home = LivingHome(write_home(folder, "barracks", CABIN + MANY), folder / "state", ("--speed", "60")).up()
    address = dashboard_of(home.link("admin"))
    home.leave()
    try:
        return told(SIXTY, address)
    finally:
        home.end()


@pytest.fixture(scope="module")
def stay(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Two browsers that stay before the cabin."""
    folder: Path = tmp_path_factory.mktemp("long")
    home = LivingHome(write_home(folder, "cabin", CABIN), folder / "state", ("--speed", "60")).up()
    addresses = [dashboard_of(home.link("admin")), dashboard_of(home.running["guest_url"])]
    home.leave()
    try:
        return told(LONG, *addresses, home.books, MINUTES, SPEED, seconds=600 + 90 * int(MINUTES))
    finally:
        home.end()


@pytest.mark.parametrize("name", checks_of(SIXTY))
def test_before_sixty_devices_the_dashboard_does(name: str, sixty: list[dict[str, Any]]) -> None:
    demand(name, sixty)


@pytest.mark.parametrize("name", checks_of(LONG))
def test_for_long_the_dashboard_does(name: str, stay: list[dict[str, Any]]) -> None:
    demand(name, stay)
