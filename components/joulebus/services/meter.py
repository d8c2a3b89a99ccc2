"""A digital meter that lives: what the process of a device of kind ``meter`` does beside its seat.

It follows the journal by record number, as the historian does, says the running quarter-hour and its telegrams on the bus, shows them to
Prometheus, and opens the doors that its properties name. Who reads slowly, or not at all, holds up neither the meter nor the home.
"""

from __future__ import annotations

import base64
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joulebus.addresses import for_url
from joulebus.bus import CallError, Sender
from joulebus.bus.timers import every
from joulebus.devices.meter import MeterProperties
from joulebus.errors import ReportError
from joulebus.journal.frames import Frame, numbered
from joulebus.meter.doors import AT_ONCE_MAX, TELEGRAM_SECONDS, PortDoor, TelegramDoor, TerminalDoor
from joulebus.meter.living import LivingLedger
from joulebus.meter.telegram import telegram
from joulebus.roles import COMPONENT
from joulebus.services.meter_metrics import MeterMetrics
from joulebus.services.meter_things import ThingsDoor
from joulebus_schemas.calls import AskReplay, Fields
from joulebus_schemas.meter import TelegramSent

if TYPE_CHECKING:
    from joulebus.services.node import DeviceNode

METER_RECORDS_MAX = 256

_log = logging.getLogger("joulebus.services.meter")


@dataclass
class LivingMeter:
    """The companion of a meter's node."""

    node: DeviceNode
    _ledger: LivingLedger = field(default_factory=LivingLedger)
    _is_asking: bool = False
    _trouble: str | None = None

    def start(self) -> None:
        """Look each second."""
        self._doors = MeterDoors(self.node.address, None if self.node.links is None else self.node.links / f"{self.node.name}.p1")
        self._metrics = MeterMetrics(self.node.name)
        self._things = ThingsDoor(self.node.address, self._set)
        self.node.bus.on_end += [self._doors.close, self._things.close]
        every(TELEGRAM_SECONDS, self.look)

    def hindrance(self) -> str | None:
        """Why telegrams are missing, or a door."""
        return self._trouble or self._doors.trouble or self._things.trouble

    async def look(self) -> None:
        """Open the doors that are wanted; take in what is new; say it."""
        if self.node.seat is not None:
            properties = MeterProperties.model_validate(self.node.properties(), strict=False)
            await self._doors.open(properties)
            self._things.open(properties)
        if self.node.bus.joined:
            with suppress(CallError):  # The keeper is away; what is new comes with the next look.
                await self._follow()

    async def _follow(self) -> None:
        while True:
            replay = await self.node.ask_replay(AskReplay(first=self._ledger.number + 1, most=METER_RECORDS_MAX))
            frames = list(numbered(replay.first, [base64.b64decode(payload) for payload in replay.payloads]))
            if replay.last_number < self._ledger.number or (frames and 0 < frames[0].first <= self._ledger.number):
                self._ledger = LivingLedger()  # Another journal, or records compacted together with what is counted already.
                continue
            self._say(frames, replay.last_number)
            if not frames or self._ledger.number >= replay.last_number or self._trouble:
                return

    def _say(self, frames: list[Frame], last_number: int) -> None:
        try:
            news = self._ledger.take(frames, last_number)
        except ReportError as error:
            if self._trouble is None:
                _log.error("%s", error)
            self._trouble, self._ledger = str(error), LivingLedger()
            return
        self._trouble = None
        if not news or self._ledger.number < last_number:
            return
        for moment in news if len(news) <= AT_ONCE_MAX else news[-1:]:
            shown = self._ledger.shown(moment)
            data = telegram(shown.state, shown.face)
            self._doors.send(data)
            self.node.say_telegram(TelegramSent(unix_seconds=shown.state.unix_seconds, text=data.decode("ascii")))
        quarter = self._ledger.quarter()
        self.node.say_quarter(quarter)
        self._metrics.show(quarter, news[-1].state)
        self._things.show(news[-1].state, quarter)

    async def _set(self, fields: dict[str, Any]) -> None:
        await self.node.set(Fields.model_validate(fields), Sender(self.node.bus.authid, 0, COMPONENT))


class MeterDoors:
    """The TCP port and the pseudo-terminal of a meter, as its properties want them at the moment."""

    def __init__(self, address: str, link: Path | None) -> None:
        self._address, self._link = address, link
        self._open: dict[str, TelegramDoor] = {}
        self._wanted: tuple[int, bool] = (0, False)
        self._last = b""
        self.trouble: str | None = None
        """Why a door is not open."""

    async def open(self, properties: MeterProperties) -> None:
        """Open what is wanted and not open, close what is not wanted; tried again at the next look."""
        wanted = (properties.telegram_port, properties.telegram_terminal)
        if wanted != self._wanted:
            self.close()
            self._wanted = wanted
        self.trouble = None
        if properties.telegram_port and "port" not in self._open:
            await self._open_port(properties.telegram_port)
        if properties.telegram_terminal and "terminal" not in self._open:
            self._open_terminal()

    async def _open_port(self, port: int) -> None:
        door = PortDoor(self._address, port, self._last)
        try:
            await door.open()
        except OSError as error:
            self.trouble = f"telegrams need port {port} of {self._address}, but it is not free ({error.strerror})"
            return
        self._open["port"] = door
        _log.info("telegrams at tcp://%s:%d", for_url(self._address), port)

    def _open_terminal(self) -> None:
        try:
            door = TerminalDoor(self._link)
        except OSError as error:
            self.trouble = f"telegrams need a pseudo-terminal, but there is none ({error.strerror})"
            return
        self._open["terminal"] = door
        _log.info("telegrams at %s", self._link or door.path)

    def send(self, data: bytes) -> None:
        """Through all doors that are open."""
        self._last = data
        for door in self._open.values():
            door.send(data)

    def close(self) -> None:
        """Close all."""
        for door in self._open.values():
            door.close()
        self._open.clear()
