"""A device in its place in a home: the same few steps of the round, in one process and on the bus.

round.py drives many seats in a loop; node.py drives one, cut at the messages. There is no other implementation.
"""

import json
from typing import Any

from pydantic import ValidationError

from joulebus.device import AnyDevice, DeviceContext, Inputs, Properties, Signals, Span, State
from joulebus.errors import JournalError, PropertyError
from joulebus.home.signals import Inbox, values_at
from joulebus.refusals.constraints import allowed_at
from joulebus.refusals.messages import problems_of, with_article
from joulebus_schemas.base import Window
from joulebus_schemas.facts import FIELDS_MAX
from joulebus_schemas.offers import Offer, Outcome
from joulebus_schemas.rounds import Forecast, Offered, Opened

FORECAST_SECONDS = 6 * 3600
"""Signals are published in blocks that end at multiples of this: often enough to stay small, seldom enough to cost nothing."""


class Seat:
    """A device with its context, its properties and its state at the start of the next window."""

    def __init__(self, device: AnyDevice, context: DeviceContext, properties: Properties, state: State | None = None) -> None:
        self.device = device
        self.context = context
        self.properties = properties
        self.state = state if state is not None else device.begin(context, properties)
        self.inbox = Inbox(context.tick_seconds, context.hears)
        self.forecast: Forecast | None = None
        self.outcome = Outcome()
        self.settled: Window | None = None
        """The window of that outcome; None: there is none yet."""
        self.next_tick: int | None = None

    @property
    def name(self) -> str:
        """Its name in the home."""
        return self.context.name

    def span(self, window: Window) -> Span:
        """A window with its place in the calendar."""
        unix = self.context.start_unix_seconds + window.start * self.context.tick_seconds
        return Span(window.start, window.ticks, self.context.tick_seconds, unix)

    def inputs(self, window: Window, heard: Signals) -> Inputs[Properties]:
        """What the device may look at in a window."""
        return Inputs(self.context, self.properties, self.span(window), heard)

    def enter(self, opened: Opened) -> None:
        """Step to the start of an opened window: sleep through the ticks in which it was off, take its changes over."""
        take_over = self.begin if self.next_tick is None else self.change
        gap = 0 if self.next_tick is None else opened.window.start - self.next_tick
        if gap > 0:
            self.state = self.device.rest(self.context, self.properties, self.state, gap * self.context.tick_seconds)
        self.next_tick = opened.window.start
        for change in opened.changes:
            if change.device == self.name and change.properties is not None:
                take_over(read_properties(self.device, change.properties, self.name))

    def is_past(self, tick: int) -> bool:
        """Whether it has settled this tick already."""
        return self.next_tick is not None and tick < self.next_tick

    def begin(self, properties: Properties) -> None:
        """Begin with other properties, before the first tick."""
        self.properties = properties
        self.state = self.device.begin(self.context, properties)

    def change(self, properties: Properties) -> None:
        """Take new properties over; an opening that arrives twice changes nothing twice."""
        if properties == self.properties:
            return
        self.state = self.device.changed(self.context, self.properties, properties, self.state)
        self.properties = properties

    def missing(self, opened: Opened) -> tuple[str, ...]:
        """Whom it still has to hear. A device that is off publishes nothing and is not waited for."""
        self.inbox.hears = tuple(name for name in self.context.hears if name in opened.revisions)
        return self.inbox.missing(opened.window, opened.revisions)

    def forecast_for(self, opened: Opened) -> Forecast | None:
        """The signals of the opened window and of the time after it, when they have not been published yet."""
        if not self.device.signals or self.has_forecast(opened):
            return None
        window = Window(start=opened.window.start, ticks=self._forecast_until(opened.window) - opened.window.start)
        signals = self.device.forecast(self.inputs(window, self.inbox.heard(window)))
        revision = opened.revisions.get(self.name, 0)
        self.forecast = Forecast(span=window, revision=revision, signals=signals)
        return self.forecast

    def has_forecast(self, opened: Opened) -> bool:
        """Whether its latest signals answer for the opened window."""
        forecast = self.forecast
        if forecast is None or forecast.revision < opened.revisions.get(self.name, 0):
            return False
        return forecast.span.start <= opened.window.start and forecast.span.end >= opened.window.end

    def _forecast_until(self, window: Window) -> int:
        block = max(FORECAST_SECONDS // self.context.tick_seconds, 1)
        boundary = (window.start // block + 1) * block
        return max(window.end, min(boundary, self.inbox.reach(boundary)))

    def offer(self, opened: Opened) -> Offered:
        """The packet for an opened window; everything it hears must have been published."""
        window = opened.window
        inputs = self.inputs(window, self.inbox.heard(window))
        offer: Offer = self.device.offer(inputs, self.state)
        quiet = self.device.quiet_until(inputs, self.state)
        return Offered(window=window, offer=offer, state=self.state_words(), quiet_until=quiet)

    def advance(self, committed: Window, outcome: Outcome) -> None:
        """Become what the committed ticks make of it."""
        self.outcome, self.settled = outcome, committed
        self.next_tick = committed.end
        self.state = self.device.advance(self.inputs(committed, {}), self.state, outcome)

    def restore(self, state: dict[str, Any], last: Window, outcome: Outcome) -> None:
        """Restore a committed state, and repeat the advance after it, which is not stored.

        Raises:
            JournalError: It is no state of such a device.
        """
        try:
            self.state = read_state(self.device, state)
        except ValidationError as error:
            problems = problems_of(error, self.device.state, state, "state")
            found = "; ".join(f"{'.'.join(map(str, one.path))}: {one.text}" for one in problems)
            kind = with_article(self.device.kind)
            text = f"the state of {self.name} must be that of {kind}, but is damaged ({found}); `joulebus audit` says where"
            raise JournalError(text) from None
        self.advance(last, outcome)

    def state_words(self) -> dict[str, Any]:
        """The state as JSON; it travels with the packet."""
        return self.state.model_dump(mode="json")

    def readings(self) -> dict[str, int]:
        """What people want to read: of its state, and of the moment, as far as that is forecast."""
        return {**self._of_moment(), **self.device.readings(self.context, self.properties, self.state, self.outcome)}

    def _of_moment(self) -> dict[str, int]:
        """Readings of the last settled tick; of a device that has just come, those of the next one."""
        if self.next_tick is None:
            return {}
        last, coming = (Window(start=max(tick, 0), ticks=1) for tick in (self.next_tick - 1, self.next_tick))
        return self._read_in(last) or self._read_in(coming)

    def _read_in(self, window: Window) -> dict[str, int]:
        found = {} if self.forecast is None else values_at(self.forecast, window, self.context.tick_seconds)
        if self.device.moment_names and not self.inbox.missing(window, {}):
            found |= self.device.moment(self.inputs(window, self.inbox.heard(window)))
        return found


def read_properties(device: AnyDevice, values: dict[str, Any], where: str) -> Properties:
    """Properties from a file or a message, strictly; the error names every field.

    Raises:
        PropertyError: A property is unknown or has a wrong value; all of them are named.
    """
    if len(values) > FIELDS_MAX:
        raise PropertyError(f"{where} must have at most {FIELDS_MAX} properties, but is given {len(values)}")
    for key, value in values.items():
        _refuse_the_long(device, key, value, where)
    try:
        return device.properties.model_validate_json(json.dumps(values))
    except ValidationError as error:
        found = problems_of(error, device.properties, values, device.kind)
        errors = [{"loc": list(one.path), "msg": one.text, "type": "invalid"} for one in found]
        text = "; ".join(f"{'.'.join([where, *map(str, one.path)])}: {one.text}" for one in found)
        raise PropertyError(text, errors) from None


def _refuse_the_long(device: AnyDevice, key: str, value: Any, where: str) -> None:
    """Before each of its items is looked at: that could take longer than anybody should wait for a refusal."""
    most = allowed_at(device.properties, (key,)).get("maxItems") if isinstance(value, list) else None
    if most is not None and len(value) > most:
        raise PropertyError(f"{where}.{key}: must be a list of at most {most} items, but has {len(value)}")
    if isinstance(value, dict) and len(value) > FIELDS_MAX:
        raise PropertyError(f"{where}.{key}: must have at most {FIELDS_MAX} names with values, but has {len(value)}")


def read_state(device: AnyDevice, values: dict[str, Any]) -> State:
    """A state as it travelled in a committed record."""
    return device.state.model_validate_json(json.dumps(values))
