"""The list of kinds: one line each, sorted. A kind is a class of which one instance serves all devices of that kind."""

import importlib

from joulebus.device import AnyDevice

_KINDS = (
    "appliance:Appliance",
    "baseload:Baseload",
    "battery:Battery",
    "battery_program:BatteryProgram",
    "boiler:Boiler",
    "car:Car",
    "car_program:CarProgram",
    "charger:ChargerDevice",
    "foreign:Foreign",
    "fridge:Fridge",
    "gas:GasDevice",
    "geyser:Geyser",
    "grid:GridDevice",
    "inverter:InverterDevice",
    "lights:Lights",
    "meter:MeterDevice",
    "meter_reader:MeterReaderDevice",
    "oven:Oven",
    "panel:Panel",
    "sun:Sun",
    "tv:Tv",
    "washing_machine:WashingMachine",
    "weather:Weather",
)
"""Module and class; the module is named like the kind."""


def _made(line: str) -> AnyDevice:
    module, _, name = line.partition(":")
    device: AnyDevice = getattr(importlib.import_module(f"{__name__}.{module}"), name)()
    assert device.kind == module, f"the kind {device.kind} must be in a module of that name, but is in {module}"
    return device


KINDS: dict[str, AnyDevice] = {device.kind: device for device in map(_made, _KINDS)}
"""All kinds, by the name that home files use."""
