"""A real Prometheus in the home's network: it finds every part, has the rules, and answers every query of every dashboard."""

import json
import subprocess
import urllib.request
from functools import partial
from typing import Any

import pytest

from tests.compose.living import ComposeHome, until
from tests.real.router import ROOT
from tests.stories.prometheus import DASHBOARDS, Prometheus

NEIGHBOURS = {"tickets", "books", "crossbar", "postgresql", "web", "prometheus"}
"""Services that are not ours, or have ended."""
DRAWS_SECONDS_MAX = 120


@pytest.fixture
def prometheus(house: ComposeHome) -> Prometheus:
    found = Prometheus(house.prometheus)
    until(found.ready)
    return found


def test_every_part_is_scraped(house: ComposeHome, prometheus: Prometheus) -> None:
    parts = {(name,) for name in set(house.services()) - NEIGHBOURS}
    until(lambda: set(prometheus.ask("sum by (component) (up == 1)")) == parts)
    assert prometheus.ask("up == 0") == {}


def test_the_rules_are_there_and_record(prometheus: Prometheus) -> None:
    with urllib.request.urlopen(f"{prometheus.url}/api/v1/rules", timeout=5) as answer:
        groups: list[dict[str, Any]] = json.load(answer)["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    until(lambda: bool(prometheus.ask('joulebus:power_watts{home="house"}')))
    assert {rule["name"] for rule in rules} >= {"joulebus:power_watts", "JoulebusTimeStandsStill", "JoulebusDeviceMissing"}
    assert [rule["name"] for rule in rules if rule["health"] == "err"] == []


@pytest.mark.parametrize("name", ["home", "device", "system"])
def test_every_query_of_a_dashboard_draws(house: ComposeHome, prometheus: Prometheus, name: str) -> None:
    all_draw = partial(draws, prometheus, name)
    until(all_draw, DRAWS_SECONDS_MAX)


def draws(prometheus: Prometheus, name: str) -> bool:
    """Whether no query is without an answer."""
    return min(prometheus.ask_panels(DASHBOARDS[name], "house", ("battery", "oven", "fridge")).values()) > 0


def test_a_device_that_crashes_is_named_in_seconds(house: ComposeHome, prometheus: Prometheus) -> None:
    missing = lambda: prometheus.ask("sum by (device) (joulebus_device_missing == 1)")  # noqa: E731
    until(lambda: missing() == {})
    house.compose("pause", "tv")
    seconds = until(lambda: missing() == {("tv",): 1}, 30)
    house.compose("unpause", "tv")
    print(f"Prometheus names a device that hangs after {seconds:.0f} s")
    until(lambda: missing() == {})


def test_what_grafana_is_told_has_its_form(house: ComposeHome) -> None:
    read = partial(house.compose, "exec", "-T", "prometheus", "cat")
    folder = "/run/joulebus/monitoring/grafana"
    sources = json.loads(read(f"{folder}/datasources/joulebus.yml"))["datasources"]
    assert {one["uid"]: one["url"] for one in sources} == {
        "joulebus-prometheus": "http://prometheus:9090",
        "joulebus-history": "postgresql:5432",
    }
    [provider] = json.loads(read(f"{folder}/dashboards/joulebus.yml"))["providers"]
    there = house.compose("exec", "-T", "prometheus", "ls", provider["options"]["path"]).split()
    assert set(there) == {path.name for path in (ROOT / "infra/grafana").glob("*.json")}


def test_the_configuration_is_what_promtool_accepts(house: ComposeHome) -> None:
    checked = house.compose("exec", "-T", "prometheus", "promtool", "check", "config", "/run/joulebus/monitoring/prometheus.yml")
    assert "SUCCESS" in checked
    assert subprocess.run(["promtool", "--version"], capture_output=True, check=True)
