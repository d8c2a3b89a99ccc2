"""An appliance of any sort: a power in daily windows, all the time or part of it, and programs that start at times of day."""

from typing import Annotated

from pydantic import Field

from joulebus.device import Device, Inputs, Properties, Span, State
from joulebus.physics.power import duty_cycles, joule_runs, milliwatts, switched_on
from joulebus.physics.schedule import DailyTimes, DailyWindows, starts
from joulebus.physics.steps import Step, sum_steps
from joulebus_schemas.base import SheddingPriority
from joulebus_schemas.offers import Flow

ApplianceWatts = Annotated[float, Field(ge=0, le=100_000)]
ApplianceStep = Annotated[tuple[Annotated[int, Field(ge=1, le=86_400)], ApplianceWatts], Field(strict=False)]
ApplianceProgram = Annotated[tuple[ApplianceStep, ...], Field(strict=False, max_length=256)]
"""Steps of [seconds, watts], one after the other."""


class ApplianceProperties(Properties):
    """What people set of an appliance."""

    power_watts: Annotated[ApplianceWatts, Field(description="while a timer keeps it on")] = 100.0
    standby_watts: Annotated[ApplianceWatts, Field(description="while nothing of it runs")] = 0.0
    timers: Annotated[DailyWindows, Field(description="when it is on")] = ("00:00-24:00",)
    jitter_minutes: Annotated[
        int, Field(ge=0, le=120, description="each edge of a timer moves at random by up to this, every day again")
    ] = 0
    duty_percent: Annotated[int, Field(ge=0, le=100, description="share of each period in which it draws its power")] = 100
    duty_period_seconds: Annotated[int, Field(ge=2, le=86_400, description="length of a period")] = 3_600
    program: Annotated[ApplianceProgram, Field(description="[seconds, watts], one after the other, from each start on")] = ()
    starts: Annotated[DailyTimes, Field(description="when the program starts")] = ()
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 5


class Appliance(Device[ApplianceProperties, State]):
    """Memoryless: what it draws depends on the time alone."""

    kind = "appliance"
    summary = "anything that draws power by timers, duty or program"
    label = "Any appliance"
    properties = ApplianceProperties

    def offer(self, inputs: Inputs[ApplianceProperties], state: State) -> Flow:
        """The sum of all that runs, and standby where nothing does."""
        return Flow(want=joule_runs(_steps(inputs), inputs.span), shedding_priority=inputs.properties.shedding_priority)


def program_steps(program: ApplianceProgram, begun: list[int]) -> list[Step]:
    """A program in milliwatts from each of its starts on."""
    steps: list[Step] = []
    for moment in begun:
        for seconds, watts in program:
            steps.append((moment, moment + seconds, milliwatts(watts)))
            moment += seconds
    return steps


def with_standby(steps: list[Step], standby_milliwatts: int, span: Span) -> list[Step]:
    """The sum of steps over a span, and standby power where they are zero."""
    summed = sum_steps(steps, *span.moments)
    return [(begins, ends, level or standby_milliwatts) for begins, ends, level in summed]


def _steps(inputs: Inputs[ApplianceProperties]) -> list[Step]:
    context, properties, (begins, ends) = inputs.context, inputs.properties, inputs.span.moments
    on = switched_on(properties.timers, properties.jitter_minutes, context, (begins, ends))
    cycles = duty_cycles(on, properties.duty_percent, properties.duty_period_seconds, context)
    steps = [(first, last, milliwatts(properties.power_watts)) for first, last in cycles]
    length = sum(seconds for seconds, _ in properties.program)
    begun = starts(properties.starts, context.place.timezone, begins - length, ends)
    return with_standby(steps + program_steps(properties.program, begun), milliwatts(properties.standby_watts), inputs.span)
