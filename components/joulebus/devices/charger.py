"""A charger: what lets joules through to a car. It moves none itself; the core joins what it allows with what the car behind it takes."""

from typing import Annotated

from pydantic import Field, field_validator

from joulebus.device import Device, DeviceContext, Inputs, Properties, State
from joulebus.devices._quantities import Efficiency, PhaseCount
from joulebus.physics.steps import integrate
from joulebus_schemas.base import Natural, SheddingPriority
from joulebus_schemas.facts import JOULES_PER_WH, PPM_PER_PERCENT
from joulebus_schemas.offers import Charger, Outcome
from joulebus_schemas.series import RunLengths

AMPS_MIN, AMPS_MAX = 6, 32
"""IEC 61851: below the first no car charges, and no cable of a home's charger carries more than the second."""


class ChargerProperties(Properties):
    """What people and programs set of a charger, also while it charges."""

    amps: Annotated[
        float, Field(ge=AMPS_MIN, le=AMPS_MAX, description="on each phase at most, in steps of 0.1; no car charges below 6: pause it")
    ] = 16
    phase_count: Annotated[PhaseCount, Field(description="phases that it switches through: 1 or 3")] = 3
    switches_phases: Annotated[
        bool, Field(description="true: a car_program may set phase_count, to 1 where the sun or a limit leaves less than 3 phases need")
    ] = False
    pause: Annotated[bool, Field(description="true: nothing flows")] = False
    switch_pause_seconds: Annotated[int, Field(ge=0, le=3_600, description="nothing flows so long after phase_count was changed")] = 10
    energy_limit_wh: Annotated[
        int, Field(ge=0, le=1_000_000, description="that a car gets from when it is plugged in until it leaves; 0 is no limit")
    ] = 0
    surplus_only: Annotated[bool, Field(description="true: the car gets only what nobody else wants, and may serve the home")] = False
    discharge_watts_max: Annotated[int, Field(ge=0, le=100_000, description="from the car to the home, while surplus_only; 0 is never")] = 0
    efficiency_percent: Annotated[Efficiency, Field(description="share that arrives, each way")] = 99.0
    volts: Annotated[int, Field(ge=100, le=400, description="between a phase and neutral")] = 230
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 1
    api_port: Annotated[
        int, Field(ge=0, le=65_535, description="of this machine or container: there a living charger is an NRGkick Gen2; 0: none")
    ] = 0
    api_password_file: Annotated[
        str, Field(max_length=4096, description="one line, USER:PASSWORD, that its API asks for; left out: whoever reaches the port sets")
    ] = ""

    @field_validator("amps")
    @classmethod
    def _in_tenths(cls, amps: float) -> float:
        if abs(amps * 10 - round(amps * 10)) > 1e-6:
            raise ValueError(f"amps are set in steps of 0.1, such as 10.4; it was {amps:g}")
        return amps

    @property
    def limit_watts(self) -> int:
        """What it lets through on all of its phases."""
        return 0 if self.pause else round(self.amps * 10) * self.volts * self.phase_count // 10


class ChargerState(State):
    """Its session, its pause, and what passed it since it was new."""

    plugged: Annotated[bool, Field(description="whether a car is plugged in")] = False
    session_joules: Annotated[Natural, Field(description="that the car took since it was plugged in")] = 0
    switching_seconds: Annotated[Natural, Field(description="left of the pause after a change of phases")] = 0
    charged_joules: Annotated[Natural, Field(description="that passed to cars since it was new")] = 0
    discharged_joules: Annotated[Natural, Field(description="that came from cars since it was new")] = 0


class ChargerDevice(Device[ChargerProperties, ChargerState]):
    """One car at a time: of several that are plugged in, the first by name."""

    kind = "charger"
    summary = "a charger for cars: amps, phases, pause, limit of energy, vehicle to home"
    icon = "ev-station"
    properties = ChargerProperties
    state = ChargerState
    reading_names = {
        "limit_watts": "what it lets through at most",
        "plugged": "1 while a car is plugged in",
        "session_joules": "that the car took since it was plugged in",
        "charged_joules": "that passed to cars since it was new",
        "discharged_joules": "that came from cars since it was new",
    }

    def ports(self, properties: ChargerProperties) -> tuple[int, ...]:
        """The port of its API."""
        return (properties.api_port,) if properties.api_port else ()

    def offer(self, inputs: Inputs[ChargerProperties], state: ChargerState) -> Charger:
        """What it lets through in each tick: nothing while it is paused or switches phases."""
        properties, (begins, ends) = inputs.properties, inputs.span.moments
        watts = properties.limit_watts // properties.phase_count
        ready = min(begins + state.switching_seconds, ends)
        steps = [(ready, ends, watts)] if ready < ends else []
        return Charger(
            phase_joules_max=RunLengths(run_lengths=tuple(integrate(steps, inputs.span))),
            phase_count=properties.phase_count,
            efficiency_ppm=round(properties.efficiency_percent * PPM_PER_PERCENT),
            discharge_watts_max=0 if properties.pause else properties.discharge_watts_max,
            surplus_only=properties.surplus_only,
            shedding_priority=properties.shedding_priority,
            plugged=state.plugged,
            session_joules=state.session_joules,
            session_joules_max=properties.energy_limit_wh * JOULES_PER_WH,
        )

    def advance(self, inputs: Inputs[ChargerProperties], state: ChargerState, outcome: Outcome) -> ChargerState:
        """As the core has left its session; its pause goes by."""
        return ChargerState(
            plugged=outcome.on,
            session_joules=outcome.session_joules,
            switching_seconds=max(state.switching_seconds - inputs.span.seconds, 0),
            charged_joules=state.charged_joules + outcome.charged_joules,
            discharged_joules=state.discharged_joules + outcome.discharged_joules,
        )

    def rest(self, context: DeviceContext, properties: ChargerProperties, state: ChargerState, seconds: int) -> ChargerState:
        """Switched off, it lets its car go: the next session is a new one."""
        return state.model_copy(update={"plugged": False, "session_joules": 0, "switching_seconds": 0})

    def changed(self, context: DeviceContext, before: ChargerProperties, after: ChargerProperties, state: ChargerState) -> ChargerState:
        """Other phases are switched while nothing flows."""
        if after.phase_count == before.phase_count:
            return state
        return state.model_copy(update={"switching_seconds": after.switch_pause_seconds})

    def readings(self, context: DeviceContext, properties: ChargerProperties, state: ChargerState, outcome: Outcome) -> dict[str, int]:
        """What it lets through, and what passed it."""
        return {
            "limit_watts": 0 if state.switching_seconds else properties.limit_watts,
            "plugged": int(state.plugged),
            "session_joules": state.session_joules,
            "charged_joules": state.charged_joules,
            "discharged_joules": state.discharged_joules,
        }
