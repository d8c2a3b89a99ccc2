"""The bus as everybody sees it: publish, subscribe, register, call; one plain JSON object in each message.

Two answers to this seam: :mod:`joulebus.bus.wamp` (a Crossbar router) and :mod:`joulebus.testing.memory` (one process, for
tests). Whoever holds a bus declares subscriptions and registrations once, before it starts; they are made again at each
join, and ``on_join`` comes when all of them stand.

Everything runs on one thread, in the order in which messages arrive. A plain handler returns before the next message is read. An
``async`` handler has started by then, and the next event of its subscription waits until it has finished. A coroutine that awaits
a reply resumes before the message after the reply is read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from joulebus.errors import BusError
from joulebus_schemas.base import Word
from joulebus_schemas.facts import MESSAGE_BYTES_MAX
from joulebus_schemas.principals import principal_of

INVALID = "joulebus.error.invalid"
"""What was asked does not fit its word; ``errors`` names the fields."""
CALL_REFUSED = "joulebus.error.refused"
"""What was asked cannot be in this world (no such device, a name taken)."""
BUG = "joulebus.error.bug"
"""The answering component failed; it says more in its own log."""
TIMEOUT = "joulebus.error.timeout"
"""Nobody answered in time."""
OFFLINE = "joulebus.error.offline"
"""The caller is not joined to a router at this moment."""

TOO_LONG = "joulebus.error.too_long"
"""The answer is longer than a message may be."""

CANCELED = "wamp.error.canceled"
"""The component that was to answer has ended, or the caller has given up."""

CALL_SECONDS_MAX = 5.0
"""How long a call waits for its answer, unless overridden."""

Match = Literal["exact", "prefix", "wildcard"]
_W = TypeVar("_W", bound=Word)
_A = TypeVar("_A", bound=Word)
_R = TypeVar("_R", bound=Word)


class Sender(NamedTuple):
    """Who published or called, in the router's word: nobody can say this about itself."""

    authid: str
    """Its principal, such as ``house/oven``."""
    session: int
    role: str = ""
    """The role it signed in with."""

    def of(self, home: str) -> str | None:
        """Its name in a home; None when it belongs to another one. The one place where a name is taken from a principal."""
        principal = principal_of(self.authid)
        return principal.name if principal.home == home else None


Answer = Word | Mapping[str, Any]
Answers = Callable[[Any, Sender], Answer | Awaitable[Answer]]
"""A handler of calls: a plain function, an ``async`` one, or one that returns a future."""
Hears = Callable[[Any, Sender], object]
"""A handler of events: a plain function or an ``async`` one; its result is ignored."""
OnRefused = Callable[[str, str, Sender], None]
"""Told of each refused message: the URI as it was declared, the reason in one word, and who sent it."""
OnDropped = Callable[[str, str, Sender, str], None]
"""Told of each dropped event: the same, and why."""


class CallError(BusError):
    """A call that was answered with an error, or not at all."""

    def __init__(self, uri: str, text: str, errors: list[dict[str, Any]] | None = None) -> None:
        super().__init__(text)
        self.uri = uri
        self.errors = errors or []


class Bus(Protocol):
    """What a component does on the bus."""

    authid: str
    """Principal of this component, such as ``house/oven``."""
    home: str
    """The first half of it: what comes from another home is not heard."""
    name: str
    """The second half."""
    joined: bool
    sent: int
    received: int
    on_join: list[Callable[[], None]]
    on_end: list[Callable[[], None]]
    """Called when the process has left the bus for good, for whatever reason."""
    on_leave: list[Callable[[], None]]
    on_refused: list[OnRefused]
    on_dropped: list[OnDropped]
    newer: int
    """Messages with fields that only a newer minor version knows; read without them."""

    def publish(self, uri: str, word: Word, acknowledged: Callable[[], None] | None = None) -> None:
        """Say a word to all who listen. An acknowledgement is not a delivery; what the router refuses is counted and said."""

    def subscribe(self, uri: str, kind: type[_W], handler: Callable[[_W, Sender], object], match: Match = "exact") -> None:
        """Hear a kind of word. What does not fit it is dropped, counted and told; fields of a newer minor version are left out."""

    def register(
        self, uri: str, ask: type[_A], handler: Callable[[_A, Sender], Answer | Awaitable[Answer]], reply: type[Word] | None = None
    ) -> None:
        """Answer a kind of question, asked with one object or with keyword arguments. A field that it does not know is refused:
        whoever misspells one is told. The answer is a ``reply``, when that is given."""

    async def call(self, uri: str, word: Word | Mapping[str, Any], reply: type[_R] | None, seconds: float = CALL_SECONDS_MAX) -> Any:
        """Call a procedure and return its answer: a ``reply``, or a plain mapping if ``reply`` is None.

        Raises :class:`CallError`: the callee's error, TIMEOUT after so many seconds, or OFFLINE."""

    def fail(self, error: BusError) -> None:
        """This component cannot do its job: leave, and let the process end with one sentence."""


def too_long_text(size: int) -> str:
    """What whoever asked is told."""
    return f"the answer has {size:,} bytes, and a message at most {MESSAGE_BYTES_MAX:,}; ask for less at once"
