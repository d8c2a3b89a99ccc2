"""How a component is written: what it says, hears, answers and asks is declared where it happens, and nowhere else.

    class Lamp(Component):
        shone = Says(SHONE)                            # self.shone(word) says it; there is no other way to say anything
        get_time = Asks(CLOCK_GET)                     # await self.get_time(word) is the typed answer

        @hears(SETTLED)                                # the hint is checked against the event's word
        def on_settled(self, settled: Settled, sender: Sender) -> None: ...

        @answers("dim")                                # ask and reply are the hints; the docstring is the documentation
        async def dim(self, ask: AskDim) -> Light:
            time = await self.get_time(Nothingness())  # asks, and raises a CallError when there is no answer
            ...

What is decorated stays a method, plain or ``async``; a plain one may return a future. :meth:`Listener.declare` subscribes and
registers all of it; :func:`declarations_of` tells the catalogue. Each message is validated, counted and refused by the bus (desk.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Generic, Protocol, TypeVar, get_args, get_type_hints, overload

from joulebus.bus import CALL_SECONDS_MAX, Bus, Sender
from joulebus.bus.timers import later
from joulebus_schemas.base import Word
from joulebus_schemas.calls import Health, Nothingness
from joulebus_schemas.channels import EACH, Call, Event
from joulebus_schemas.rounds import Dropped
from joulebus_schemas.topics import DROPPED, HEALTH

MARK = "_joulebus_speech"
DROPPED_SECONDS = 1.0
"""A component says at most so often what it dropped; a rogue must not make it a rogue."""
DROPPED_MAX = 16
"""Different complaints in one go; all are counted by Prometheus."""
DROPPED_TEXT_MAX = 500

_W = TypeVar("_W", bound=Word)
_A = TypeVar("_A", bound=Word)
_R = TypeVar("_R", bound=Word)
_A_contra = TypeVar("_A_contra", bound=Word, contravariant=True)
R_co = TypeVar("R_co", bound=Word, covariant=True)
F = TypeVar("F", bound=Callable[..., Any])
NamesOf = Callable[[Any], Iterable[str]]


class Says(Generic[_W]):
    """An event of this component; on an instance it is the function that says it."""

    def __init__(self, event: Event[_W]) -> None:
        self.event = event

    def __set_name__(self, owner: type, attribute: str) -> None:
        self.attribute = attribute

    @overload
    def __get__(self, component: None, owner: type) -> Says[_W]: ...
    @overload
    def __get__(self, component: Listener, owner: type) -> Callable[[_W], None]: ...
    def __get__(self, component: Listener | None, owner: type) -> Says[_W] | Callable[[_W], None]:
        if component is None:
            return self
        say = partial(component.bus.publish, self.event.uri(component.home, component.bus.name))
        vars(component)[self.attribute] = say  # The next look-up finds it there: saying costs what publishing costs.
        return say


class Question(Protocol[_A_contra, R_co]):
    """A function that asks."""

    def __call__(self, ask: _A_contra, of: str = ..., seconds: float = ...) -> Coroutine[Any, Any, R_co]:
        """Await the answer; raises :class:`CallError`. ``of`` names the device, if every device has this procedure."""


class Asks(Generic[_A, _R]):
    """A question of this component to another; on an instance it is the function that asks it."""

    def __init__(self, call: Call[_A, _R]) -> None:
        self.call = call

    def __set_name__(self, owner: type, attribute: str) -> None:
        self.attribute = attribute

    @overload
    def __get__(self, component: None, owner: type) -> Asks[_A, _R]: ...
    @overload
    def __get__(self, component: Listener, owner: type) -> Question[_A, _R]: ...
    def __get__(self, component: Listener | None, owner: type) -> Asks[_A, _R] | Question[_A, _R]:
        if component is None:
            return self
        bus, home, call = component.bus, component.home, self.call

        def ask_it(ask: _A, of: str = EACH, seconds: float = CALL_SECONDS_MAX) -> Coroutine[Any, Any, _R]:
            return bus.call(call.uri(home, of), ask, call.reply, seconds)

        vars(component)[self.attribute] = ask_it
        return ask_it


def hears(event: Event[Any], of: NamesOf | None = None) -> Callable[[F], F]:
    """Hear an event. When each device has it: of those whom ``of`` names, or of all."""

    def mark(handler: F) -> F:
        setattr(handler, MARK, ("hears", event, of))
        return handler

    return mark


def answers(call: Call[Any, Any] | str, owner: str | None = None) -> Callable[[F], F]:
    """Answer a call; one that is a name only is the component's own (or ``owner``'s), and the hints are its words."""

    def mark(handler: F) -> F:
        setattr(handler, MARK, ("answers", call, owner))
        return handler

    return mark


@dataclass(frozen=True)
class Heard:
    """An event with the method that hears it."""

    event: Event[Any]
    method: str
    of: NamesOf | None
    summary: str


@dataclass(frozen=True)
class Answered:
    """A call with the method that answers it."""

    call: Call[Any, Any]
    method: str
    summary: str


@dataclass(frozen=True)
class Declarations:
    """All that a component has to do with the bus, sorted by owner and name."""

    says: tuple[Event[Any], ...]
    hears: tuple[Heard, ...]
    answers: tuple[Answered, ...]
    asks: tuple[Call[Any, Any], ...]


class Listener:
    """A participant of the bus without a name of its own: it subscribes and calls."""

    part: ClassVar[str]
    """Who it is, in one word: "device" for all kinds of devices."""
    bus: Bus
    home: str

    def declare(self) -> None:
        """Subscribe and register all that this class declares; before the bus starts."""
        speech = declarations_of(type(self))
        for heard in speech.hears:
            handler = _called_with_two(getattr(self, heard.method))
            for uri, match in self._uris(heard):
                self.bus.subscribe(uri, heard.event.word, handler, match)
        for one in speech.answers:
            uri = one.call.uri(self.home, self.bus.name)
            self.bus.register(uri, one.call.ask, _called_with_two(getattr(self, one.method)), one.call.reply)

    def procedures(self) -> tuple[str, ...]:
        """What can be asked of this component."""
        return tuple(one.call.uri(self.home, self.bus.name) for one in declarations_of(type(self)).answers)

    def _uris(self, heard: Heard) -> list[tuple[str, Any]]:
        if heard.event.owner != EACH:
            return [(heard.event.uri(self.home), "exact")]
        if heard.of is None:
            return [(heard.event.uri(self.home, ""), "wildcard")]
        return [(heard.event.uri(self.home, name), "exact") for name in heard.of(self)]


class Component(Listener):
    """A participant with a name of its own, under which it publishes and answers."""

    dropped = Says(DROPPED)

    def declare(self) -> None:
        """Also publish what was dropped: counted for Prometheus at once, published at most once a second."""
        super().declare()
        self._drops: dict[tuple[str, str, str], Dropped] = {}
        self.bus.on_dropped.append(self._drop)

    @answers(HEALTH)
    def health(self) -> Health:
        """The health of this component: whether it can do its job, and its last tick."""
        cause = self.hindrance()
        return Health(component=self._name, ready=cause is None, tick=self.last_tick(), cause=cause)

    def hindrance(self) -> str | None:
        """Why it cannot do its job now, in one sentence; None if it can."""
        return None if self.bus.joined else f"{self._name} is not joined to the router"

    @property
    def _name(self) -> str:
        """In its home: the principal is home and name."""
        return self.bus.authid.rpartition("/")[2]

    def last_tick(self) -> int | None:
        """The first tick that it has not seen settled; None when it has seen none."""
        return None

    def _drop(self, uri: str, reason: str, sender: Sender, text: str) -> None:
        key = (uri, reason, sender.authid)
        if key not in self._drops and len(self._drops) >= DROPPED_MAX:
            return
        if not self._drops:
            later(DROPPED_SECONDS, self.tell_dropped)
        before = self._drops[key].count if key in self._drops else 0
        self._drops[key] = Dropped(uri=uri, reason=reason, sender=sender.authid, text=text[:DROPPED_TEXT_MAX], count=before + 1)

    def tell_dropped(self) -> None:
        """Publish what has been dropped since the last time."""
        drops, self._drops = self._drops, {}
        if self.bus.joined:
            for one in drops.values():
                self.dropped(one)


def declarations_of(kind: type[Listener]) -> Declarations:
    """What a class declares, checked: a hint that is not the word of its event or call is a bug."""
    members = [(name, inspect.getattr_static(kind, name)) for name in dir(kind)]
    marked = [(name, value, *getattr(value, MARK)) for name, value in members if hasattr(value, MARK)]
    return Declarations(
        says=tuple(sorted((one.event for _, one in members if isinstance(one, Says)), key=_place)),
        hears=tuple(sorted((_heard(*one) for one in marked if one[2] == "hears"), key=lambda one: _place(one.event))),
        answers=tuple(sorted((_answered(kind, *one) for one in marked if one[2] == "answers"), key=lambda one: _place(one.call))),
        asks=tuple(sorted((one.call for _, one in members if isinstance(one, Asks)), key=_place)),
    )


def _place(one: Event[Any] | Call[Any, Any]) -> tuple[str, str, int]:
    return one.owner, one.name, one.major


def _heard(name: str, handler: Any, _: str, event: Event[Any], of: NamesOf | None) -> Heard:
    word, _reply = _hints(handler)
    assert word is event.word, f"{name} hears {event.name}, so its hint must be {event.word.__name__}, not {word}"
    return Heard(event, name, of, _summary(handler))


def _answered(kind: type[Listener], name: str, handler: Any, _: str, call: Call[Any, Any] | str, owner: str | None) -> Answered:
    ask, reply = _hints(handler)
    if isinstance(call, str):
        call = Call(owner or (EACH if kind.part == "device" else kind.part), call, ask, reply)
    assert ask is call.ask, f"{name} answers {call.name}, so its hint must be {call.ask.__name__}, not {ask}"
    assert reply is call.reply, f"{name} answers {call.name}, so it must return {call.reply.__name__}, not {reply}"
    return Answered(call, name, _summary(handler))


def _hints(handler: Any) -> tuple[Any, Any]:
    """The word that a handler takes (none: it is asked without arguments) and the one that it returns, at once or later."""
    hints = get_type_hints(handler)
    reply = hints.pop("return", None)
    words = [hint for name, hint in hints.items() if name not in ("self", "sender")]
    return (words[0] if words else Nothingness), [reply, *get_args(reply)][-1]


def _summary(handler: Any) -> str:
    return (inspect.getdoc(handler) or "").split("\n")[0]


def _called_with_two(method: Callable[..., Any]) -> Callable[[Any, Sender], Any]:
    """A handler takes the word and its sender, the word, or nothing."""
    count = len(inspect.signature(method).parameters)
    if count == 2:
        return method
    return (lambda word, sender: method(word)) if count == 1 else (lambda word, sender: method())
