"""A pump: copy this file to write a device of your own. It says in one sentence what the thing is and what is odd about it.

1. Copy it to ``devices/<kind>.py`` and rename everything that is called Pump.
2. Add one line to the list in ``devices/__init__.py``.
3. Write ``tests/tables/test_<kind>.py`` with a table: empty, half, full.
4. Run ``make schemas`` and ``cd/process_specs.sh``, and commit what they write.
How to use surplus: an offer has a ``want`` and a ``most``. What a device wants, it gets from whoever can give it, the grid included. What
is between ``want`` and ``most`` it gets only from sun that nobody else wants, before it is sold or curtailed: want 0 and a high most is a
device that runs on surplus alone, and it must be able to run at any power up to that.
The home file, its errors and schema, the command line and the messages follow from the properties.
"""

from typing import Annotated

from pydantic import Field

from joulebus.device import Device, DeviceContext, Inputs, Properties, State
from joulebus.physics.schedule import DailyWindows, seconds_in_windows
from joulebus_schemas.base import Natural, SheddingPriority
from joulebus_schemas.offers import Flow, Outcome
from joulebus_schemas.series import RunLengths


class PumpProperties(Properties):
    """What people set. Each field has its unit in its name, limits, a default, and one line of help."""

    power_watts: Annotated[int, Field(ge=0, le=10_000, description="while it pumps")] = 750
    joules_per_litre: Annotated[int, Field(ge=1, le=100_000, description="to lift a litre, with all losses")] = 600
    timers: Annotated[DailyWindows, Field(description="when it pumps, whoever gives the power")] = ("06:00-07:00",)
    surplus_watts: Annotated[int, Field(ge=0, le=10_000, description="of sun that nobody else wants, taken at any time")] = 0
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 5


class PumpState(State):
    """What it remembers. Integers with limits; what is left of a division is carried here and never dropped."""

    pumped_litres: Annotated[Natural, Field(description="since the home began")] = 0
    carry_joules: Annotated[Natural, Field(description="that did not suffice for a litre yet")] = 0


class Pump(Device[PumpProperties, PumpState]):
    """All methods are pure: what they answer depends on their arguments alone, not on how time is cut into windows."""

    kind = "pump"
    summary = "a pump that lifts water in daily windows"
    icon = "pump"
    properties = PumpProperties
    state = PumpState
    reading_names = {
        "pumped_litres": "since the home began",
    }

    def offer(self, inputs: Inputs[PumpProperties], state: PumpState) -> Flow:
        """What it wants in each tick, positive because it consumes. Whole watts for whole seconds are whole joules."""
        properties = inputs.properties
        running = seconds_in_windows(properties.timers, inputs.span, inputs.context.place.timezone)
        want = tuple((ticks, seconds * properties.power_watts) for ticks, seconds in running)
        more = inputs.span.tick_seconds * properties.surplus_watts
        most = tuple((ticks, joules + more) for ticks, joules in want)
        return Flow(want=RunLengths(run_lengths=want), most=RunLengths(run_lengths=most), shedding_priority=properties.shedding_priority)

    def advance(self, inputs: Inputs[PumpProperties], state: PumpState, outcome: Outcome) -> PumpState:
        """What it has become with what it got, which may be less than it wanted."""
        litres, carry = divmod(state.carry_joules + outcome.joules_in, inputs.properties.joules_per_litre)
        return PumpState(pumped_litres=state.pumped_litres + litres, carry_joules=carry)

    def readings(self, context: DeviceContext, properties: PumpProperties, state: PumpState, outcome: Outcome) -> dict[str, int]:
        """What people want to read: a value for each of its names."""
        return {"pumped_litres": state.pumped_litres}
