"""A television: on in the evenings, around the times that people set, and otherwise on standby."""

from typing import Annotated

from pydantic import Field

from joulebus.devices._switched import Switched, SwitchedProperties
from joulebus.devices.appliance import ApplianceWatts
from joulebus.physics.power import milliwatts
from joulebus.physics.schedule import DailyWindows
from joulebus_schemas.base import SheddingPriority


class TvProperties(SwitchedProperties):
    """What people set of a television."""

    power_watts: Annotated[ApplianceWatts, Field(description="while somebody watches")] = 90.0
    standby_watts: Annotated[ApplianceWatts, Field(description="while nobody does")] = 0.5
    timers: Annotated[DailyWindows, Field(description="when somebody watches")] = ("18:30-22:45",)
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 4

    def milliwatts_off(self) -> int:
        """On standby."""
        return milliwatts(self.standby_watts)


class Tv(Switched[TvProperties]):
    """Its standby is drawn whenever nobody watches."""

    kind = "tv"
    summary = "a television with standby, on at about the same time every day"
    label = "TV"
    icon = "television"
    properties = TvProperties
