"""What Prometheus scrapes of each component: names in the words of the design, units in the names."""

import logging
from typing import Any

from prometheus_client import Counter, Gauge, start_http_server

from joulebus.seat import Seat
from joulebus_schemas.offers import Outcome
from joulebus_schemas.rounds import Settled

log = logging.getLogger("joulebus.metrics")

ENERGY = Counter("joulebus_energy_joules", "Energy moved by a device", ["home", "device", "direction"])
POWER = Gauge("joulebus_power_watts", "Mean power of a device in the last window; positive consumes", ["home", "device"])
UNSERVED = Counter("joulebus_unserved_joules", "Energy that a device wanted and did not get", ["home", "device"])
CURTAILED = Counter("joulebus_curtailed_joules", "Energy that a device could have given", ["home", "device"])
LEVEL = Gauge("joulebus_state_of_charge_ratio", "State of charge of a store", ["home", "device"])
TICK = Gauge("joulebus_tick", "First tick that is not settled", ["home", "device"])
LAG = Gauge("joulebus_lag_ticks", "Ticks that are due and not settled", ["home"])
SETTLED = Counter("joulebus_settlements", "Windows settled", ["home"])
TICKS = Counter("joulebus_settled_ticks", "Ticks settled", ["home"])
SEALS = Counter("joulebus_seals", "Epochs sealed", ["home"])
FLOWS = Counter("joulebus_flow_joules", "Energy by where it came from and went to", ["home", "source", "sink"])
COST = Gauge("joulebus_cost_micro_euro", "Cost of import less income of export since the start of this process", ["home"])
PACKETS = Counter("joulebus_packets", "Packets of devices by what became of them", ["home", "device", "verdict"])
MESSAGES = Gauge("joulebus_messages", "Messages since the start of this process", ["component", "direction"])
REFUSED = Counter("joulebus_refused_messages", "Messages that were refused", ["component", "topic", "reason"])
KEPT = Gauge("joulebus_historian_record", "Last record of the journal that the historian has", ["home"])


class NodeMetrics:
    """Of one device."""

    def __init__(self, home: str, device: str) -> None:
        self.home, self.device = home, device

    def settled(self, seat: Seat, settled: Settled, outcome: Outcome) -> None:
        """A window of this device is settled."""
        labels = (self.home, self.device)
        ENERGY.labels(*labels, "in").inc(outcome.joules_in)
        ENERGY.labels(*labels, "out").inc(outcome.joules_out)
        if outcome.unserved_joules:
            UNSERVED.labels(*labels).inc(outcome.unserved_joules)
        if outcome.curtailed_joules:
            CURTAILED.labels(*labels).inc(outcome.curtailed_joules)
        POWER.labels(*labels).set((outcome.joules_in - outcome.joules_out) / (settled.window.ticks * seat.setting.tick_seconds))
        TICK.labels(*labels).set(settled.window.end)
        readings = seat.readings()
        if "state_of_charge_ppm" in readings:
            LEVEL.labels(*labels).set(readings["state_of_charge_ppm"] / 1e6)


class HubMetrics:
    """Of the keeper and the clock."""

    def __init__(self, home: str) -> None:
        self.home = home

    def packet(self, device: str, verdict: str) -> None:
        """A packet came."""
        PACKETS.labels(self.home, device, verdict).inc()

    def settled(self, settled: Settled, lag_ticks: int) -> None:
        """A window is settled."""
        SETTLED.labels(self.home).inc()
        TICKS.labels(self.home).inc(settled.window.ticks)
        TICK.labels(self.home, "inverter").set(settled.window.end)
        LAG.labels(self.home).set(lag_ticks)
        if settled.seals:
            SEALS.labels(self.home).inc(len(settled.seals))
        for pair, joules in settled.flows.items():
            FLOWS.labels(self.home, *pair.split(">")).inc(joules)
        cost = sum(outcome.import_cost_micro_euro - outcome.export_income_micro_euro for outcome in settled.outcomes.values())
        COST.labels(self.home).inc(cost)


def watch_bus(component: str, bus: Any) -> None:
    """Count the messages of a component's bus."""
    MESSAGES.labels(component, "sent").set_function(lambda: bus.sent)
    MESSAGES.labels(component, "received").set_function(lambda: bus.received)
    bus.on_refused.append(lambda topic, reason, sender: REFUSED.labels(component, topic, reason).inc())


def serve(port: int) -> None:
    """Answer Prometheus on loopback; a port that somebody has taken costs the figures and nothing else."""
    try:
        start_http_server(port, addr="127.0.0.1")
    except OSError as error:
        log.warning("no metrics: port %d of loopback must be free, but is not (%s)", port, error.strerror)
