"""The round of a window (ARCHITECTURE.md, The round): opened, told, offered, settled; and what is said beside it."""

from typing import Annotated, Any

from pydantic import Field

from joulebus_schemas.base import Integer, Name, Natural, Tick, Window, Word
from joulebus_schemas.offers import Offer, Outcome
from joulebus_schemas.roster import Change, Member, Place
from joulebus_schemas.series import Runs, Sampled

Signal = Annotated[Runs | Sampled, Field(discriminator="form")]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Opened(Word):
    """The inverter opens a window: every device of the roster offers for it."""

    generation: Natural
    window: Window
    revisions: Annotated[
        dict[Name, Tick], Field(description="every device that is on and tells; signals of a revision before this tick are stale")
    ]
    changes: Annotated[tuple[Change, ...], Field(strict=False, max_length=1024)] = ()


class Told(Word):
    """Signals for a span of ticks that may reach beyond the window: whoever hears them need not wait for the next."""

    span: Window
    revision: Annotated[Tick, Field(description="of Opened.revisions, which these signals answer")]
    signals: dict[Name, Signal]


class Offered(Word):
    """The packet of a device for a window; its id is (home, device, window): posted twice it counts once."""

    window: Window
    offer: Offer
    state: Annotated[dict[str, Any], Field(description="the device's state at the window's start; kept for its restart")]
    quiet_until: Annotated[Tick | None, Field(description="it will not react to anything before this tick")] = None


class SealNote(Word):
    """A seal in short; its columns are in the journal."""

    epoch: Natural
    hash: Hash


class Settled(Word):
    """The committed and durable outcome of a window."""

    generation: Natural
    number: Annotated[Natural, Field(description="of the record in the journal")]
    window: Annotated[Window, Field(description="the committed ticks: the window asked for, or its beginning")]
    outcomes: dict[Name, Outcome]
    flows: Annotated[dict[str, Natural], Field(description='joules by "source>sink"')]
    seals: Annotated[tuple[SealNote, ...], Field(strict=False, max_length=86_400)] = ()
    opened: Annotated[Opened | None, Field(description="the next window, when it is due at once")] = None


class Blocked(Word):
    """Time stands still, and this is why."""

    tick: Tick
    seconds: Annotated[Natural, Field(description="for how long it has stood")]
    waits_for: Annotated[tuple[Name, ...], Field(strict=False, max_length=1024)]
    cause: str


class Reported(Word):
    """What a device tells people about itself, at most once a second."""

    tick: Tick
    state: dict[str, Any]
    readings: dict[str, Integer]


class Kept(Word):
    """The historian has everything up to and with this record of the journal."""

    number: Natural


class Refused(Word):
    """A packet that was not taken, and why; nothing in the books has changed."""

    device: Name
    tick: Tick
    reason: str


class Resume(Word):
    """What a device needs to go on: who it is, and the last window in which it took part."""

    home: Name
    generation: Natural
    start_unix_seconds: Integer
    tick_seconds: Annotated[int, Field(ge=1, le=86_400)]
    seed: Natural
    place: Place
    member: Annotated[Member, Field(description="with the properties of that last window")]
    kinds: Annotated[dict[Name, Name], Field(description="of the devices it hears")]
    next_tick: Tick
    last: Annotated[Window | None, Field(description="None: it is new")] = None
    state: Annotated[dict[str, Any] | None, Field(description="at the start of the last window")] = None
    outcome: Outcome | None = None
    opened: Opened | None = None
