"""What Prometheus scrapes of each component: names in the words of the design, units in the names."""

from typing import Any

from prometheus_client import Counter, Gauge

from joulebus.home.seat import Seat
from joulebus_schemas.offers import Outcome
from joulebus_schemas.rounds import Settled

ENERGY = Counter("joulebus_energy_joules", "Energy moved by a device", ["home", "device", "direction"])
POWER = Gauge("joulebus_power_watts", "Mean power of a device in the last window; positive consumes", ["home", "device"])
UNSERVED_METRIC = Counter("joulebus_unserved_joules", "Energy that a device wanted and did not get", ["home", "device"])
CURTAILED_METRIC = Counter("joulebus_curtailed_joules", "Energy that a device could have given", ["home", "device"])
LEVEL_METRIC = Gauge("joulebus_state_of_charge_ratio", "State of charge of a store", ["home", "device"])
TICK = Gauge("joulebus_tick", "First tick that is not settled", ["home", "device"])
LAG = Gauge("joulebus_lag_ticks", "Ticks that are due and not settled", ["home"])
SETTLED_METRIC = Counter("joulebus_settlements", "Windows settled", ["home"])
TICKS_METRIC = Counter("joulebus_settled_ticks", "Ticks settled", ["home"])
SEALS = Counter("joulebus_seals", "Epochs sealed", ["home"])
FLOW_METRIC = Counter("joulebus_flow_joules", "Energy by where it came from and went to", ["home", "source", "sink"])
COST = Gauge("joulebus_cost_micro_euro", "Cost of import less income of export since the start of this process", ["home"])
PACKETS = Counter("joulebus_packets", "Packets of devices by what became of them", ["home", "device", "verdict"])
MESSAGES = Gauge("joulebus_messages", "Messages since the start of this process", ["home", "component", "direction"])
REFUSED_METRIC = Counter("joulebus_refused_messages", "Messages that were refused", ["home", "component", "topic", "reason"])
NEWER = Gauge("joulebus_newer_messages", "Messages with fields of a newer minor version, read without them", ["home", "component"])
RESTARTS = Gauge("joulebus_restarts", "Ends of a part that nobody asked for, since the start of the supervisor", ["home", "component"])
HISTORIAN_METRIC = Gauge("joulebus_historian_record", "Last record of the journal that the historian has", ["home"])


MARKET_REVISION = Gauge("joulebus_market_revision", "Last change of the market", ["home"])
MARKET_SEALED = Gauge("joulebus_market_sealed_epochs", "Epochs of the market that are sealed as a whole", ["home"])
MARKET_BEHIND = Gauge("joulebus_market_behind_records", "Records of the journal that the market has not booked yet", ["home"])
MARKET_LATE = Gauge("joulebus_market_late_values", "Values that came after their seal and wait for a correction", ["home"])
MARKET_TROUBLE = Gauge("joulebus_market_trouble", "1 while the market cannot do all that its ledger says, else 0", ["home"])


class NodeMetrics:
    """Of one device. What is counted in every round is looked up once."""

    def __init__(self, home: str, device: str) -> None:
        labels = (home, device)
        self._in, self._out = ENERGY.labels(*labels, "in"), ENERGY.labels(*labels, "out")
        self._unserved, self._curtailed = UNSERVED_METRIC.labels(*labels), CURTAILED_METRIC.labels(*labels)
        self._power, self._tick = POWER.labels(*labels), TICK.labels(*labels)
        self._labels = labels
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
        if outcome.level_microjoules:
            LEVEL_METRIC.labels(*self._labels).set(seat.readings().get("state_of_charge_ppm", 0) / 1e6)


class HubMetrics:
    """Of the keeper and the clock."""

    def __init__(self, home: str) -> None:
        self.home = home
        self._accepted: dict[str, Counter] = {}
        self._settled, self._ticks, self._seals = SETTLED_METRIC.labels(home), TICKS_METRIC.labels(home), SEALS.labels(home)
        self._tick, self._lag, self._cost = TICK.labels(home, "inverter"), LAG.labels(home), COST.labels(home)

    def packet(self, device: str, verdict: str) -> None:
        """A packet came."""
        if verdict != "accepted":
            PACKETS.labels(self.home, device, verdict).inc()
            return
        if device not in self._accepted:
            self._accepted[device] = PACKETS.labels(self.home, device, verdict)
        self._accepted[device].inc()

    def lag(self, ticks: int) -> None:
        """How far time is behind; said each second, also while nothing is settled."""
        self._lag.set(ticks)

    def settled(self, settled: Settled) -> None:
        """A window is settled."""
        self._settled.inc()
        self._ticks.inc(settled.window.ticks)
        self._tick.set(settled.window.end)
        self._seals.inc(len(settled.seals))
        for pair, joules in settled.flows.items():
            FLOW_METRIC.labels(self.home, *pair.split(">")).inc(joules)
        self._cost.inc(sum(outcome.import_cost_micro_euro - outcome.export_income_micro_euro for outcome in settled.outcomes.values()))


def watch_market(home: str, executor: Any) -> None:
    """What the balancer's books say; looked at when Prometheus asks."""
    MARKET_REVISION.labels(home).set_function(lambda: executor.mark.revision)
    MARKET_SEALED.labels(home).set_function(lambda: executor.books.engine.closed_epochs())
    MARKET_LATE.labels(home).set_function(lambda: executor.books.engine.late_count())
    MARKET_BEHIND.labels(home).set_function(lambda: executor.books.followed.behind)
    MARKET_TROUBLE.labels(home).set_function(lambda: float(executor.books.followed.trouble is not None))


def watch_bus(home: str, component: str, bus: Any) -> None:
    """Count the messages of a component's bus."""
    MESSAGES.labels(home, component, "sent").set_function(lambda: bus.sent)
    MESSAGES.labels(home, component, "received").set_function(lambda: bus.received)
    NEWER.labels(home, component).set_function(lambda: bus.newer)
    bus.on_refused.append(lambda topic, reason, sender: REFUSED_METRIC.labels(home, component, topic, reason).inc())
