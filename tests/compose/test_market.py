"""The home with a market in containers: what has no container is off, the market books, the volumes that `down` leaves are the ledger."""

from socket import create_connection

import pytest

from joulebus.meter.reader import ReadTelegram, TelegramReader
from tests.compose.living import AUDIT_AT_REST, TELEGRAM_PORT, ComposeHome, until
from tests.stories.prometheus import DASHBOARDS, Prometheus

pytestmark = pytest.mark.slow


def test_a_device_without_a_container_is_off_and_nobody_waits_for_it(market: ComposeHome) -> None:
    until(lambda: not market.is_on("kettle"))
    before = market.tick()
    until(lambda: market.tick() > before)
    market.compose("up", "--detach", "--no-recreate", "--scale", "kettle=1", *market.services())
    until(lambda: market.is_on("kettle"))


def test_the_balancer_books_the_epochs_of_the_home(market: ComposeHome) -> None:
    prometheus = Prometheus(market.prometheus)
    until(lambda: prometheus.ready() and max(prometheus.ask("sum by (home) (joulebus_market_sealed_epochs)").values(), default=0) >= 2)
    assert prometheus.ask("sum by (home) (joulebus_market_trouble)") == {("market",): 0}
    until(lambda: min(prometheus.ask_panels(DASHBOARDS["market"], "market").values()) > 0)


def test_a_meter_in_a_container_sends_its_telegrams_to_this_machine(market: ComposeHome) -> None:
    reader = TelegramReader()
    found: list[ReadTelegram] = []
    with create_connection(("127.0.0.1", TELEGRAM_PORT), timeout=30) as door:
        while len(found) < 2:
            found += reader.feed(door.recv(65_536))
    stamps = [telegram.values("0-0:1.0.0") for telegram in found]
    assert stamps[0] < stamps[-1] and found[-1].values("1-0:1.8.1")[0].endswith("*kWh")


def test_the_volumes_that_down_leaves_are_the_whole_ledger(market: ComposeHome) -> None:
    before = market.tick()
    market.compose("down", "--timeout", "20")
    assert "0 J" in market.compose(*AUDIT_AT_REST)
    market.up()
    assert market.tick() >= before and market.is_on("kettle")
