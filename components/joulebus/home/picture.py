"""What a home looks like: the one fold of its events into a picture. Pure: no bus, no screen, no clock."""

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from joulebus.device import Span
from joulebus.home.moment import prices_now, sky_of
from joulebus.home.reasons import Decided, reasons
from joulebus.home.sentences import decision, moment_text
from joulebus.journal.recovery import changed
from joulebus_schemas.calls import Balance, ClockState
from joulebus_schemas.facts import JOULES_PER_KWH
from joulebus_schemas.history import Moved, Totals
from joulebus_schemas.journal import Changed, Committed
from joulebus_schemas.layout import Layout, LayoutChanged
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Change, Member
from joulebus_schemas.rounds import Blocked, Reported, Settled
from joulebus_schemas.screen import (
    NAMES_MAX,
    POWERS_MAX,
    REASON_TEXT_MAX,
    SCREEN_TEXT_MAX,
    STORES_MAX,
    Line,
    PricesNow,
    Readings,
    ScreenSnapshot,
    Summary,
)

LINES_MAX = 16
MICRO = 1_000_000


@dataclass
class Picture:
    """A home, as the events up to a record of its journal tell it."""

    home: str
    start_unix_seconds: int
    clock: ClockState
    roster: dict[str, Member]
    roster_record: int = 0
    """Changes up to this record are in the roster already."""
    record: int = 0
    counted_from_tick: int = 0
    energy: dict[str, Moved] = field(default_factory=dict)
    flows: dict[str, int] = field(default_factory=dict)
    cost_micro_euro: int = 0
    sealed_epochs: int = 0
    last: Settled | Committed | None = None
    readings: dict[str, Readings] = field(default_factory=dict)
    blocked: Blocked | None = None
    layout: Layout = field(default_factory=Layout)
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=LINES_MAX))

    @classmethod
    def begin(cls, home: str, balance: Balance, clock: ClockState, totals: Totals | None) -> "Picture":
        """From three answers; without totals it counts from the records that it is given first."""
        start = balance.start_unix_seconds
        if totals is None:
            return cls(
                home, start, clock, dict(balance.roster), balance.record, record=max(0, balance.record), counted_from_tick=balance.tick
            )
        return cls(
            home,
            start,
            clock,
            dict(balance.roster),
            balance.record,
            record=totals.record,
            energy=dict(totals.devices),
            flows=dict(totals.flows),
            cost_micro_euro=totals.cost_micro_euro,
            sealed_epochs=totals.seals,
        )

    @property
    def tick_seconds(self) -> int:
        """Length of a tick in s."""
        return self.clock.tick_seconds

    @property
    def tick(self) -> int:
        """The first tick that is not settled."""
        return max(self.clock.tick, self.last.window.end if self.last else 0)

    def settle(self, number: int, settled: Settled | Committed) -> None:
        """A window is settled. One that is counted already counts once; it may still be the last that is known."""
        if self.last is None or settled.window.start >= self.last.window.end:
            self.last, self.blocked = settled, None
            self._note(settled)
        if number <= self.record:
            return
        self.record = number
        for name, outcome in settled.outcomes.items():
            self.energy[name] = _more(self.energy.get(name), outcome)
            self.cost_micro_euro += outcome.import_cost_micro_euro - outcome.export_income_micro_euro
        for flow, joules in settled.flows.items():
            self.flows[flow] = self.flows.get(flow, 0) + joules
        self.sealed_epochs += len(settled.seals)

    def take(self, number: int, record: object) -> None:
        """The next record of the journal."""
        if isinstance(record, Committed):
            self.settle(number, record)
        elif isinstance(record, Changed) and number > self.roster_record:
            for change in record.changes:
                self.change(change)
            self.roster_record = number
        self.record = max(self.record, number)

    def change(self, change: Change) -> None:
        """Somebody has changed something; it is shown from now on, also when it holds a little later."""
        if change.removed:
            self.readings.pop(change.device, None)
        if change.added is not None or change.device in self.roster:
            self.roster = changed(self.roster, change)

    def report(self, device: str, reported: Reported) -> None:
        """A device tells about itself."""
        if device in self.roster:
            self.readings[device] = reported.readings

    def arrange(self, changed: LayoutChanged) -> bool:
        """Somebody has arranged something. False: a change before it is missing, ask for all of it."""
        if changed.revision <= self.layout.revision:
            return True
        follows = changed.revision == self.layout.revision + 1
        if follows:
            devices, groups = {**self.layout.devices, **changed.devices}, {**self.layout.groups, **changed.groups}
            self.layout = Layout(
                revision=changed.revision,
                devices={name: one for name, one in devices.items() if one is not None},
                groups={name: one for name, one in groups.items() if one is not None},
            )
        return follows

    def _note(self, settled: Settled | Committed) -> None:
        """A new line when something else is served by something else; otherwise only its numbers change."""
        text = decision(settled, self.roster, self.tick_seconds)[:SCREEN_TEXT_MAX]
        begun = settled.window.start
        if self.lines and _without_numbers(self.lines[-1].text) == _without_numbers(text):
            begun = self.lines.pop().tick
        self.lines.append(Line(tick=begun, text=text))

    def snapshot(self, revision: int) -> ScreenSnapshot:
        """All of it."""
        return ScreenSnapshot(
            home=self.home,
            revision=revision,
            start_unix_seconds=self.start_unix_seconds,
            tick_seconds=self.tick_seconds,
            timezone=self.clock.timezone,
            counted_from_tick=self.counted_from_tick,
            roster=dict(self.roster),
            readings=dict(self.readings),
            energy=dict(self.energy),
            flows=dict(self.flows),
            sealed_epochs=self.sealed_epochs,
            lines=tuple(self.lines),
            layout=dict(self.layout.devices),
            groups=dict(self.layout.groups),
            summary=self.summary(revision),
        )

    def summary(self, revision: int) -> Summary:
        """What moves, in at most 8 kB."""
        outcomes = self.last.outcomes if self.last else {}
        seconds = (self.last.window.ticks if self.last else 1) * self.tick_seconds
        powers = {name: round((one.joules_in - one.joules_out) / seconds) for name, one in outcomes.items()}
        shown = _largest(powers)
        unserved = {name: one.unserved_joules for name, one in outcomes.items() if one.unserved_joules}
        sky, prices, charges = sky_of(self.roster, self.readings), prices_now(self.roster, self.readings), self._charges(outcomes)
        waits, cause = (self.blocked.waits_for, self.blocked.cause) if self.blocked else (self.clock.waits_for, self.clock.cause)
        return Summary(
            revision=revision,
            record=self.record,
            tick=self.tick,
            time=moment_text(self.start_unix_seconds + self.tick * self.tick_seconds),
            speed=self.clock.speed,
            paused=self.clock.paused,
            lag_ticks=self.clock.lag_ticks,
            waits_for=waits[:NAMES_MAX],
            cause=None if cause is None else cause[:SCREEN_TEXT_MAX],
            power_watts=shown,
            others_watts=sum(powers.values()) - sum(shown.values()),
            flow_watts=_flow_watts(self.last.flows if self.last else {}, seconds),
            state_of_charge_ppm=charges,
            unserved_watts=round(sum(unserved.values()) / seconds),
            unserved=tuple(sorted(unserved, key=lambda name: -unserved[name])[:NAMES_MAX]),
            curtailed_watts=round(sum(one.curtailed_joules for one in outcomes.values()) / seconds),
            cost_micro_euro=self.cost_micro_euro,
            decision=self.lines[-1].text if self.lines else decision(None, self.roster, 1),
            reasons=self._reasons(prices, charges),
            sky=sky,
            prices=prices,
        )

    def _reasons(self, prices: PricesNow | None, charges_ppm: dict[str, int]) -> tuple[str, ...]:
        if self.last is None:
            return ()
        window, seconds = self.last.window, self.tick_seconds
        span = Span(window.start, window.ticks, seconds, self.start_unix_seconds + window.start * seconds)
        found = reasons(Decided(self.last, self.roster, span, self.clock.timezone, prices, charges_ppm))
        return tuple(text[:REASON_TEXT_MAX] for text in found)

    def _charges(self, outcomes: Mapping[str, Outcome]) -> dict[str, int]:
        """State of charge by battery, from the last settlement or from its own report."""
        found: dict[str, int] = {}
        for name, member in sorted(self.roster.items()):
            if member.kind == "car":
                continue  # A car is a load: the home's batteries are not fuller because of it.
            capacity = round(float(member.properties.get("capacity_kwh") or 0) * JOULES_PER_KWH)
            level = outcomes[name].level_microjoules // MICRO if name in outcomes else 0
            forecast = self.readings.get(name, {}).get("state_of_charge_ppm")
            if level and capacity:
                found[name] = min(MICRO, level * MICRO // capacity)
            elif forecast is not None:
                found[name] = forecast
        return dict(list(found.items())[:STORES_MAX])


def _more(before: Moved | None, outcome: Outcome) -> Moved:
    had = before or Moved()
    return Moved.model_construct(
        joules_in=had.joules_in + outcome.joules_in,
        joules_out=had.joules_out + outcome.joules_out,
        unserved_joules=had.unserved_joules + outcome.unserved_joules - outcome.served_later_joules,
        curtailed_joules=had.curtailed_joules + outcome.curtailed_joules,
    )


def _largest(powers: Mapping[str, int]) -> dict[str, int]:
    moving = sorted((name for name, watts in powers.items() if watts), key=lambda name: (-abs(powers[name]), name))
    return {name: powers[name] for name in sorted(moving[:POWERS_MAX])}


def _flow_watts(flows: Mapping[str, int], seconds: int) -> dict[str, int]:
    watts = {flow: round(joules / seconds) for flow, joules in sorted(flows.items())}
    return {flow: power for flow, power in watts.items() if power}


def _without_numbers(text: str) -> str:
    return re.sub(r"[0-9.]+ k?W", "", text)
