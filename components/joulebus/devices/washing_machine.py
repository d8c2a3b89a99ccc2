"""A washing machine: a program that starts at times of day, pauses when it gets too little, and goes on later."""

from typing import Annotated, NamedTuple

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
    water_litres: Annotated[int, Field(ge=0, le=1_000, description="that a program takes; 0: none, as of a dryer")] = 50

    @property
    def program_joules(self) -> int:
        """What a program takes."""
        return sum(seconds * watts for seconds, watts in self.program)


class WashingMachineState(State):
    """Where it stands in its program."""

    position_seconds: Annotated[Natural | None, Field(description="of its program; null when it has nothing to do")] = None
    paused_until_unix_seconds: Annotated[Integer, Field(description="how long it waits after it went without")] = 0
    due_position_seconds: Annotated[Natural | None, Field(description="where it would be had it not waited; null when it has not")] = None
    finished: Annotated[Natural, Field(description="programs since the home began")] = 0


class WashingMachine(Device[WashingMachineProperties, WashingMachineState]):
    """It takes what a tick needs or nothing; then the window ends, and it waits and goes on from the tick's start.

    What it would have drawn meanwhile is unserved, and is served later: each joule of its program once.
    """

    kind = "washing_machine"
    summary = "a washing machine, dishwasher or dryer with a program that can wait"
    icon = "washing-machine"
    properties = WashingMachineProperties
    state = WashingMachineState
    reading_names = {
        "program_seconds_left": "of the program that runs; 0 when none does",
        "programs_finished": "since the home began",
    }

    def offer(self, inputs: Inputs[WashingMachineProperties], state: WashingMachineState) -> Flow:
        """The course of its program, if nothing comes in between."""
        properties, span = inputs.properties, inputs.span
        course = _walk(inputs, state, span.moments[1])
        due = None if state.due_position_seconds is None else RunLengths(run_lengths=tuple(integrate(course.due, span)))
        return Flow(
            want=RunLengths(run_lengths=tuple(integrate(course.steps, span))),
            shedding_priority=properties.shedding_priority,
            reacts=True,
            all_or_nothing=True,
            due=due,
        )

    def advance(self, inputs: Inputs[WashingMachineProperties], state: WashingMachineState, outcome: Outcome) -> WashingMachineState:
        """On in its program; or paused, when the last of the committed ticks did not give it what it wanted."""
        ends = inputs.span.moments[1]
        wanted = _walk(inputs, state, ends).state
        if outcome.granted is None:
            return wanted
        before = _walk(inputs, state, ends - inputs.span.tick_seconds).state
        due, length = before.due_position_seconds, _length(inputs.properties)
        if due is not None:
            due = min(due + inputs.span.tick_seconds, length)
        elif wanted.finished > before.finished or wanted.position_seconds is None:
            due = length
        else:
            due = wanted.position_seconds
        return before.model_copy(
            update={
                "position_seconds": before.position_seconds or 0,
                "due_position_seconds": due,
                "paused_until_unix_seconds": ends + inputs.properties.retry_seconds,
            }
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


class _Course(NamedTuple):
    """What it draws when it gets all it wants, what it would draw had it never waited, and where it stands afterwards."""

    steps: list[Step]
    due: list[Step]
    state: WashingMachineState


def _walk(inputs: Inputs[WashingMachineProperties], state: WashingMachineState, ends: int) -> _Course:
    """From the span's beginning until ``ends``."""
    properties, begins, length = inputs.properties, inputs.span.unix_seconds, _length(inputs.properties)
    position, finished, due_position = state.position_seconds, state.finished, state.due_position_seconds
    steps: list[Step] = []
    due = [] if due_position is None else _stages(properties, due_position, begins, ends)
    waiting = starts(properties.starts, inputs.context.place.timezone, begins, ends)
    moment = begins
    while moment < ends:
        if position is None:
            moment = next((start for start in waiting if start >= moment), ends)
            position = 0 if moment < ends else None
            continue
        moment = max(moment, state.paused_until_unix_seconds)
        stages = _stages(properties, position, moment, ends)
        steps += stages
        due += stages if due_position is None else []
        ran = max(min(length - position, ends - moment), 0)
        moment, position = moment + ran, position + ran
        if position >= length:
            position, finished, due_position = None, finished + 1, None
    if due_position is not None:
        due_position = min(due_position + max(ends - begins, 0), length)
    return _Course(
        steps, due, state.model_copy(update={"position_seconds": position, "finished": finished, "due_position_seconds": due_position})
    )


def _stages(properties: WashingMachineProperties, position: int, moment: int, ends: int) -> list[Step]:
    """The rest of the program from a position on, as far as it is not after the end."""
    steps: list[Step] = []
    for seconds, watts in properties.program:
        left = max(min(seconds - position, ends - moment), 0)
        steps += [(moment, moment + left, watts)] if left else []
        moment, position = moment + left, max(position - seconds, 0)
    return steps
