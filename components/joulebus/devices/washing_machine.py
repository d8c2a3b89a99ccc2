"""A washing machine: a program that starts at times of day, pauses when it gets too little, and goes on later."""

from typing import Annotated

from pydantic import Field

from joulebus.device import Device, DeviceContext, Inputs, Properties, State
from joulebus.physics.schedule import DailyTimes, starts
from joulebus.physics.steps import Step, integrate
from joulebus_schemas.base import Integer, Natural, SheddingPriority
from joulebus_schemas.offers import Flow, Outcome
from joulebus_schemas.series import RunLengths

WashingStep = Annotated[tuple[Annotated[int, Field(ge=1, le=86_400)], Annotated[int, Field(ge=0, le=20_000)]], Field(strict=False)]
WashingProgram = Annotated[tuple[WashingStep, ...], Field(strict=False, min_length=1, max_length=256)]


class WashingMachineProperties(Properties):
    """What people set of a washing machine."""

    program: Annotated[WashingProgram, Field(description="[seconds, watts], one after the other")] = (
        (600, 80),
        (1_500, 2_000),
        (2_400, 120),
        (900, 60),
        (600, 450),
        (300, 30),
    )
    starts: Annotated[DailyTimes, Field(description="when somebody starts it; unheard while it runs")] = ("Mon,Wed,Sat 10:00",)
    retry_seconds: Annotated[int, Field(ge=1, le=86_400, description="after which it tries again when it got too little")] = 60
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 3


class WashingMachineState(State):
    """Where it stands in its program."""

    position_seconds: Annotated[Natural | None, Field(description="of its program; null when it has nothing to do")] = None
    paused_until_unix_seconds: Annotated[Integer, Field(description="how long it waits after it went without")] = 0
    finished: Annotated[Natural, Field(description="programs since the home began")] = 0


class WashingMachine(Device[WashingMachineProperties, WashingMachineState]):
    """A tick in which it got too little counts as nothing done: the window ends there, and it goes on from the tick's start."""

    kind = "washing_machine"
    summary = "a washing machine, dishwasher or dryer with a program that can wait"
    properties = WashingMachineProperties
    state = WashingMachineState

    def offer(self, inputs: Inputs[WashingMachineProperties], state: WashingMachineState) -> Flow:
        """The course of its program, if nothing comes in between."""
        properties, span = inputs.properties, inputs.span
        steps, _ = _walk(inputs, state, span.moments[1])
        return Flow(want=RunLengths(run_lengths=tuple(integrate(steps, span))), shedding_priority=properties.shedding_priority, reacts=True)

    def advance(self, inputs: Inputs[WashingMachineProperties], state: WashingMachineState, outcome: Outcome) -> WashingMachineState:
        """On in its program; or paused, when the last of the committed ticks gave it too little."""
        ends = inputs.span.moments[1]
        if outcome.unserved_joules == 0:
            return _walk(inputs, state, ends)[1]
        _, before = _walk(inputs, state, ends - inputs.span.tick_seconds)
        return before.model_copy(
            update={"position_seconds": before.position_seconds or 0, "paused_until_unix_seconds": ends + inputs.properties.retry_seconds}
        )

    def readings(
        self, context: DeviceContext, properties: WashingMachineProperties, state: WashingMachineState, outcome: Outcome
    ) -> dict[str, int]:
        """How far it is."""
        length = _length(properties)
        done = length if state.position_seconds is None else min(state.position_seconds, length)
        return {"program_seconds_left": length - done, "programs_finished": state.finished}


def _length(properties: WashingMachineProperties) -> int:
    return sum(seconds for seconds, _ in properties.program)


def _walk(inputs: Inputs[WashingMachineProperties], state: WashingMachineState, ends: int) -> tuple[list[Step], WashingMachineState]:
    """What it draws from the span's beginning until ``ends`` when it gets all it wants, and where it stands afterwards."""
    context, properties, begins = inputs.context, inputs.properties, inputs.span.unix_seconds
    steps: list[Step] = []
    position, finished, length = state.position_seconds, state.finished, _length(properties)
    waiting = starts(properties.starts, context.place.timezone, begins, ends)
    moment = begins
    while moment < ends:
        if position is None:
            moment = next((start for start in waiting if start >= moment), ends)
            position = 0 if moment < ends else None
            continue
        moment = max(moment, state.paused_until_unix_seconds)
        steps += _stages(properties, position, moment, ends)
        ran = max(min(length - position, ends - moment), 0)
        moment, position = moment + ran, position + ran
        if position >= length:
            position, finished = None, finished + 1
    return steps, state.model_copy(update={"position_seconds": position, "finished": finished})


def _stages(properties: WashingMachineProperties, position: int, moment: int, ends: int) -> list[Step]:
    """The rest of the program from a position on, as far as it is not after the end."""
    steps: list[Step] = []
    for seconds, watts in properties.program:
        left = max(min(seconds - position, ends - moment), 0)
        steps += [(moment, moment + left, watts)] if left else []
        moment, position = moment + left, max(position - seconds, 0)
    return steps
