"""Journals of a home as the core settles it: panels, a battery, a grid with outages, loads that are shed, an oven; by seed.

The offers are random; what the devices remember is what their kinds make of it.
"""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from joulebus.device import DeviceContext, Inputs, Span, State
from joulebus.devices import KINDS as DEVICES
from joulebus.journal.file import Journal
from joulebus_core import Ledger, Settlement
from joulebus_schemas.base import Window
from joulebus_schemas.journal import Born, Changed, Committed, Seal, SealedColumn, Woken
from joulebus_schemas.offers import Flow, Grid, Inverter, Nothing, Offer, Outcome, PolicyRun, Storage, Thermal, ThermalRun
from joulebus_schemas.roster import Change, Member, Place
from joulebus_schemas.series import Each, RunLengths, constant

KINDS = {
    "sun": "sun", "east": "panel", "west": "panel", "inverter": "inverter", "store": "battery", "grid": "grid",
    "oven": "oven", "lights": "lights", "tv": "tv",
}  # fmt: skip
CAPACITY_JOULES = 3_000_000
PROPERTIES: dict[str, dict[str, Any]] = {
    "store": {
        "capacity_kwh": CAPACITY_JOULES / 3_600_000, "charge_watts_max": 2000, "discharge_watts_max": 2500, "standby_watts": 7.0,
        "charge_efficiency_percent": 96.0, "discharge_efficiency_percent": 95.0, "minimum_percent": 3.0,
    },
}  # fmt: skip
HEARS = {"east": ("sun",), "west": ("sun",)}


def birth(tick_seconds: int = 1) -> Born:
    """A house that was born in the middle of an epoch."""
    return Born(
        home="house", start_unix_seconds=1_750_000_300, tick_seconds=tick_seconds, seed=1,
        place=Place(latitude_degrees=50.8, longitude_degrees=4.4), members={
            name: Member(kind=kind, hears=HEARS.get(name, ()), properties=PROPERTIES.get(name, {})) for name, kind in KINDS.items()
        },
    )  # fmt: skip


