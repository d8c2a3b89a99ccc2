"""A device that lives outside: not our process, not our language; it comes to the bus with a ticket of its own.

What it does, only it knows. The home knows what it may offer at most (``outside.py`` holds it to that), and keeps its
settings, which mean something to it alone.
"""

from typing import Annotated, Any, NoReturn

from pydantic import Field

from joulebus.device import Device, Inputs, Properties, State
from joulebus.errors import RosterError
from joulebus_schemas.base import SheddingPriority

ForeignWatts = Annotated[int, Field(ge=0, le=1_000_000)]


class ForeignProperties(Properties):
    """What the home says of a device that it does not know. Only ``settings`` can the device itself change."""

    take_watts_max: Annotated[ForeignWatts, Field(description="it may want this much at most; an offer beyond it is refused")] = 2_300
    give_watts_max: Annotated[ForeignWatts, Field(description="it may produce this much at most")] = 0
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last; it may say a lower one of itself")] = 5
    settings: Annotated[dict[str, Any], Field(max_length=64, description="its own: only the device knows what they mean")] = Field(
        default_factory=dict
    )


class Foreign(Device[ForeignProperties, State]):
    """It cannot be asked here: a running home waits for its packet, and a plan says that there will be none."""

    kind = "foreign"
    summary = "a device of another language or maker, which comes to the bus with a ticket"
    label = "Device of another program"
    icon = "connection"
    properties = ForeignProperties
    lives_outside = True

    def offer(self, inputs: Inputs[ForeignProperties], state: State) -> NoReturn:
        """Nobody can say this in its place.

        Raises:
            RosterError: Always: only the device itself knows what it offers.
        """
        raise RosterError(
            f"{inputs.context.name} is a foreign device: what it will offer is known outside only, where `joulebus up` waits for it; "
            'to plan this home, give it "on: false" in the home file, or put an appliance in its place'
        )
