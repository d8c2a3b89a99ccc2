"""A device on the bus: one seat, cut at the messages. What round.py does in a loop, a node does on messages.

It holds nothing durable: when it starts, or has missed something, it asks the keeper to resume it. Until it sees the
settlement of its packet it sends the packet again.
"""

import logging
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joulebus.addresses import LOOPBACK
from joulebus.bus import Bus, CallError, Sender
from joulebus.bus.component import Asks, Component, Says, answers, hears
from joulebus.bus.timers import every, spawn
from joulebus.device import AnyDevice, DeviceContext
from joulebus.devices import KINDS
from joulebus.errors import JoulebusError
from joulebus.home.answers import change_asked_by
from joulebus.home.named_files import FileRules
from joulebus.home.rehearsal import rehearse
from joulebus.home.seat import Seat, read_properties
from joulebus.registry import loaded
from joulebus.services.companions import COMPANIONS, SeatCompanion
from joulebus.services.metrics import NodeMetrics
from joulebus.services.steersman import Steersman
from joulebus_schemas import topics
from joulebus_schemas.calls import Accepted, AskChange, AskDevice, Description, Fields
from joulebus_schemas.rounds import Forecast, Opened, Reported, Resume, Settled

_log = logging.getLogger("joulebus.services.node")

RESEND_SECONDS = 1.0
REPORT_SECONDS = 1.0