@dataclass
class RealHome:
    """Settles windows of random offers."""

    random: Random
    ledger: Ledger
    journal: Journal
    born: Born
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tick_seconds = self.born.tick_seconds
        self.states = {name: self.begun(name) for name in KINDS}
        self.written: dict[str, dict[str, Any]] = {}
        for name in ("store", "grid", "oven", "inverter"):
            fields = self.states[name].model_dump()
            self.outcomes[name] = Outcome(**{field: value for field, value in fields.items() if field in Outcome.model_fields})

    def inputs(self, name: str, window: Window) -> Inputs[Any]:
        """What a device may look at."""
        born, member = self.born, self.born.members[name]
        context = DeviceContext(name, born.place, born.start_unix_seconds, born.tick_seconds, born.seed, member.hears, KINDS)
        properties = DEVICES[member.kind].properties.model_validate(member.properties)
        return Inputs(context, properties, Span(window.start, window.ticks, born.tick_seconds, born.start_unix_seconds + window.start))

    def begun(self, name: str) -> State:
        """A device at its beginning."""
        inputs = self.inputs(name, Window(start=0, ticks=1))
        state: State = DEVICES[KINDS[name]].begin(inputs.context, inputs.properties)
        return state

    def offers(self, ticks: int) -> dict[str, Offer]:
        """What everybody could move."""
        random, store = self.random, self.outcomes["store"]
        watts_max = 0 if random.random() < 0.2 else random.choice([500, 5000])
        return {
            "sun": Nothing(),
            "east": Flow(side="dc", want=self.series(-3000, ticks), origin="sun"),
            "west": Flow(side="dc", want=self.series(-2000, ticks), origin="sun", shedding_priority=3),
            "lights": Flow(want=self.series(300, ticks), shedding_priority=9),
            "tv": Flow(want=self.series(200, ticks), shedding_priority=2),
            "oven": self.oven(ticks),
            "store": Storage(
                level_microjoules=store.level_microjoules, standby_carry_microjoules=store.standby_carry_microjoules,
                least_joules=100_000, most_joules=CAPACITY_JOULES, capacity_joules=CAPACITY_JOULES, charge_watts_max=2000,
                discharge_watts_max=2500, charge_efficiency_ppm=960_000, discharge_efficiency_ppm=950_000, standby_milliwatts=7000,
            ),
            "grid": Grid(
                import_joules_max=constant(watts_max, ticks), export_joules_max=constant(watts_max, ticks),
                import_price=constant(300_000, ticks), export_price=constant(50_000, ticks),
                import_carry=self.outcomes["grid"].import_carry, export_carry=self.outcomes["grid"].export_carry,
            ),
            "inverter": self.inverter(ticks),
        }  # fmt: skip

    def oven(self, ticks: int) -> Thermal:
        """A thermostat."""
        oven, seconds = self.outcomes["oven"], ticks * self.tick_seconds
        run = ThermalRun(seconds=seconds, decay_q52=2**52 - 2**40, equilibrium_off_microjoules=0, equilibrium_on_microjoules=9 * 10**12)
        return Thermal(
            heat_microjoules=oven.heat_microjoules,
            owed_joules=oven.owed_joules,
            on=oven.on,
            low_microjoules=10**12,
            high_microjoules=2 * 10**12,
            watts=1800,
            surroundings=(run,),
        )

    def inverter(self, ticks: int) -> Inverter:
        """95 % efficient, with a night draw."""
        own = self.outcomes["inverter"]
        return Inverter(
            rating_watts=4000, curve_dc_milliwatts=(0, 50_000, 4_300_000), curve_ac_milliwatts=(0, 30_000, 4_000_000),
            charge_watts_max=1000, charge_efficiency_ppm=930_000, night_milliwatts=2500, carry_microjoules=own.carry_microjoules,
            night_carry_microjoules=own.night_carry_microjoules,
            policy=(PolicyRun(ticks=ticks, charge_from_grid=self.random.random() < 0.2, reserve_ppm=100_000, export_watts_max=3000),),
        )  # fmt: skip

    def series(self, joules_max: int, ticks: int) -> Each | RunLengths:
        """Up to so many joules a second, restless or steady."""
        sign, most = (-1 if joules_max < 0 else 1), abs(joules_max) * self.tick_seconds
        if self.random.random() < 0.5:
            return constant(sign * self.random.randrange(most), ticks)
        return Each(values=tuple(sign * self.random.randrange(most) for _ in range(ticks)))

    def settle(self, ticks: int) -> int:
        """The next window; the number of its record."""
        start = self.ledger.next_tick
        done = self.ledger.settle(start, ticks, self.offers(ticks))
        words = {name: state.model_dump(mode="json") for name, state in self.states.items()}
        committed = committed_of(done, {name: said for name, said in words.items() if self.written.get(name) != said})
        self.written = words
        for name, outcome in committed.outcomes.items():
            inputs = self.inputs(name, committed.window)
            self.states[name] = DEVICES[KINDS[name]].advance(inputs, self.states[name], outcome)
        self.outcomes = dict(committed.outcomes)
        return self.journal.append(committed, done.columns)


def committed_of(done: Settlement, states: dict[str, dict[str, Any]]) -> Committed:
    """The record of a settlement."""
    return Committed(
        generation=1,
        window=Window(start=done.start, ticks=done.ticks),
        outcomes={name: outcome_of(fields) for name, fields in done.outcomes.items()},
        flows={f"{source}>{sink}": joules for (source, sink), joules in done.flows.items()},
        states=states,
        seals=tuple(
            Seal(
                epoch=seal.epoch, first_tick=seal.first_tick, ticks=seal.ticks, previous=seal.previous, hash=seal.hash,
                columns=tuple(
                    SealedColumn(account_from=column.account_from, account_to=column.account_to, joules=column.joules,
                                 moment=column.moment, hash=column.hash)
                    for column in seal.columns
                ),
            )
            for seal in done.seals
        ),
    )  # fmt: skip


def outcome_of(fields: dict[str, Any]) -> Outcome:
    """The word for what the core returns."""
    granted = fields["granted"]
    return Outcome(**{**fields, "granted": None if granted is None else RunLengths(run_lengths=tuple(granted))})


WINDOWS = (300, 60, 1, 900, 7, 532, 900, 1800, 60, 20, 20, 20, 20, 20, 20)
"""Some end with an epoch, one holds two, the last ones are not sealed."""


def live(path: Path, seed: int = 1, windows: tuple[int, ...] = WINDOWS, tick_seconds: int = 1) -> Path:
    """A journal with these windows, and changes between them."""
    random, born = Random(seed), birth(tick_seconds)
    with Journal.open(path, durable="memory") as journal:
        journal.append(born)
        journal.append(Woken(generation=1))
        home = RealHome(random, Ledger(born.home, born.start_unix_seconds, tick_seconds), journal, born)
        for ticks in windows:
            home.settle(ticks)
            if random.random() < 0.3:
                journal.append(Changed(changes=(Change(device="tv", from_tick=home.ledger.next_tick, properties={"power_watts": ticks}),)))
    return path
