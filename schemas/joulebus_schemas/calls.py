"""What can be asked, and the answers: of any device, of the home, of the clock, of the keeper."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from joulebus_schemas.base import Integer, Name, Natural, Tick, Word
from joulebus_schemas.roster import Member

Names = Annotated[tuple[Name, ...], Field(strict=False)]


class Nothingness(Word):
    """A call without arguments."""


class Fields(Word):
    """Any fields: the receiver knows which (the properties of its kind)."""

    model_config = ConfigDict(extra="allow")

    @property
    def fields(self) -> dict[str, Any]:
        """What was given."""
        return dict(self.model_extra or {})


# Of a device


class Description(Word):
    """What a device is, and what one may ask of it."""

    name: Name
    kind: Name
    summary: str
    hears: Names
    tells: Names
    properties: Annotated[dict[str, Any], Field(description="JSON Schema of its properties: unit, limits, default, help")]
    procedures: Annotated[tuple[str, ...], Field(strict=False)]


class Accepted(Word):
    """A change was taken; it holds from this tick on."""

    device: Name
    from_tick: Tick
    properties: dict[str, Any] | None = None
    on: bool | None = None


# Of the home


class AskDevice(Word):
    """A device by name."""

    name: Name


class AskSwitch(Word):
    """Switch a device on or off."""

    name: Name
    on: bool


class AskAdd(Word):
    """A new device."""

    name: Name
    kind: Name
    properties: Annotated[dict[str, Any], Field(description="what differs from the defaults of the kind")] = Field(default_factory=dict)
    hears: Annotated[tuple[Name, ...] | None, Field(strict=False, description="left out: all that its kind needs")] = None


class Listing(Word):
    """The devices of a home."""

    home: Name
    tick: Tick
    devices: dict[Name, Member]


class KindList(Word):
    """What kinds of devices there are: one line of help each."""

    kinds: dict[Name, str]


class Exported(Word):
    """The home as a home file."""

    yaml: str


# Of the clock


class AskStep(Word):
    """Let so many ticks pass, then stand still."""

    ticks: Annotated[int, Field(ge=1, le=86_400)] = 1


class AskSpeed(Word):
    """Simulated seconds a second, or "flat_out"."""

    speed: Annotated[float, Field(gt=0, le=1e9)] | Literal["flat_out"]


class ClockState(Word):
    """Where time is, how fast it goes, and who holds it up."""

    tick: Annotated[Tick, Field(description="the first tick that is not settled")]
    time: Annotated[str, Field(description="of that tick, in UTC")]
    timezone: Annotated[str, Field(description="of the place, for views")] = "UTC"
    tick_seconds: Natural
    speed: float | Literal["flat_out"]
    paused: bool
    lag_ticks: Natural
    slowest: Annotated[Name | None, Field(description="whose packets came last, when there is lag")] = None
    waits_for: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    cause: Annotated[str | None, Field(description="why time stands still, when it should not")] = None


# Of the keeper (the inverter's process), for components


class AskChange(Word):
    """A device has accepted new properties; from which tick do they hold?"""

    device: Name
    properties: dict[str, Any]


class AskAdmit(Word):
    """The home wants a device to join: it is expected, and belongs to the roster once it is ready."""

    device: Name
    member: Member


class AskDismiss(Word):
    """The home wants a device to leave at the next tick that can still be changed."""

    device: Name
    remove: bool = False


class AskReplay(Word):
    """Records of the journal from this number on."""

    first: Natural
    most: Annotated[int, Field(ge=1, le=1_000)] = 64


class Replay(Word):
    """Payloads of the journal's frames, base64."""

    first: Natural
    last_number: Natural
    payloads: Annotated[tuple[str, ...], Field(strict=False)]


class Balance(Word):
    """Where a home stands: for views that come late."""

    tick: Tick
    time: str
    generation: Natural
    roster: dict[Name, Member]
    balances: Annotated[dict[str, Integer], Field(description="J by account; they sum to 0")]
    head: str
    decision: Annotated[str, Field(description="what the inverter did last, in words")]
