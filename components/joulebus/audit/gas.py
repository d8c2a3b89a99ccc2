"""Litres of gas, counted again: by the joules that a connection gave, and by its calorific value."""

from collections.abc import Mapping
from fractions import Fraction

from joulebus.audit.books import EpochColumns, total
from joulebus.devices.gas import GasProperties
from joulebus_schemas.facts import JOULES_PER_KWH, LITRES_PER_M3
from joulebus_schemas.roster import Member

MILLI = 1_000


def gas_litres(roster: Mapping[str, Member], columns: EpochColumns) -> Fraction:
    """What all connections gave in these transfers."""
    litres = Fraction(0)
    for name, member in roster.items():
        if member.kind == "gas":
            joules = sum(total(runs) for giver, _, runs in columns if giver == name)
            properties = GasProperties.model_validate(member.properties, strict=False)
            milli_kwh_per_m3 = round(properties.kwh_per_m3 * MILLI)
            litres += Fraction(joules * MILLI * LITRES_PER_M3, JOULES_PER_KWH * milli_kwh_per_m3)
    return litres
