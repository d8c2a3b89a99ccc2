"""A few devices and the real core in one small loop, for tables about devices. The whole round is tested in tests/laws."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from joulebus.device import AnyDevice, Device, DeviceContext, Inputs, Properties, Span, State
from joulebus.physics.schedule import unix_seconds
from joulebus_core import Ledger
from joulebus_schemas.base import Integer, Natural
from joulebus_schemas.offers import Flow, Inverter, Outcome, PolicyRun
from joulebus_schemas.roster import Place
from joulebus_schemas.series import Each, Knots, RunLengths, constant

BRUSSELS = "Europe/Brussels"


def place(timezone: str = BRUSSELS) -> Place:
    """Somewhere in a zone."""
    return Place(latitude_degrees=50.85, longitude_degrees=4.35, timezone=timezone)


def context(begins: str, timezone: str = BRUSSELS, tick_seconds: int = 1, name: str = "it", seed: int = 7) -> DeviceContext:
    """Of a device alone, in a home that begins at a local moment."""
    return DeviceContext(name, place(timezone), unix_seconds(begins, timezone), tick_seconds, seed)


def span_of(its: DeviceContext, ticks: int, start: int = 0) -> Span:
    """Ticks of a home."""
    return Span(start, ticks, its.tick_seconds, its.start_unix_seconds + start * its.tick_seconds)


def listed(series: RunLengths | Each | Knots | Iterable[tuple[int, int]]) -> list[int]:
    """Tick by tick."""
    assert not isinstance(series, Each | Knots), "these devices speak in runs"
    runs = series.run_lengths if isinstance(series, RunLengths) else series
    return [value for count, value in runs for _ in range(count)]


def wants(device: AnyDevice, properties: Properties, its: DeviceContext, ticks: int, start: int = 0) -> list[int]:
    """Joules that a device without memory wants, tick by tick."""
    offer = device.offer(Inputs(its, properties, span_of(its, ticks, start)), device.begin(its, properties))
    assert isinstance(offer, Flow)
    return listed(offer.want)


class SwitchboardProperties(Properties):
    """Of an inverter in tests."""

    efficiency_percent: int = 100
    rating_watts: int = 20_000
    export_watts_max: Natural = 0
    charge_from_grid: bool = False
    outlet: bool = False


class Switchboard(Device[SwitchboardProperties, State]):
    """An inverter without a device: the core's word for it, lossless unless asked otherwise."""

    kind = "switchboard"
    summary = "an inverter in tests"
    properties = SwitchboardProperties

    def offer(self, inputs: Inputs[SwitchboardProperties], state: State) -> Inverter:
        """A straight line through zero. The carry is left out: one window, or whole joules only."""
        properties, most = inputs.properties, 1_000_000 * 1_000
        policy = PolicyRun(
            ticks=inputs.span.ticks,
            export_watts_max=properties.export_watts_max,
            charge_from_grid=properties.charge_from_grid,
            outlet=properties.outlet,
        )
        return Inverter(
            rating_watts=properties.rating_watts,
            curve_dc_milliwatts=(0, most),
            curve_ac_milliwatts=(0, most * properties.efficiency_percent // 100),
            charge_watts_max=20_000 * properties.charge_from_grid,
            policy=(policy,),
        )


class SteadyProperties(Properties):
    """Of a panel under a steady sun."""

    watts: Integer = 500


class SteadyPanel(Device[SteadyProperties, State]):
    """So many watts on the DC side, always."""

    kind = "steady"
    summary = "a panel in tests"
    properties = SteadyProperties

    def offer(self, inputs: Inputs[SteadyProperties], state: State) -> Flow:
        """Production is negative."""
        return Flow(side="dc", want=constant(-inputs.properties.watts * inputs.span.tick_seconds, inputs.span.ticks), origin="sun")


@dataclass
class Life:
    """What became of devices."""

    ledger: Ledger
    contexts: dict[str, DeviceContext]
    states: dict[str, State]
    totals: dict[str, dict[str, int]] = field(default_factory=dict)
    flows: dict[tuple[str, str], int] = field(default_factory=dict)
    seals: list[str] = field(default_factory=list)
    outcome: dict[str, Outcome] = field(default_factory=dict)

    def add(self, outcomes: Mapping[str, dict[str, Any]], flows: Mapping[tuple[str, str], int]) -> None:
        """Sum what a settlement says."""
        for name, values in outcomes.items():
            total = self.totals.setdefault(name, {})
            for key in ("joules_in", "joules_out", "unserved_joules", "served_later_joules", "curtailed_joules", "heat_joules"):
                total[key] = total.get(key, 0) + values.get(key, 0)
        for pair, joules in flows.items():
            if joules:
                self.flows[pair] = self.flows.get(pair, 0) + joules


Members = Mapping[str, tuple[AnyDevice, Properties]]


def live(
    members: Members,
    ticks: int,
    windows: Iterable[int] = repeat(3_600),
    begins: str = "2026-03-02",
    tick_seconds: int = 1,
    timezone: str = BRUSSELS,
) -> Life:
    """Live for so many ticks, in windows of the given lengths."""
    first = unix_seconds(begins, timezone)
    contexts = {name: DeviceContext(name, place(timezone), first, tick_seconds, 7) for name in members}
    states = {name: device.begin(contexts[name], properties) for name, (device, properties) in members.items()}
    life = Life(Ledger("home", first, tick_seconds), contexts, states)
    for window in windows:
        if life.ledger.next_tick == ticks:
            return life
        _round(life, members, min(window, ticks - life.ledger.next_tick))
    return life


def _round(life: Life, members: Members, ticks: int) -> None:
    start = life.ledger.next_tick
    offers = {}
    for name, (device, properties) in members.items():
        span = span_of(life.contexts[name], ticks, start)
        offers[name] = device.offer(Inputs(life.contexts[name], properties, span), life.states[name])
    settlement = life.ledger.settle(start, ticks, offers)
    life.add(settlement.outcomes, settlement.flows)
    life.seals += [seal.hash for seal in settlement.seals]
    for name, (device, properties) in members.items():
        outcome = life.outcome[name] = read_outcome(settlement.outcomes[name])
        span = span_of(life.contexts[name], settlement.ticks, start)
        life.states[name] = device.advance(Inputs(life.contexts[name], properties, span), life.states[name], outcome)


def read_outcome(values: Mapping[str, Any]) -> Outcome:
    """A settlement's outcome as the word that devices know."""
    runs = values.get("granted")
    return Outcome.model_validate({**values, "granted": None if runs is None else RunLengths(run_lengths=tuple(runs))})


def assert_no_cut_matters(device: AnyDevice, properties: Properties, its: DeviceContext, lengths: list[int]) -> None:
    """A device without memory wants the same in one window as in many."""
    whole, parts, start = wants(device, properties, its, sum(lengths)), [], 0
    for length in lengths:
        parts += wants(device, properties, its, length, start)
        start += length
    assert parts == whole


def assert_no_tick_matters(device: AnyDevice, properties: Properties, begins: str, seconds: int) -> None:
    """A device without memory wants as much in a long tick as in the short ones of the same time."""
    short = wants(device, properties, context(begins), seconds)
    for tick in (60, 900):
        long = wants(device, properties, context(begins, tick_seconds=tick), seconds // tick)
        assert long == [sum(short[first : first + tick]) for first in range(0, seconds, tick)]
