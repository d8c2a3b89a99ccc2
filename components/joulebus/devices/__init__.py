"""The list of kinds: one line a kind, sorted. A kind is a class of which one instance serves all devices of that kind."""

from joulebus.device import AnyDevice
from joulebus.devices.appliance import Appliance
from joulebus.devices.baseload import Baseload
from joulebus.devices.battery import Battery
from joulebus.devices.foreign import Foreign
from joulebus.devices.fridge import Fridge
from joulebus.devices.geyser import Geyser
from joulebus.devices.grid import GridDevice
from joulebus.devices.inverter import InverterDevice
from joulebus.devices.lights import Lights
from joulebus.devices.oven import Oven
from joulebus.devices.panel import Panel
from joulebus.devices.sun import Sun
from joulebus.devices.tv import Tv
from joulebus.devices.washing_machine import WashingMachine
from joulebus.devices.weather import Weather

KINDS: dict[str, AnyDevice] = {
    "appliance": Appliance(),
    "baseload": Baseload(),
    "battery": Battery(),
    "foreign": Foreign(),
    "fridge": Fridge(),
    "geyser": Geyser(),
    "grid": GridDevice(),
    "inverter": InverterDevice(),
    "lights": Lights(),
    "oven": Oven(),
    "panel": Panel(),
    "sun": Sun(),
    "tv": Tv(),
    "washing_machine": WashingMachine(),
    "weather": Weather(),
}
"""By the name that home files use."""
