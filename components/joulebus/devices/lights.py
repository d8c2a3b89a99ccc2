"""The lights of a home: on in the mornings and evenings, about when people switch them on, and dimmed."""

from typing import Annotated

from pydantic import Field

from joulebus.device import Device, DeviceContext, Properties, Signals, Span, State
from joulebus.devices.appliance import ApplianceWatts
from joulebus.physics.power import joule_runs, milliwatts, switched_on
from joulebus.physics.schedule import DailyWindows
from joulebus_schemas.base import SheddingPriority
from joulebus_schemas.offers import Flow


class LightsProperties(Properties):
    """What people set of their lights."""

    power_watts: Annotated[ApplianceWatts, Field(description="of all lamps together, undimmed")] = 80.0
    brightness_percent: Annotated[int, Field(ge=0, le=100, description="the power follows it in proportion")] = 100
    timers: Annotated[DailyWindows, Field(description="when they are on")] = ("06:30-07:45", "18:00-22:30")
    jitter_minutes: Annotated[int, Field(ge=0, le=120, description="by which chance moves each edge of a timer, every day anew")] = 15
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 7


class Lights(Device[LightsProperties, State]):
    """Memoryless: what they draw depends on the time alone."""

    kind = "lights"
    summary = "lamps that can be dimmed, on at about the same times every day"
    properties = LightsProperties

    def offer(self, context: DeviceContext, properties: LightsProperties, state: State, span: Span, heard: Signals) -> Flow:
        """Their power while they are on."""
        level = milliwatts(properties.power_watts) * properties.brightness_percent // 100
        on = switched_on(properties.timers, properties.jitter_minutes, context, span.unix_seconds, span.unix_seconds + span.seconds)
        return Flow(want=joule_runs([(first, last, level) for first, last in on], span), shedding_priority=properties.shedding_priority)
