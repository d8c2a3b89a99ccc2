"""Grafana's dashboards, as files: names that links keep, variables, units that are those of what is asked, and time explained."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import Counter, Gauge

from joulebus.services import market_metrics, metrics

ROOT = Path(__file__).resolve().parents[2]
ALL = sorted((ROOT / "infra/grafana").glob("*.json"))
OF_PROMETHEUS = [path for path in ALL if path.stem != "history"]
UNITS = {
    "watt": ("_watts",),
    "joule": ("_joules", "_joules_total"),
    "celsius": ("_celsius",),
    "percentunit": ("_ratio", "_cpu_seconds_total"),
    "bytes": ("_bytes",),
    "currencyEUR": ("_euros_total",),
    "dateTimeAsIso": ("_time_seconds",),
    "cps": ("_total", "_per_second"),
}
"""Grafana's units, and how the names of metrics end that have them; everything else is a plain number."""
RECORDED = {"joulebus:power_watts", "joulebus:flow_watts", "joulebus:speed_ratio", "joulebus:rounds_per_second", "joulebus:restarts"}
NOT_OURS = {"up", "ALERTS", "process_resident_memory_bytes", "process_cpu_seconds_total"}


def dashboard(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def asked(path: Path) -> list[tuple[str, str, set[str]]]:
    """Title, unit and metrics of every query."""
    panels = dashboard(path)["panels"]
    return [
        (panel["title"], panel["fieldConfig"]["defaults"]["unit"], named(target["expr"]))
        for panel in panels
        for target in panel.get("targets", ())
    ]


def named(query: str) -> set[str]:
    return set(re.findall(r"\b(?:joulebus[_:]\w+|process_\w+|ALERTS|up)(?=[{\[])", query))


def exposed() -> set[str]:
    """Every name that a component or a rule gives."""
    ours = [one for module in (metrics, market_metrics) for one in vars(module).values() if isinstance(one, Counter | Gauge)]
    kept = {f"{found.name}_total" if isinstance(one, Counter) else found.name for one in ours for found in one.describe()}
    return kept | {"joulebus_messages_total", "joulebus_restarts_total"} | RECORDED | NOT_OURS


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_dashboard_keeps_its_name_and_its_panels_their_numbers(path: Path) -> None:
    said = dashboard(path)
    numbers = [panel["id"] for panel in said["panels"]]
    assert said["uid"] == f"joulebus-{path.stem}" and said["tags"] == ["joulebus"]
    assert len(set(numbers)) == len(numbers) and min(numbers) > 0
    assert [one["name"] for one in said["templating"]["list"]][:2] == ["datasource", "home"]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_no_panel_lies_on_another(path: Path) -> None:
    places = [panel["gridPos"] for panel in dashboard(path)["panels"]]
    taken = [(x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
    assert len(set(taken)) == len(taken) and max(x for x, _ in taken) < 24


@pytest.mark.parametrize("path", OF_PROMETHEUS, ids=lambda path: path.stem)
def test_a_dashboard_explains_simulated_time(path: Path) -> None:
    texts = [panel["options"]["content"] for panel in dashboard(path)["panels"] if panel["type"] == "text"]
    assert any("**simulated** time" in text for text in texts)


@pytest.mark.parametrize("path", OF_PROMETHEUS, ids=lambda path: path.stem)
def test_the_unit_of_a_panel_is_that_of_what_it_asks(path: Path) -> None:
    wrong = [(title, unit, name) for title, unit, names in asked(path) for name in names if not name.endswith(UNITS.get(unit, ("",)))]
    assert wrong == []


@pytest.mark.parametrize("path", OF_PROMETHEUS, ids=lambda path: path.stem)
def test_every_query_asks_for_what_is_exposed(path: Path) -> None:
    assert all(names for _, _, names in asked(path))
    assert {name for _, _, names in asked(path) for name in names} - exposed() == set()


def test_only_the_dashboard_of_a_device_has_a_device() -> None:
    having = {path.stem for path in ALL if "$device" in path.read_text()}
    assert having == {"device"}
