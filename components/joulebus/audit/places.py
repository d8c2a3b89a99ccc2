"""A device in its place in a home, and what it must have become: counted again by its kind, from what the records say. Pure.

A device's state at the beginning of a window depends on the state before, its properties, its outcome and what was changed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from joulebus.device import AnyDevice, Device, DeviceContext, Inputs, Properties, Span, State
from joulebus.devices import KINDS
from joulebus.program import Program
from joulebus_schemas.base import Window
from joulebus_schemas.journal import Born
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Change, Member

Words = dict[str, Any]
"""A state or properties, as JSON has them."""


@dataclass(frozen=True, slots=True)
class DevicePlace:
    """A device of the home, with its properties."""

    member: Member
    device: AnyDevice
    context: DeviceContext
    properties: Properties
    stays: bool
    """Whether nothing that it gets changes its state."""

    def inputs(self, window: Window) -> Inputs[Properties]:
        """What it may look at in a window, but for what it hears."""
        context = self.context
        begins = context.start_unix_seconds + window.start * context.tick_seconds
        return Inputs(context, self.properties, Span(window.start, window.ticks, context.tick_seconds, begins))

    def state(self, words: Words) -> State:
        """Its state, as it is written. Raises ValidationError: it is none of this kind."""
        state: State = self.device.state.model_validate_json(json.dumps(words))
        return state


@dataclass(frozen=True, slots=True)
class LivedWindow:
    """A window as a device has lived it."""

    window: Window
    words: Words
    """Its state at the beginning."""
    state: State | None
    """The same; None: it cannot be read here."""
    outcome: Outcome
    member: Member
    place: DevicePlace | None


def place_of(born: Born, name: str, member: Member, roster: Mapping[str, Member]) -> DevicePlace | None:
    """Its place; None for a device that nobody here knows, and for a program, whose state is what it saw and decided.

    Raises:
        ValidationError: Its properties are none of its kind.
    """
    device = KINDS.get(member.kind)
    if device is None or device.lives_outside or isinstance(device, Program):
        return None
    kinds = {heard: roster[heard].kind for heard in member.hears if heard in roster}
    context = DeviceContext(name, born.place, born.start_unix_seconds, born.tick_seconds, born.seed, member.hears, kinds)
    stays = type(device).advance is Device.advance
    return DevicePlace(member, device, context, device.properties.model_validate_json(json.dumps(member.properties)), stays)


def first_state(place: DevicePlace) -> State:
    """The state of a device that is new. Raises what its kind raises, when it needs what is not here."""
    state: State = place.device.begin(place.context, place.properties) if place.device.state.model_fields else place.device.state()
    return state


def next_state(place: DevicePlace, before: LivedWindow, start: int, due: Sequence[Change]) -> State | None:
    """At the beginning of a window, with what is changed then; None when what it was is not known."""
    old, state = before.place, before.state
    if old is None or state is None or old.device is not place.device:
        return None
    if not old.stays:
        state = old.device.advance(old.inputs(before.window), state, before.outcome)
    gap = start - before.window.end
    if old is place and not gap and not due:
        return state
    if gap > 0:
        state = old.device.rest(old.context, old.properties, state, gap * old.context.tick_seconds)
    properties = old.properties
    for change in due:
        if change.properties is not None:
            fresh = place.device.properties.model_validate_json(json.dumps(change.properties))
            if fresh != properties:
                state, properties = place.device.changed(place.context, properties, fresh, state), fresh
    if place.properties != properties:  # Whoever comes back hears what was changed while it was off.
        state = place.device.changed(place.context, properties, place.properties, state)
    return state


def unlike(said: Words, counted: Words) -> str:
    """Where a written state is another one than was counted."""
    names = sorted(name for name in {*said, *counted} if said.get(name) != counted.get(name))
    return "; ".join(
        f"{name} of its state is {_short(said.get(name))}, and its past leads to {_short(counted.get(name))}" for name in names
    )


def _short(value: object) -> str:
    return "not there" if value is None else str(value)[:80]


def first_problem(error: ValidationError) -> str:
    """What a model refuses first, in a few words."""
    problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(map(str, problem['loc'])) or 'all of it'}: {problem['msg'][:1].lower()}{problem['msg'][1:]}"
