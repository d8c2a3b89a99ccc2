"""What Prometheus scrapes of each component: names in the words of the design, units in the names.

No metric says of which home or component it is: the target does, in ``prometheus_targets.json`` (``home``, ``component``, ``instance``).
A label of the same name here would only become ``exported_home``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from prometheus_client import REGISTRY, Counter, Gauge, Info
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from joulebus.home.keeper import Verdict
from joulebus.home.seat import Seat
from joulebus_schemas.facts import MICRO_PER_EURO
from joulebus_schemas.journal import Born
from joulebus_schemas.offers import Outcome
from joulebus_schemas.rounds import Settled
from joulebus_schemas.versions import SPECIFICATION

INFO = Info("joulebus", "What this component is: its principal, its version, and the specification that it speaks")
HOME_INFO = Gauge("joulebus_home_info", "What the home is: its time zone and the length of a tick", ["timezone", "tick_seconds"])
ENERGY = Counter("joulebus_energy_joules", "Energy moved by a device", ["device", "direction"])
POWER = Gauge("joulebus_power_watts", "Mean power of a device in the last window; positive consumes", ["device"])
UNSERVED_METRIC = Counter("joulebus_unserved_joules", "Energy that a device wanted and did not get", ["device"])
CURTAILED_METRIC = Counter("joulebus_curtailed_joules", "Energy that a device could have given", ["device"])
LEVEL_METRIC = Gauge("joulebus_state_of_charge_ratio", "State of charge of a storage", ["device"])
TEMPERATURE = Gauge("joulebus_temperature_celsius", "Temperature of what a device keeps warm or cold", ["device"])
DEVICE_ON = Gauge("joulebus_device_on", "1 while a device of the home is switched on, 0 while it is off", ["device"])
DEVICE_MISSING = Gauge("joulebus_device_missing", "1 while time stands still because a device does not answer, else 0", ["device"])
MISSING_METRIC = Gauge("joulebus_missing_joules", "Energy that the books of the home cannot account for: always 0", registry=None)
TICK = Gauge("joulebus_tick", "First tick that is not settled", ["device"])
SIMULATED_TIME = Gauge(
    "joulebus_simulated_time_seconds", "Simulated time up to which everything is settled, in Unix seconds", registry=None
)
SPEED = Gauge("joulebus_clock_speed_ratio", "Simulated seconds per real second, as set: 0 while paused, +Inf when flat out", registry=None)
LAG = Gauge("joulebus_lag_ticks", "Ticks that are due and not settled", registry=None)
SETTLED_METRIC = Counter("joulebus_settlements", "Windows settled", registry=None)
TICKS_METRIC = Counter("joulebus_settled_ticks", "Ticks settled", registry=None)
SEALS = Counter("joulebus_seals", "Epochs sealed", registry=None)
FLOW_METRIC = Counter("joulebus_flow_joules", "Energy by where it came from and went to", ["source", "sink"])
COST = Counter("joulebus_cost_euros", "Money paid: for imports, and for exports at negative prices", registry=None)
INCOME = Counter("joulebus_income_euros", "Money received: for exports, and for imports at negative prices", registry=None)
PACKETS = Counter("joulebus_packets", "Packets of devices by what became of them", ["device", "verdict"])
REFUSED_METRIC = Counter("joulebus_refused_messages", "Messages that were refused", ["topic", "reason"])
HISTORIAN_METRIC = Gauge("joulebus_historian_record", "Last record of the journal that the historian has", registry=None)

OF_THE_KEEPER = (SIMULATED_TIME, SPEED, LAG, MISSING_METRIC, SETTLED_METRIC, TICKS_METRIC, SEALS, COST, INCOME)
"""A metric without labels has a value as soon as it is registered: those of the keeper are registered in its process only."""


def expose(*metrics: Collector) -> None:
    """Register metrics in this process; those that are registered already stay."""
    for metric in metrics:
        if metric not in _exposed:
            _exposed.add(metric)
            REGISTRY.register(metric)


_exposed: set[Collector] = set()


VERDICTS = tuple(verdict.name.lower() for verdict in Verdict)


class NodeMetrics:
    """Metrics of one device. Counters used in every round are looked up once."""

    def __init__(self, device: str) -> None:
        self._in, self._out = ENERGY.labels(device, "in"), ENERGY.labels(device, "out")
        self._unserved, self._curtailed = UNSERVED_METRIC.labels(device), CURTAILED_METRIC.labels(device)
        self._power, self._tick = POWER.labels(device), TICK.labels(device)
        self._device = device
        self._sums = [0, 0, 0, 0]
        self._last: tuple[Seat, Settled, Outcome] | None = None

    def settled(self, seat: Seat, settled: Settled, outcome: Outcome) -> None:
        """A window of this device is settled: count it; it is published with :meth:`publish`, not in every round."""
        self._sums[0] += outcome.joules_in
        self._sums[1] += outcome.joules_out
        self._sums[2] += outcome.unserved_joules
        self._sums[3] += outcome.curtailed_joules
        self._last = (seat, settled, outcome)

    def publish(self) -> None:
        """Let Prometheus see what was counted since the last time."""
        if self._last is None:
            return
        seat, settled, outcome = self._last
        for counter, joules in zip((self._in, self._out, self._unserved, self._curtailed), self._sums, strict=True):
            counter.inc(joules)
        self._sums, self._last = [0, 0, 0, 0], None
        self._power.set((outcome.joules_in - outcome.joules_out) / (settled.window.ticks * seat.context.tick_seconds))
        self._tick.set(settled.window.end)
        readings = seat.readings()
        if "state_of_charge_ppm" in readings:
            LEVEL_METRIC.labels(self._device).set(readings["state_of_charge_ppm"] / 1e6)
        if "temperature_millicelsius" in readings:
            TEMPERATURE.labels(self._device).set(readings["temperature_millicelsius"] / 1e3)


@dataclass(frozen=True)
class HomeLook:
    """A home at one moment, as its keeper sees it."""

    tick: int
    lag_ticks: int
    speed: float
    on: Mapping[str, bool]
    """Whether it is on, by device of the roster."""
    missing: Collection[str]
    """Devices that time waits for."""
    missing_joules: int


class HubMetrics:
    """Metrics of the keeper and the clock."""

    def __init__(self, born: Born) -> None:
        self._start, self._tick_seconds = born.start_unix_seconds, born.tick_seconds
        HOME_INFO.labels(born.place.timezone, born.tick_seconds).set(1)
        expose(*OF_THE_KEEPER)
        self._accepted: dict[str, Counter] = {}
        self._tick = TICK.labels("inverter")

    def packet(self, device: str, verdict: str) -> None:
        """A packet came."""
        if verdict != "accepted":
            PACKETS.labels(device, verdict).inc()
            return
        if device not in self._accepted:
            self._accepted[device] = PACKETS.labels(device, verdict)
        self._accepted[device].inc()

    def forget(self, device: str) -> None:
        """A device has left for good: what was counted of it goes, or the list would grow for as long as the home lives."""
        self._accepted.pop(device, None)
        for metric, labels in [(PACKETS, (device, verdict)) for verdict in VERDICTS] + [
            (DEVICE_ON, (device,)),
            (DEVICE_MISSING, (device,)),
        ]:
            with suppress(KeyError):
                metric.remove(*labels)

    def look(self, home: HomeLook) -> None:
        """Where time is, how far it is behind, and what it waits for; set each second, also while nothing is settled."""
        self._reach(home.tick)
        LAG.set(home.lag_ticks)
        SPEED.set(home.speed)
        MISSING_METRIC.set(home.missing_joules)
        for device, on in home.on.items():
            DEVICE_ON.labels(device).set(on)
            DEVICE_MISSING.labels(device).set(device in home.missing)

    def settled(self, settled: Settled) -> None:
        """A window is settled."""
        SETTLED_METRIC.inc()
        TICKS_METRIC.inc(settled.window.ticks)
        SEALS.inc(len(settled.seals))
        self._reach(settled.window.end)
        for pair, joules in settled.flows.items():
            FLOW_METRIC.labels(*pair.split(">")).inc(joules)
        amounts = [amount for one in settled.outcomes.values() for amount in (one.import_cost_micro_euro, -one.export_income_micro_euro)]
        COST.inc(sum(amount for amount in amounts if amount > 0) / MICRO_PER_EURO)
        INCOME.inc(-sum(amount for amount in amounts if amount < 0) / MICRO_PER_EURO)

    def _reach(self, tick: int) -> None:
        self._tick.set(tick)
        SIMULATED_TIME.set(self._start + tick * self._tick_seconds)


class CountedElsewhere(Collector):
    """A counter whose values somebody else keeps; they are read when Prometheus asks."""

    def __init__(self, name: str, text: str, label: str, values: Callable[[], Mapping[str, float]]) -> None:
        self._name, self._text, self._label, self._values = name, text, label, values

    def collect(self) -> Iterator[Metric]:
        """The values of this moment."""
        family = CounterMetricFamily(self._name, self._text, labels=[self._label])
        for value, count in sorted(self._values().items()):
            family.add_metric([value], count)
        yield family


def watch_bus(principal: str, bus: Any) -> None:
    """Count the messages of a component's bus, and say which component this is."""
    from joulebus import __version__

    INFO.info({"principal": principal, "version": __version__, "specification": SPECIFICATION})
    text = "Messages since the start of this process; newer: those with fields of a newer minor version, read without them"
    directions = lambda: {"sent": bus.sent, "received": bus.received, "newer": bus.newer}  # noqa: E731
    REGISTRY.register(CountedElsewhere("joulebus_messages", text, "direction", directions))
    bus.on_refused.append(lambda topic, reason, sender: REFUSED_METRIC.labels(topic, reason).inc())


def watch_parts(restarts: Callable[[], Mapping[str, float]]) -> None:
    """Metrics of the supervisor: how often each part has ended unexpectedly."""
    REGISTRY.register(
        CountedElsewhere("joulebus_restarts", "Ends of a part that nobody asked for, since the supervisor started", "part", restarts)
    )
