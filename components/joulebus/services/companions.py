"""What the process of a device does beside its seat, by kind: doors and words that are no part of the balance.

A companion is made when its device has taken its seat for the first time; it holds nothing that the ledger depends on.
"""

from typing import Protocol

COMPANIONS = {
    "charger": "joulebus.services.charger:LivingCharger",
    "meter": "joulebus.services.meter:LivingMeter",
    "meter_reader": "joulebus.services.meter_reader:LivingMeterReader",
}
"""``module:Class`` by kind; it is called with the node, and only its own process imports it."""


class SeatCompanion(Protocol):
    """Somebody who works beside a seat."""

    def start(self) -> None:
        """Begin: it has the node's bus."""
        ...

    def hindrance(self) -> str | None:
        """Why it cannot do its job now, in one sentence; None if it can."""
        ...
