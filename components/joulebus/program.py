"""The contract of a program: a device that moves no joules and says what others are set to, a quarter-hour at a time.

It is asked in the last tick before each epoch, in a window of that one tick, and what it says holds from the first tick of the epoch on.
It looks at what is committed before that tick and at nothing else; so the same home decides the same, however time is cut, in memory and
on the bus, and after any end of its process. Its state travels in its packet, like that of every device, and so stands in the journal
with the decision. While it is away, time waits for it; when it is switched off or removed, what it steers becomes what it calls safe.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import Field

from joulebus.device import Device, DeviceContext, Properties, Span, State
from joulebus_schemas.roster import Member

Settings = Mapping[str, Mapping[str, Any]]
"""Properties by device, then by name."""


class ProgramState(State):
    """What a program remembers: at least what it decided last."""

    decision: Annotated[str, Field(max_length=512, description="what it decided last and why, with what it looked at")] = ""


_P = TypeVar("_P", bound=Properties)
_S = TypeVar("_S", bound=ProgramState)


@dataclass(frozen=True, slots=True)
class ProgramInputs(Generic[_P]):
    """All that a program looks at besides its state."""

    context: DeviceContext
    properties: _P
    period: Span
    """What it decides for; it begins a tick after what is known."""
    roster: Mapping[str, Member]
    """Who belongs to the home, with all that is promised; what another program steers may be promised before or after."""
    balances: Mapping[str, int]
    """J by account since the home began."""
    levels: Mapping[str, int]
    """J in each store."""


@dataclass(frozen=True, slots=True)
class ProgramDecision(Generic[_S]):
    """What others are to be set to, and the state that remembers why."""

    state: _S
    settings: Settings


class Program(Device[_P, _S]):
    """A device that decides. Subclasses are pure like all devices, and without state: one instance serves a kind."""

    steers: ClassVar[Mapping[str, frozenset[str]]]
    """What it may set: names of properties by kind; of anything else its changes are refused."""
    safe: ClassVar[Mapping[str, Mapping[str, Any]]]
    """What devices are left with when it is switched off or removed, by kind."""

    def decide(self, inputs: ProgramInputs[_P], state: _S) -> ProgramDecision[_S]:
        """What holds in the period.

        Raises:
            NotImplementedError: Always; each kind has its own.
        """
        raise NotImplementedError(f"the kind {self.kind} must decide something")


AnyProgram = Program[Any, Any]
