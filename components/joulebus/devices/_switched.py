"""What lights and a television have in common: a power while timers keep them on, about when people switch them."""

from typing import Annotated, TypeVar

from pydantic import Field

from joulebus.device import Device, Inputs, Properties, State
from joulebus.devices.appliance import ApplianceWatts, with_standby
from joulebus.physics.power import joule_runs, milliwatts, switched_on
from joulebus.physics.schedule import DailyWindows
from joulebus_schemas.base import SheddingPriority
from joulebus_schemas.offers import Flow


class SwitchedProperties(Properties):
    """What people set of both; each kind says its own defaults."""

    power_watts: ApplianceWatts
    timers: DailyWindows
    jitter_minutes: Annotated[
        int, Field(ge=0, le=120, description="each edge of a timer moves at random by up to this, every day again")
    ] = 15
    shedding_priority: SheddingPriority

    def milliwatts_on(self) -> int:
        """Drawn while a timer keeps it on."""
        return milliwatts(self.power_watts)

    def milliwatts_off(self) -> int:
        """Power while it is off."""
        return 0


_P = TypeVar("_P", bound=SwitchedProperties)


class Switched(Device[_P, State]):
    """Memoryless: what it draws depends on the time alone."""

    def offer(self, inputs: Inputs[_P], state: State) -> Flow:
        """Its power while it is on, and its standby power otherwise."""
        properties, span = inputs.properties, inputs.span
        on = switched_on(properties.timers, properties.jitter_minutes, inputs.context, span.moments)
        steps = [(first, last, properties.milliwatts_on()) for first, last in on]
        want = joule_runs(with_standby(steps, properties.milliwatts_off(), span), span)
        return Flow(want=want, shedding_priority=properties.shedding_priority)
