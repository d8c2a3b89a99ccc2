"""The market's page in two real browsers before a living home: lesson 5 is done by clicking, and its certificate holds elsewhere, too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joulebus.addresses import dashboard_of
from joulebus.market.certificate import read_certificate, verify
from tests.stories.living import ROOT, LivingHome
from tests.ui.telling import checks_of, demand, told

STORY = "market.mjs"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the home lives, and where the certificate is saved."""
    return tmp_path_factory.mktemp("market_page")


@pytest.fixture(scope="module")
def story(folder: Path) -> Iterator[list[dict[str, Any]]]:
    """The example of a market, on a summer's morning."""
    home = LivingHome(ROOT / "examples/homes/market.yaml", folder / "state", ("--speed", "10")).up()
    addresses = [dashboard_of(home.link("admin")), dashboard_of(home.running["guest_url"])]
    home.leave()
    yield told(STORY, *addresses, folder)
    home.end()


@pytest.mark.parametrize("name", checks_of(STORY))
def test_the_market_page_does(name: str, story: list[dict[str, Any]]) -> None:
    demand(name, story)


def test_the_saved_certificate_holds_for_joulebus_too(folder: Path, story: list[dict[str, Any]]) -> None:
    assert story
    verified = verify(read_certificate(folder / "certificate.json"))
    assert (verified.asset, verified.net_wh) == ("seller1", 0)
    assert sorted(one[2] for one in verified.postings) == [200, 200, 500, 500]
