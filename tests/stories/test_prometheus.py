"""A real Prometheus finds every component of a home, and counts the joules that are in the journal."""

import json
import re
import subprocess
import urllib.request
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

import joulebus
from joulebus.addresses import LOOPBACK
from joulebus_schemas.versions import SPECIFICATION
from tests.real.router import wait_until
from tests.stories.conftest import Live
from tests.stories.homes import CABIN, ROOM
from tests.stories.living import LivingHome
from tests.stories.prometheus import DASHBOARDS, INFRA, Prometheus, running_prometheus

VERSION = joulebus.__version__


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


@pytest.mark.slow
def test_a_real_prometheus_counts_the_joules_of_the_journal(live: Live, tmp_path: Path) -> None:
    cabin = live("cabin", CABIN, "--speed", "600").up()
    targets = cabin.books / "prometheus_targets.json"
    with running_prometheus(tmp_path / "prometheus", targets) as prometheus:
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
        who = set(prometheus.ask("group by (home, component, instance) (up)"))
        assert who == {(name, "cabin", f"cabin/{name}") for name in COMPONENTS | {"kettle"}}
        assert (
            prometheus.ask('count({__name__=~"joulebus_.*", exported_component=~".+"} or {__name__=~"joulebus_.*", exported_home=~".+"})')
            == {}
        )
        cabin.ask("clock", "resume")
        for name in ("home", "device", "system"):
            cabin.wait_until(partial(all_draw, prometheus, name), f"each panel of {name}.json draws a line", 60)
        assert cabin.stop() == 0 and not targets.exists()
        wait_until(lambda: not prometheus.ask("up"), "nothing is scraped of a home that has ended", 60)


def all_draw(prometheus: Prometheus, dashboard: str) -> bool:
    """Whether no query of a dashboard of the cabin is without an answer."""
    return min(prometheus.ask_panels(DASHBOARDS[dashboard], "cabin", ("battery", "oven")).values()) > 0


