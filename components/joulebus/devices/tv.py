"""A television: on in the evenings, about when people switch it on, and on standby else."""

from typing import Annotated

from pydantic import Field

from joulebus.device import Device, DeviceContext, Properties, Signals, Span, State
from joulebus.devices.appliance import ApplianceWatts, with_standby
from joulebus.physics.power import joule_runs, milliwatts, switched_on
from joulebus.physics.schedule import DailyWindows
from joulebus_schemas.base import SheddingPriority
from joulebus_schemas.offers import Flow


class TvProperties(Properties):
    """What people set of a television."""

    power_watts: Annotated[ApplianceWatts, Field(description="while somebody watches")] = 90.0
    standby_watts: Annotated[ApplianceWatts, Field(description="while nobody does")] = 0.5
    timers: Annotated[DailyWindows, Field(description="when somebody watches")] = ("18:30-22:45",)
    jitter_minutes: Annotated[int, Field(ge=0, le=120, description="by which chance moves each edge of a timer, every day anew")] = 15
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 4


class Tv(Device[TvProperties, State]):
    """Memoryless: what it draws depends on the time alone."""

    kind = "tv"
    summary = "a television with standby, on at about the same time every day"
    properties = TvProperties

    def offer(self, context: DeviceContext, properties: TvProperties, state: State, span: Span, heard: Signals) -> Flow:
        """Its power while it is on, standby else."""
        on = switched_on(properties.timers, properties.jitter_minutes, context, span.unix_seconds, span.unix_seconds + span.seconds)
        steps = [(first, last, milliwatts(properties.power_watts)) for first, last in on]
        want = joule_runs(with_standby(steps, milliwatts(properties.standby_watts), span), span)
        return Flow(want=want, shedding_priority=properties.shedding_priority)
