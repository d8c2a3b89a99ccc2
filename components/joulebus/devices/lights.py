"""The lights of a home: on in the mornings and evenings, around the times that people set, and dimmable."""

from typing import Annotated

from pydantic import Field

from joulebus.devices._switched import Switched, SwitchedProperties
from joulebus.devices.appliance import ApplianceWatts
from joulebus.physics.schedule import DailyWindows
from joulebus_schemas.base import SheddingPriority


class LightsProperties(SwitchedProperties):
    """What people set of their lights."""

    power_watts: Annotated[ApplianceWatts, Field(description="of all lamps together, undimmed")] = 80.0
    brightness_percent: Annotated[int, Field(ge=0, le=100, description="the power follows it in proportion")] = 100
    timers: Annotated[DailyWindows, Field(description="when they are on")] = ("06:30-07:45", "18:00-22:30")
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 7

    def milliwatts_on(self) -> int:
        """Dimmed in proportion."""
        return super().milliwatts_on() * self.brightness_percent // 100


class Lights(Switched[LightsProperties]):
    """Dark when they are off: they have no standby."""

    kind = "lights"
    summary = "lamps that can be dimmed, on at about the same times every day"
    icon = "lightbulb-outline"
    properties = LightsProperties
