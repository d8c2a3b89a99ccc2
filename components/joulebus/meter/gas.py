"""Litres through the gas meter: what boilers and geysers burn, as joules of the ledger, and the calorific value of their supply."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from joulebus.devices.gas import GasProperties
from joulebus_schemas.roster import Member, of_kind


@dataclass(frozen=True, slots=True)
class GasMeters:
    """The gas connections of a home, each with its calorific value."""

    litres_per_joule: tuple[tuple[str, Fraction], ...]

    def litres(self, joules: Mapping[str, int]) -> Fraction:
        """What passed them while each gave so many joules; exact."""
        return sum((joules.get(name, 0) * rate for name, rate in self.litres_per_joule), Fraction(0))


def gas_meters(roster: Mapping[str, Member]) -> GasMeters:
    """Those of a roster."""
    found = {name: GasProperties.model_validate(roster[name].properties, strict=False) for name in of_kind(dict(roster), "gas")}
    return GasMeters(tuple((name, properties.litres(1)) for name, properties in found.items()))
