"""Litres of water, counted again: geysers are asked for their draws, and washing machines by the joules that they took."""

from collections.abc import Mapping
from fractions import Fraction

from joulebus.audit.books import EpochColumns, total
from joulebus.device import DeviceContext
from joulebus.devices.geyser import Geyser, GeyserProperties
from joulebus.devices.washing_machine import WashingMachineProperties
from joulebus.physics.steps import Interval
from joulebus_schemas.facts import HOUR_SECONDS
from joulebus_schemas.roster import Member

MILLILITRES_OF_LITRE = 1_000


def water_litres(roster: Mapping[str, Member], context: DeviceContext, span: Interval, columns: EpochColumns) -> Fraction:
    """What a home took between two moments in which these transfers were made."""
    litres = Fraction(0)
    for name, member in roster.items():
        if member.kind == "geyser" and member.on:
            properties = GeyserProperties.model_validate(member.properties, strict=False)
            steps = Geyser().draws(context, properties, span)
            litres += Fraction(
                sum((until - begins) * millilitres for begins, until, millilitres in steps), HOUR_SECONDS * MILLILITRES_OF_LITRE
            )
        elif member.kind == "washing_machine":
            machine = WashingMachineProperties.model_validate(member.properties, strict=False)
            joules = sum(total(runs) for _, taker, runs in columns if taker == name)
            if joules:
                litres += Fraction(joules * machine.water_litres, sum(seconds * watts for seconds, watts in machine.program))
    return litres
