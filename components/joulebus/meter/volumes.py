"""Gas and water of a meter: what its channels show in a telegram, and what passed in a span."""

from collections.abc import Iterable
from dataclasses import dataclass

from joulebus.meter.decoding import number_in
from joulebus.meter.reader import ReadTelegram
from joulebus.meter.telegram import GAS_CHANNEL, WATER_CHANNEL
from joulebus.rates.money import MeteredQuarter
from joulebus_schemas.facts import LITRES_PER_M3

_CHANNELS = range(1, 5)
_CODES = ("24.2.3", "24.2.1")
"""The codes of what is not corrected for temperature, and of what is."""


@dataclass(frozen=True, slots=True)
class Volumes:
    """Litres of gas and of water: counted by meters, or of a span; None: no meter says so."""

    gas_litres: int | None = None
    water_litres: int | None = None

    def since(self, before: "Volumes") -> "Volumes":
        """What has passed since; what passed while a meter was exchanged nobody knows."""
        return Volumes(_passed(before.gas_litres, self.gas_litres), _passed(before.water_litres, self.water_litres))

    def or_else(self, before: "Volumes") -> "Volumes":
        """With what was said before by a meter that says nothing in this telegram."""
        return Volumes(
            before.gas_litres if self.gas_litres is None else self.gas_litres,
            before.water_litres if self.water_litres is None else self.water_litres,
        )


def volumes_in(telegram: ReadTelegram) -> Volumes:
    """The meters' last readings; of several meters of a kind, their sum."""
    found: dict[str, int] = {}
    for channel in _CHANNELS:
        kind = next(iter(telegram.values(f"0-{channel}:24.1.0")), "")
        shown = [number_in(telegram, f"0-{channel}:{code}", LITRES_PER_M3) for code in _CODES]
        litres = next((one for one in shown if one is not None), None)
        if litres is not None:
            found[kind] = found.get(kind, 0) + litres
    return Volumes(found.get(GAS_CHANNEL), found.get(WATER_CHANNEL))


def volumes_between(quarters: Iterable[MeteredQuarter], begins: int, ends: int) -> Volumes:
    """What passed in the quarter-hours of a span."""
    inside = [one for one in quarters if begins <= one.begins < ends]
    return Volumes(sum(one.gas_litres for one in inside), sum(one.water_litres for one in inside))


def _passed(before: int | None, after: int | None) -> int | None:
    return None if after is None else 0 if before is None else max(after - before, 0)
