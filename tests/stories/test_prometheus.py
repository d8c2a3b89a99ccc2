"""A real Prometheus finds every component of a home, and counts the joules that are in the journal."""

from collections import Counter
from pathlib import Path

from tests.stories.conftest import Live
from tests.stories.homes import CABIN
from tests.stories.living import LivingHome
from tests.stories.prometheus import Prometheus, running_prometheus


def energy(home: LivingHome) -> dict[tuple[str, str], float]:
    """Joules by device and direction, summed over the journal; without zeros."""
    sums: Counter[tuple[str, str]] = Counter()
    for record in home.committed():
        for device, outcome in record.outcomes.items():
            sums[device, "in"] += outcome.joules_in
            sums[device, "out"] += outcome.joules_out
    return {key: float(joules) for key, joules in sums.items() if joules}


def scraped_energy(prometheus: Prometheus) -> dict[tuple[str, ...], float]:
    """The same as Prometheus has it."""
    return prometheus.ask("sum by (device, direction) (joulebus_energy_joules_total) > 0")


COMPONENTS = {"sun", "panel", "battery", "inverter", "oven", "grid", "historian", "screen", "supervisor"}


def test_a_real_prometheus_counts_the_joules_of_the_journal(live: Live, tmp_path: Path) -> None:
    cabin = live("cabin", CABIN, "--speed", "600").up()
    with running_prometheus(tmp_path / "prometheus", cabin.books / "prometheus_targets.json") as prometheus:
        cabin.wait_until(lambda: set(prometheus.ask("sum by (component) (up == 1)")) == {(name,) for name in COMPONENTS}, "all are scraped")
        cabin.wait_for_tick(3_000)
        cabin.ask("clock", "pause")
        cabin.wait_until(lambda: scraped_energy(prometheus) == energy(cabin), "Prometheus has the joules of the journal")
        assert set(energy(cabin)) >= {("oven", "in"), ("panel", "out")}
        the_other_figures_are_there(cabin, prometheus)
        before = energy(cabin)
        cabin.ask("home", "add", name="kettle", kind="appliance", properties={"power_watts": 500})
        cabin.ask("clock", "step", ticks=100)
        cabin.wait_until(lambda: scraped_energy(prometheus) == energy(cabin) != before, "the new device is scraped, too")
        assert energy(cabin)["kettle", "in"] == 50_000


def the_other_figures_are_there(cabin: LivingHome, prometheus: Prometheus) -> None:
    """Tick, lag, charge, power, messages, and what was refused."""
    cabin.wait_until(lambda: set(prometheus.ask("joulebus_tick").values()) == {cabin.tick()}, "all have come to the same tick")
    assert prometheus.ask("sum by (home) (joulebus_lag_ticks)") == {("cabin",): 0}
    charge = cabin.ask("battery", "state")["readings"]["state_of_charge_ppm"] / 1e6
    assert prometheus.ask("sum by (device) (joulebus_state_of_charge_ratio)") == {("battery",): charge}
    assert {device for (device,) in prometheus.ask("sum by (device) (joulebus_power_watts)")} >= {"oven", "panel", "battery", "grid"}
    messages = prometheus.ask("sum by (component, direction) (joulebus_messages)")
    assert set(messages) == {(name, way) for name in COMPONENTS for way in ("sent", "received")}
    assert min(messages.values()) > 0
    cabin.owner.call("joulebus.cabin.oven.set", power_watts="much")
    refused = {("oven", "invalid"): 1}
    query = "sum by (component, reason) (joulebus_refused_messages_total)"
    cabin.wait_until(lambda: prometheus.ask(query) == refused, "the refused question is counted")