@dataclass
class DeviceNode(Component):
    """A device: it offers what it could move in each window, and advances by what it was granted."""

    part = "device"
    say_forecast, say_offered, say_reported = Says(topics.FORECAST), Says(topics.OFFERED), Says(topics.REPORTED)
    ask_resume, ask_ready, ask_change = Asks(topics.RESUME), Asks(topics.READY), Asks(topics.CHANGE)
    ask_switch, ask_balance = Asks(topics.SWITCH), Asks(topics.BALANCE)
    say_quarter, say_telegram, ask_replay = Says(topics.QUARTER), Says(topics.TELEGRAM), Asks(topics.REPLAY)
    say_received = Says(topics.RECEIVED)

    bus: Bus
    home: str
    name: str
    heard: tuple[str, ...]
    """Devices whose signals it uses."""
    metrics: NodeMetrics
    folder: Path = Path()
    """The folder of the home file: files that somebody names lie there or below."""
    address: str = LOOPBACK
    """Where its companion listens."""
    links: Path | None = None
    """A folder for names of what its companion opens."""

    def __post_init__(self) -> None:
        self.seat: Seat | None = None
        self.opened: Opened | None = None
        self.offered: Any = None
        self.generation = 0
        self.companion: SeatCompanion | None = None
        self._resuming = False
        self._ready = False
        self._reported_tick: int | None = None
        self.steersman = Steersman(self.home, self.name, self.ask_balance, self.ask_change, self.answer)

    def start(self) -> None:
        """Declare everything that does not depend on what the device is; the rest follows from the answer to resume."""
        self.declare()
        self.bus.on_join.append(self.resume)
        every(RESEND_SECONDS, self.resend)
        every(REPORT_SECONDS, self.publish_report)

    # Coming and coming back

    def resume(self) -> None:
        """Ask the keeper for the state of this device."""
        if not self._resuming:
            self._resuming = True
            spawn(self._resume())

    async def _resume(self) -> None:
        try:
            resume = await self.ask_resume(AskDevice(name=self.name))
        except CallError as error:
            self._not_resumed(error)
            return
        finally:
            self._resuming = False
        self.resumed(resume)

    def _not_resumed(self, error: CallError) -> None:
        """The keeper is not there yet, or refused: the timer tries again."""
        _log.info("%s waits for the keeper: %s", self.name, error)

    def resumed(self, resume: Resume) -> None:
        """Take the seat again; repeat the last advance, which is not stored."""
        if self.seat is None or self.seat.next_tick != resume.next_tick or self.generation < resume.generation:
            self.seat, self.offered, self.opened = _seat(self.name, resume), None, None
        self.generation = max(self.generation, resume.generation)
        self._accompany(self.seat.device.kind)
        if not self._ready:
            spawn(self._say_ready())
        if resume.opened is not None:
            self.on_opened(resume.opened)

    def _accompany(self, kind: str) -> None:
        if self.companion is None and kind in COMPANIONS:
            self.companion = loaded(COMPANIONS[kind])(self)
            self.companion.start()

    async def _say_ready(self) -> None:
        """Afterwards the keeper has this device in its roster, or soon will."""
        try:
            await self.ask_ready(AskDevice(name=self.name))
        except CallError as error:
            self._not_resumed(error)
        else:
            self._ready = True

    # The round

    @hears(topics.OPENED)
    def on_opened(self, opened: Opened, sender: Sender | None = None) -> None:
        """A window is open: publish what others wait for, then offer as soon as everything is heard."""
        if opened.generation < self.generation or self.seat is None:
            return
        if opened.generation > self.generation:
            self.resume()  # Another keeper: what this device has sent may be lost or committed, and only the journal knows.
            return
        if self.seat.is_past(opened.window.start):
            return
        if self.offered is not None and opened.window.start != self.seat.next_tick:
            self.resume()  # A settlement has passed it by; a device that only joins has offered nothing yet.
            return
        if self.opened is not None and self._hears_fewer(self.opened, opened):
            self.offered = None
        self.opened = opened
        self.answer()

    def _hears_fewer(self, before: Opened, now: Opened) -> bool:
        """Whether somebody whom it hears has left the open window: what it offered with their signals does not count."""
        return before.window == now.window and any(name in before.revisions and name not in now.revisions for name in self.heard)

    @hears(topics.FORECAST, of=lambda self: self.heard)
    def on_forecast(self, forecast: Forecast, sender: Sender) -> None:
        """Signals of a heard device; whose they are, the router says."""
        teller = sender.of(self.home)
        if self.seat is not None and teller is not None:
            self.seat.inbox.take(teller, forecast)
            self.answer()

    def answer(self) -> None:
        """Publish forecast and offer for the open window, if nothing is missing."""
        opened, seat = self.opened, self.seat
        if opened is None or seat is None or self._is_answered(opened):
            return
        seat.enter(opened)
        if seat.missing(opened) or not self.steersman.has_decided(seat, opened.window):
            return
        forecast = seat.forecast_for(opened)
        if forecast is not None:
            self.say_forecast(forecast)
        self.offered = seat.offer(opened)
        self.say_offered(self.offered)

    def _is_answered(self, opened: Opened) -> bool:
        stale = self.seat is not None and self.seat.device.signals and not self.seat.has_forecast(opened)
        return self.offered is not None and self.offered.window == opened.window and not stale

    @hears(topics.SETTLED)
    def on_settled(self, settled: Settled, sender: Sender | None = None) -> None:
        """A window is settled: advance by what was granted; the next window may come with it."""
        seat = self.seat
        if seat is None or settled.generation < self.generation:
            return
        outcome = settled.outcomes.get(self.name)
        if outcome is not None and settled.window.start == seat.next_tick and self.offered is not None:
            seat.advance(settled.window, outcome)
            self.opened = None
            self.metrics.settled(seat, settled, outcome)
        elif outcome is not None and not seat.is_past(settled.window.start):
            self.resume()
            return
        if settled.opened is not None:
            self.on_opened(settled.opened)

    def resend(self) -> None:
        """Repeat what may have been lost: the packet until it is settled, the request until it is answered."""
        if not self.bus.joined:
            return
        if self.seat is None or not self._ready:
            self.resume()
        elif self.opened is not None:
            self._resend_packet(self.opened)

    def _resend_packet(self, opened: Opened) -> None:
        assert self.seat is not None
        if self.offered is None or self.offered.window != opened.window:
            self.resume()
            return
        if self.seat.forecast is not None:
            self.say_forecast(self.seat.forecast)
        self.say_offered(self.offered)

    # What people and probes ask

    def hindrance(self) -> str | None:
        """Without the keeper there is no seat to offer from."""
        waits = None if self._ready else f"{self.name} waits for the keeper of {self.home}"
        return super().hindrance() or waits or (self.companion.hindrance() if self.companion is not None else None)

    def last_tick(self) -> int | None:
        """The next tick of its seat."""
        return self.seat.next_tick if self.seat is not None else None

    def taken(self) -> Seat:
        """The seat, once there is one.

        Raises:
            JoulebusError: The keeper has not answered yet.
        """
        if self.seat is None:
            raise JoulebusError(f"{self.name} waits for the keeper of {self.home}: ask again in a moment")
        return self.seat

    @answers(topics.DESCRIBE)
    def describe(self) -> Description:
        """What this device is."""
        device: AnyDevice = self.taken().device
        schema = device.properties.model_json_schema()
        return Description(
            name=self.name,
            kind=device.kind,
            summary=device.summary,
            hears=self.taken().context.hears,
            signals=tuple(device.signals),
            properties=schema,
            procedures=self.procedures(),
        )

    @answers(topics.GET)
    def get(self) -> Fields:
        """The properties in force."""
        return Fields.model_validate(self.properties())

    def properties(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.taken().properties.model_dump(mode="json")

    @answers(topics.SET)
    async def set(self, ask: Fields, sender: Sender) -> Accepted:
        """Change some properties: checked here; the keeper says from which tick they hold."""
        seat = self.taken()
        files = FileRules(self.home, self.folder, sender)
        fields = files.located(seat.device, ask.fields)
        wanted = read_properties(seat.device, {**self.properties(), **fields}, self.name)
        with files.discreet(self.name, wanted.model_dump()):
            rehearse(seat, wanted, seat.next_tick or 0)  # What it cannot live with is refused now, not when its tick comes.
        by = change_asked_by(sender, topics.SET.uri(self.home, self.name), fields)
        return await self.ask_change(AskChange(device=self.name, properties=fields, by=by))

    @answers(topics.STATE)
    def report(self) -> Reported:
        """State and readings."""
        seat = self.taken()
        return Reported(tick=seat.next_tick or 0, state=seat.state_words(), readings=seat.readings())

    def publish_report(self) -> None:
        """Tell people and Prometheus, at most once a second and only when time has moved."""
        self.metrics.publish()
        if self.bus.joined and self.seat is not None and self.seat.next_tick != self._reported_tick:
            self._reported_tick = self.seat.next_tick
            self.say_reported(self.report())


def build_device(bus: Bus, given: Namespace) -> DeviceNode:
    """A device, from its command line."""
    return DeviceNode(bus, given.home, given.name, *surroundings_of(given))


def surroundings_of(given: Namespace) -> tuple[tuple[str, ...], NodeMetrics, Path, str, Path | None]:
    """What a node is told of its surroundings, besides its name."""
    heard = tuple(filter(None, given.hears.split(",")))
    links = None if given.links is None else Path(given.links)
    return heard, NodeMetrics(given.name), Path(given.folder), given.metrics_address, links


def _seat(name: str, resume: Resume) -> Seat:
    device = KINDS[resume.member.kind]
    context = DeviceContext(
        name, resume.place, resume.start_unix_seconds, resume.tick_seconds, resume.seed, resume.member.hears, resume.kinds
    )
    properties = read_properties(device, resume.member.properties, name)
    seat = Seat(device, context, properties)
    if resume.last is not None and resume.state is not None and resume.outcome is not None:
        seat.restore(resume.state, resume.last, resume.outcome)
    return seat