def test_alerts_are_raised_and_only_when_they_should_be() -> None:
    for command in (["check", "rules", "rules.yml", "alerts.yml"], ["test", "rules", "alerts.test.yml", "rules.test.yml"]):
        done = subprocess.run(["promtool", *command], cwd=INFRA / "prometheus", capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_watts_are_right_at_any_speed(live: Live, tmp_path: Path) -> None:
    steady = "  inverter: {kind: inverter, rating_watts: 3000}\n  lamp: {kind: appliance, power_watts: 1000}\n"
    room = live("room", steady, "--speed", "600").up()
    with running_prometheus(tmp_path / "prometheus", room.books / "prometheus_targets.json") as prometheus:
        power = 'joulebus:power_watts{device="lamp", direction="in"}'
        right = lambda: [950 < watts < 1_050 for watts in prometheus.ask(power).values()] == [True]  # noqa: E731
        room.wait_until(right, "a kilowatt is a kilowatt", 120)
        assert prometheus.ask("group by (component) (joulebus_simulated_time_seconds)") == {("inverter",): 1}
        assert prometheus.ask("sum by (home) (joulebus_clock_speed_ratio)") == {("room",): 600}
        room.ask("clock", "pause")
        room.wait_until(lambda: prometheus.ask("sum by (home) (joulebus_clock_speed_ratio)") == {("room",): 0}, "a pause is seen")
        record = room.committed()[-1]
        now = 1_782_050_400 + record.window.end
        room.wait_until(lambda: prometheus.ask("sum by (home) (joulebus_simulated_time_seconds)") == {("room",): now}, "time is seen")
        [money] = prometheus.ask("sum by (home) (joulebus_cost_euros_total) - sum by (home) (joulebus_income_euros_total)").values()
        outcomes = [one for each in room.committed() for one in each.outcomes.values()]
        micro = sum(one.import_cost_micro_euro - one.export_income_micro_euro for one in outcomes)
        assert money == pytest.approx(micro / 1e6) and micro > 0
        about = {("inverter", "room", "room/inverter", "room/inverter", SPECIFICATION, VERSION)}
        query = 'group by (component, home, instance, principal, specification, version) (joulebus_info{component="inverter"})'
        assert set(prometheus.ask(query)) == about
        assert set(prometheus.ask("group by (timezone, tick_seconds) (joulebus_home_info)")) == {("1", "America/New_York")}


@pytest.mark.slow
def test_what_only_rises_is_a_counter_and_no_label_is_one_of_the_target(live: Live) -> None:
    cabin = live("cabin", CABIN, "--speed", "60").up()
    pages = {name: page(f"http://{LOOPBACK}:{port}/metrics") for name, port in cabin.running["metrics_ports"].items()}
    assert pages.keys() == COMPONENTS
    for text in pages.values():
        lint = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
        ours = [line for line in lint.stdout.splitlines() + lint.stderr.splitlines() if line.startswith("joulebus")]
        assert ours == []
        labels = {label for line in text.splitlines() if line.startswith("joulebus") for label in re.findall(r"[{,](\w+)=", line)}
        assert labels & {"home", "component", "instance", "job"} == set()
    types = dict(re.findall(r"^# TYPE (joulebus_\w+) (\w+)$", "\n".join(pages.values()), re.MULTILINE))
    gauges = {name for name, kind in types.items() if kind == "gauge" and not name.endswith("_created")}
    assert gauges == GAUGES
    assert {name for name, kind in types.items() if kind == "counter" and not name.endswith("_total")} == set()


GAUGES = {
    *(f"joulebus_{name}" for name in ("info", "home_info", "power_watts", "state_of_charge_ratio", "tick", "simulated_time_seconds")),
    *(f"joulebus_{name}" for name in ("clock_speed_ratio", "lag_ticks", "historian_record", "missing_joules")),
    *(f"joulebus_{name}" for name in ("device_missing", "device_on", "temperature_celsius")),
}
"""What may fall, too."""


def page(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode())


def test_metrics_are_answered_where_people_say(live: Live) -> None:
    other = "127.0.0.2"
    room = live("room", ROOM, "--metrics-address", other).up()
    targets = json.loads((room.books / "prometheus_targets.json").read_text())
    assert {one["targets"][0].partition(":")[0] for one in targets} == {other} and len(targets) == 6
    for name, port in room.running["metrics_ports"].items():
        assert "joulebus_messages_total" in page(f"http://{other}:{port}/metrics"), name
        with pytest.raises(OSError):
            page(f"http://{LOOPBACK}:{port}/metrics")


def test_an_address_of_another_machine_is_refused(live: Live) -> None:
    room = live("room", ROOM, "--metrics-address", "192.0.2.1").start()
    assert room.ended(60) == 2
    said = 'joulebus: --metrics-address must be an address of this machine, such as 192.168.1.5 or 0.0.0.0, but was "192.0.2.1"\n'
    assert room.said == said and not room.books.exists()


def the_other_figures_are_there(cabin: LivingHome, prometheus: Prometheus) -> None:
    """Tick, lag, charge, power, messages, and what was refused."""
    cabin.wait_until(lambda: set(prometheus.ask("joulebus_tick").values()) == {cabin.tick()}, "all have come to the same tick")
    cabin.wait_until(lambda: prometheus.ask("sum by (home) (joulebus_lag_ticks)") == {("cabin",): 0}, "a paused home is not behind")
    cabin.wait_until(lambda: prometheus.ask("sum by (home) (joulebus_missing_joules)") == {("cabin",): 0}, "the books close")
    on = {(name,): 1 for name in ("sun", "panel", "battery", "inverter", "oven", "grid")}
    assert prometheus.ask("sum by (device) (joulebus_device_on)") == on
    assert prometheus.ask("sum by (device) (joulebus_device_missing)") == dict.fromkeys(on, 0)
    warm = cabin.ask("oven", "state")["readings"]["temperature_millicelsius"] / 1e3
    assert prometheus.ask("sum by (device) (joulebus_temperature_celsius)") == {("oven",): warm}
    charge = cabin.ask("battery", "state")["readings"]["state_of_charge_ppm"] / 1e6
    assert prometheus.ask("sum by (device) (joulebus_state_of_charge_ratio)") == {("battery",): charge}
    assert {device for (device,) in prometheus.ask("sum by (device) (joulebus_power_watts)")} >= {"oven", "panel", "battery", "grid"}
    messages = prometheus.ask('sum by (component, direction) (joulebus_messages_total{direction!="newer"})')
    assert set(messages) == {(name, way) for name in COMPONENTS for way in ("sent", "received")}
    assert min(messages.values()) > 0
    cabin.owner.call("joulebus.cabin.oven.set", power_watts="much")
    refused = {("oven", "invalid"): 1}
    # Of the oven: a screen that comes before the first record is refused its totals by the historian, and asks again.
    query = 'sum by (component, reason) (joulebus_refused_messages_total{component="oven"})'
    cabin.wait_until(lambda: prometheus.ask(query) == refused, "the refused question is counted")
