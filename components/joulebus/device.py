"""The contract of a device: what could you move, what did you get, what have you become.

A device is pure: its answers depend on its arguments only. It owns no clock, no bus, no dice and no file. To write one,
copy ``devices/_blueprint.py``, add it to the list in ``devices/__init__.py`` and write ``tests/tables/test_<kind>.py``.

In every round the home asks, in this order:

``forecast``     what do others need to know about this span of ticks? (a sun, a weather; most devices have no signals)
``offer``    what could you move in each tick of this window?
``advance``  here is what you got: what have you become?

Time is given as a :class:`Span`; nothing a device answers may depend on how time is cut into spans (law 2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from joulebus_schemas.base import Word
from joulebus_schemas.kinds import Category
from joulebus_schemas.offers import Nothing, Offer, Outcome
from joulebus_schemas.roster import Place
from joulebus_schemas.rounds import Signal


class Properties(Word):
    """What people set: every field has its unit in its name, limits, a default and one line of help."""


class State(Word):
    """What a device remembers from one window to the next; it travels in the committed record as JSON."""


_P = TypeVar("_P", bound=Properties)
_S = TypeVar("_S", bound=State)


@dataclass(frozen=True, slots=True)
class DeviceContext:
    """What stays constant for as long as a home exists."""

    name: str
    """Name of the device; also its account in the ledger."""
    place: Place
    start_unix_seconds: int
    tick_seconds: int
    seed: int
    hears: tuple[str, ...] = ()
    """Names of the devices whose signals it receives, in the order of the home file."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Kind by name, of the devices it hears."""

    def heard(self, kind: str) -> str | None:
        """The name of the first device of a kind that this one hears."""
        return next((name for name in self.hears if self.kinds[name] == kind), None)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open run of ticks with its place in the calendar."""

    start: int
    ticks: int
    tick_seconds: int
    unix_seconds: int
    """When its first tick begins."""

    @property
    def seconds(self) -> int:
        """Its length."""
        return self.ticks * self.tick_seconds

    @property
    def end(self) -> int:
        """The first tick after it."""
        return self.start + self.ticks

    @property
    def moments(self) -> tuple[int, int]:
        """Unix seconds of its beginning and of its end."""
        return self.unix_seconds, self.unix_seconds + self.seconds


Signals = Mapping[str, Mapping[str, Signal]]
"""Signals by name of the heard device, then by name of the signal; each covers exactly the requested span."""


@dataclass(frozen=True, slots=True)
class Inputs(Generic[_P]):
    """Everything a device may look at besides its state; made once per window and passed to each of its methods."""

    context: DeviceContext
    properties: _P
    span: Span
    heard: Signals = field(default_factory=dict)
    """Signals of the span from the devices that it hears; empty in ``advance``."""


class Device(Generic[_P, _S]):
    """Asked what it could move, told what it got. Subclasses are without state: one instance serves a kind."""

    kind: ClassVar[str]
    """Its name in home files."""
    summary: ClassVar[str]
    """One line for people."""
    label: ClassVar[str] = ""
    """Its name for people, where the kind's own does not do."""
    category: ClassVar[Category] = "load"
    """The group in which people look for it."""
    icon: ClassVar[str] = "power-plug-outline"
    """Name of an icon of Material Design Icons."""
    is_only_one: ClassVar[bool] = False
    """Whether a home has one device of it at most."""
    properties: ClassVar[type[Properties]]
    state: ClassVar[type[State]] = State
    hears: ClassVar[tuple[str, ...]] = ()
    """Kinds whose signals it needs; the home connects it to all devices of these kinds unless the file overrides it."""
    signals: ClassVar[Mapping[str, str]] = {}
    """Its signals: names, which end with the unit, and what each is; {} for devices that publish none."""
    reading_names: ClassVar[Mapping[str, str]] = {}
    """Its readings: names, which end with the unit, and what each is; {} for devices that have none."""
    moment_names: ClassVar[Mapping[str, str]] = {}
    """Its readings that follow from the time and from what it hears, like ``reading_names``; its signals are read beside them."""
    reads_journal: ClassVar[bool] = False
    """Whether its process follows the records of the home; nobody else's may read them."""
    sources: ClassVar[frozenset[str]] = frozenset()
    """Properties that name where its process reads as long as it lives: a file, a serial device, or a place on the network. A path is seen
    from the folder of the home file, and need not be there yet."""
    lives_outside: ClassVar[bool] = False
    """Whether no process of the home is this device: it gets a ticket, and is waited for."""

    def fuel(self, properties: _P) -> str | None:
        """The name of the supply whose fuel it burns; None: it burns none."""
        return None

    def ports(self, properties: _P) -> tuple[int, ...]:
        """The TCP ports that its process opens to others; () for devices that open none."""
        return ()

    def begin(self, context: DeviceContext, properties: _P) -> _S:
        """The state of a new device."""
        return self.state()  # type: ignore[return-value]

    def forecast(self, inputs: Inputs[_P]) -> dict[str, Signal]:
        """The signals of a span (never of the state: a signal may be published far ahead)."""
        return {}

    def offer(self, inputs: Inputs[_P], state: _S) -> Offer:
        """What it could move in each tick of the span."""
        return Nothing()

    def advance(self, inputs: Inputs[_P], state: _S, outcome: Outcome) -> _S:
        """The state after the span, of which ``outcome`` says what was granted.

        ``inputs.heard`` is empty here: a device that was killed repeats its last advance from the committed record alone.
        """
        return state

    def rest(self, context: DeviceContext, properties: _P, state: _S, seconds: int) -> _S:
        """The state after being switched off for so long (a geyser cools, a battery keeps)."""
        return state

    def changed(self, context: DeviceContext, before: _P, after: _P, state: _S) -> _S:
        """The state in which new properties take over (a battery that became smaller)."""
        return state

    def quiet_until(self, inputs: Inputs[_P], state: _S) -> int | None:
        """Until which tick it promises not to react to anything; None: it never does."""
        return None

    def readings(self, context: DeviceContext, properties: _P, state: _S, outcome: Outcome) -> dict[str, int]:
        """What people want to read: an integer for each of its ``reading_names``."""
        return {}

    def moment(self, inputs: Inputs[_P]) -> dict[str, int]:
        """What people want to read of the first tick of the span: an integer for each of its ``moment_names``."""
        return {}


AnyDevice = Device[Any, Any]
