"""A reader of a real meter: what the process of a device of kind ``meter_reader`` does beside its seat.

It reads what its property ``source`` names, says on the bus what came, and shows to Prometheus how much. The balance knows nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prometheus_client import Counter

from joulebus.bus.timers import every
from joulebus.devices.meter_reader import MeterReaderProperties
from joulebus.meter.decoding import moment_of_stamp
from joulebus.meter.intake import INTAKE_SECONDS, TelegramIntake
from joulebus.meter.reader import ReadTelegram
from joulebus_schemas.meter import TelegramReceived

if TYPE_CHECKING:
    from joulebus.services.node import DeviceNode

SAID_SECONDS = 1.0
COUNTED = {
    "telegrams": Counter("joulebus_meter_reader_telegrams", "Telegrams of a real meter whose checksum is right", ["device"]),
    "dropped": Counter(
        "joulebus_meter_reader_dropped_telegrams", "Telegrams with a wrong checksum, or without beginning or end", ["device"]
    ),
    "unknown_lines": Counter("joulebus_meter_reader_unknown_lines", "Lines of its telegrams that nobody knows", ["device"]),
    "bytes": Counter("joulebus_meter_reader_bytes", "Bytes that came from it, whatever they were", ["device"]),
}
"""Each counter by the field of what is said on the bus."""


@dataclass
class LivingMeterReader:
    """The companion of a meter reader's node."""

    node: DeviceNode
    _intake: TelegramIntake = field(default_factory=TelegramIntake)
    _counted: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    """As it was said last."""
    _told: ReadTelegram | None = None

    def start(self) -> None:
        """Read four times a second, and say it once."""
        self.node.bus.on_end.append(self._intake.close)
        every(INTAKE_SECONDS, self.look)
        every(SAID_SECONDS, self.say)

    def hindrance(self) -> str | None:
        """Whether its meter is away; why, is in the log of its process, because it tells which files and hosts there are."""
        if not self._intake.is_away:
            return None
        name = self.node.name
        return (
            f"{name} must read a meter, but its source does not answer: see `joulebus logs {name}`; it is tried again, each minute at least"
        )

    async def look(self) -> None:
        """Take in what has come."""
        if self.node.seat is not None:
            await self._intake.look(MeterReaderProperties.model_validate(self.node.properties(), strict=False).source)

    def say(self) -> None:
        """Say what has come since the last time, if anything has."""
        now = self.counted()
        if now["bytes"] == self._counted["bytes"] or not self.node.bus.joined or self.node.seat is None:
            return
        newest = self._intake.newest if self._intake.newest is not self._told else None
        self.node.say_received(received(newest, now, self.node.seat.context.place.timezone))
        for name, count in now.items():
            COUNTED[name].labels(self.node.name).inc(count - self._counted[name])
        self._counted, self._told = now, self._intake.newest

    def counted(self) -> dict[str, int]:
        """What was read since this process began."""
        intake = self._intake
        return {
            "telegrams": intake.reader.read,
            "dropped": intake.reader.dropped,
            "unknown_lines": intake.unknown_lines,
            "bytes": intake.bytes,
        }


def received(telegram: ReadTelegram | None, counted: dict[str, int], timezone: str) -> TelegramReceived:
    """The word for a telegram, or for bytes without one; the meter's clock has the time of its place."""
    if telegram is None:
        return TelegramReceived.model_validate(counted)
    stamps = telegram.values("0-0:1.0.0")
    moment = moment_of_stamp(stamps[0], timezone) if stamps else None
    return TelegramReceived.model_validate({**counted, "unix_seconds": moment, "text": telegram.raw.decode("latin-1")})
