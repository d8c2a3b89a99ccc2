"""The parts of a home, collected from the classes that are written: who says, hears, answers and asks what."""

import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from joulebus.bus.component import Component, Listener, declarations_of
from joulebus_schemas.base import Word
from joulebus_schemas.channels import Call, Event

Verb = Literal["says", "hears", "answers", "asks"]


@dataclass(frozen=True)
class Act:
    """Something that a part does with one place on the bus, and the words that travel there."""

    part: str
    verb: Verb
    place: Event[Any] | Call[Any, Any]
    summary: str
    words: tuple[type[Word], ...]
    """The word of the event, or of the question."""
    replies: tuple[type[Word], ...] = ()


@dataclass(frozen=True)
class Participant:
    """One who takes part: a device, the inverter, the historian, the home, a guest."""

    name: str
    summary: str
    acts: tuple[Act, ...]
    has_ticket: bool
    """Whether it shows a ticket to the router; a guest does not."""


def parts(classes: Iterable[type[Listener]]) -> dict[str, Participant]:
    """The parts, by name. Several classes may run in one process and form one part; the first one describes it."""
    found: dict[str, Participant] = {}
    for one in classes:
        known = found.get(one.part)
        acts = _merged((*(known.acts if known else ()), *acts_of(one)))
        summary = known.summary if known else (inspect.getdoc(one) or "").split("\n")[0]
        found[one.part] = Participant(one.part, summary, acts, (known.has_ticket if known else issubclass(one, Component)))
    return dict(sorted(found.items()))


def _merged(acts: Iterable[Act]) -> tuple[Act, ...]:
    """Sorted, and each once: two classes of one part may hear the same."""
    return tuple({act_order(act): act for act in sorted(acts, key=act_order)}.values())


def acts_of(one: type[Listener]) -> tuple[Act, ...]:
    """What a class declares."""
    speech = declarations_of(one)
    return (
        *(_act(one.part, "says", event, summary_of(event.word)) for event in speech.says),
        *(_act(one.part, "hears", heard.event, summary_of(heard.event.word)) for heard in speech.hears),
        *(_act(one.part, "answers", answered.call, answered.summary) for answered in speech.answers),
        *(_act(one.part, "asks", call, summary_of(call.ask)) for call in speech.asks),
    )


def _act(part: str, verb: Verb, place: Event[Any] | Call[Any, Any], summary: str) -> Act:
    if isinstance(place, Event):
        return Act(part, verb, place, summary, (place.word,))
    return Act(part, verb, place, summary, (place.ask,), (place.reply,))


def act_order(act: Act) -> tuple[str, str, str, int]:
    """Sorted by owner and name, never by where it was written."""
    return act.verb, act.place.owner, act.place.name, act.place.major


def summary_of(word: type[Word]) -> str:
    """A word in one line."""
    return (inspect.getdoc(word) or word.__name__).split("\n\n")[0].replace("\n", " ")
