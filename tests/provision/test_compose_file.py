"""The file for Docker Compose: it says what the home file says, confines every service, and the committed one never drifts."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from joulebus.cli.composing import composed
from joulebus.errors import HomeFileError
from joulebus.homefile.home_file import load_home_file

ROOT = Path(__file__).resolve().parents[2]
HOMES = ROOT / "examples/homes"
HOUSE = HOMES / "house.yaml"
ONCE = {"tickets", "books", "access"}
ROOTS = {"tickets", "postgresql"}
"""Services that may change who owns a file; nobody else has a capability."""
NEIGHBOURS = {"crossbar", "web", "postgresql", "prometheus", "grafana"}


def services(home_file: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(composed(home_file, ROOT))["services"]
    return found


def test_the_committed_file_is_that_of_the_house() -> None:
    assert (ROOT / "docker-compose.yml").read_text() == composed(HOUSE, ROOT)


def test_each_device_is_a_service_and_the_inverter_is_the_hub() -> None:
    found = services(HOUSE)
    assert load_home_file(HOUSE).members.keys() <= found.keys()
    assert found["inverter"]["command"][0] == "inverter"
    assert found["oven"]["command"][0] == "device" and "--own-switch" in found["oven"]["command"]
    assert "sun,weather" in found["panel_south"]["command"]


@pytest.mark.parametrize("home", ["house", "flat", "off_grid", "load_shedding", "market"])
def test_every_service_is_confined(home: str) -> None:
    for name, one in services(HOMES / f"{home}.yaml").items():
        assert one["read_only"] and one["cap_drop"] == ["ALL"] and one["security_opt"] == ["no-new-privileges:true"], name
        assert one["mem_limit"] and one["pids_limit"], name
        assert one["restart"] == ("no" if name in ONCE else "unless-stopped"), name
        assert ("healthcheck" in one) == (name not in ONCE), name
        assert ("cap_add" in one) == (name in ROOTS), name
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", ())), name


@pytest.mark.parametrize("home", ["house", "market"])
def test_nobody_sees_the_ticket_of_another(home: str) -> None:
    for name, one in services(HOMES / f"{home}.yaml").items():
        mounts = [mount for mount in one.get("volumes", ()) if isinstance(mount, dict)]
        tickets = [mount["source"] for mount in mounts if mount["target"] == "/run/joulebus/ticket"]
        assert name in ONCE or tickets == ([] if name in NEIGHBOURS else [f"ticket_{name}"])


def test_what_a_device_opens_is_opened_on_this_machine_alone(tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    devices = "  meter: {kind: meter, telegram_port: 8123, things_port: 8124}\n  wallbox: {kind: charger, api_port: 8125}\n"
    file.write_text((HOMES / "flat.yaml").read_text().replace("\ndevices:\n", f"\ndevices:\n{devices}"))
    found = yaml.safe_load(composed(file, tmp_path))["services"]
    assert found["meter"]["ports"] == ["127.0.0.1:8123:8123", "127.0.0.1:8124:8124"]
    assert found["wallbox"]["ports"] == ["127.0.0.1:8125:8125"] and "ports" not in found["tv"]


def test_a_home_with_a_market_has_a_balancer() -> None:
    assert "balancer" in services(HOMES / "market.yaml") and "balancer" not in services(HOUSE)


def test_a_device_that_is_called_like_a_service_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text((HOMES / "flat.yaml").read_text().replace("\n  tv:", "\n  web:"))
    with pytest.raises(HomeFileError, match="no device may be called"):
        composed(file, tmp_path)
