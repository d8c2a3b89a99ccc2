"""The JSON WebSocket of a living meter, for users of rudyvan/digital_meter: it tells everything each half minute, and answers who asks.

Who may connect is listed. What may be set is one thing, the cap that warnings compare with; the keeper is asked for it, as for any change.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

from joulebus.addresses import for_url, is_loopback
from joulebus.bus import CallError
from joulebus.bus.texts import TEXT_BYTES_MAX, TEXTS_A_SECOND_MAX, TextSocket, TextTalk, answer_texts
from joulebus.bus.timers import every
from joulebus.devices.meter import MeterProperties
from joulebus.errors import JoulebusError
from joulebus.meter.registers import Registers
from joulebus.meter.things import Number, read_messages, replied, thing_asked, things, told, wrong
from joulebus_schemas.facts import WATTS_PER_KW
from joulebus_schemas.meter import QuarterSeen

TELL_SECONDS = 30.0
"""Real seconds between two tellings, as the predecessor has it."""
THINGS_PATH = "/ws"
SetProperties = Callable[[dict[str, Any]], Awaitable[Any]]

_log = logging.getLogger("joulebus.services.meter")


@dataclass
class ThingsDoor:
    """The port of a meter at which programs speak of things."""

    address: str
    set_properties: SetProperties
    trouble: str | None = None
    """Why it is not open although it should be."""
    _things: dict[str, Number] = field(default_factory=dict)
    _from: tuple[str, ...] = ()
    _open: tuple[int, TextSocket, Callable[[], None]] | None = None

    def __post_init__(self) -> None:
        self._timer = every(TELL_SECONDS, self._tell_all)

    def open(self, properties: MeterProperties) -> None:
        """Open what is wanted and not open, close what is not wanted; tried again at the next look."""
        port, self.trouble = properties.things_port, None
        if self._open is not None and (self._open[0], self._from) != (port, properties.things_from):
            self.close()
        self._from = properties.things_from
        if port and self._open is None:
            self._listen(port)

    def _listen(self, port: int) -> None:
        talk = TextTalk(
            path=THINGS_PATH,
            may_come=self.may_come,
            greeting=lambda: told(self._things) if self._things else None,
            answer=self.answer,
            too_often=json.dumps(wrong(None, f"at most {TEXTS_A_SECOND_MAX} texts a second; an array may hold several messages")),
            no_text=json.dumps(wrong(None, f"a message must be text of at most {TEXT_BYTES_MAX:,} bytes")),
        )
        try:
            self._open = port, *answer_texts(self.address, port, talk)
        except OSError as error:
            self.trouble = f"things need port {port} of {self.address}, but it is not free ({error.strerror})"
            return
        _log.info("things at ws://%s:%d%s", for_url(self.address), port, THINGS_PATH)

    def may_come(self, address: str) -> bool:
        """Whether an address is on the list."""
        if not self._from:
            return is_loopback(address)
        return any(ip_address(address) in ip_network(one) for one in self._from)

    def show(self, state: Registers, seen: QuarterSeen) -> None:
        """What is so from now on."""
        self._things = things(state, seen)

    def close(self) -> None:
        """Let everybody go."""
        if self._open is not None:
            self._open[2]()
            self._open = None

    def _tell_all(self) -> None:
        if self._open is not None and self._things:
            self._open[1].tell_all(told(self._things))

    async def answer(self, text: str) -> str:
        """The answer to a text, whatever it is."""
        try:
            messages, is_array = read_messages(text)
        except JoulebusError as error:
            return json.dumps(wrong(None, str(error)))
        answers = [await self._answer(message) for message in messages]
        return json.dumps(answers if is_array else answers[0])

    async def _answer(self, message: Any) -> dict[str, Any]:
        if not self._things:
            return wrong(message, "the meter has counted nothing yet: ask again in a moment")
        try:
            asked = thing_asked(message, self._things)
            if asked.value is None:
                return replied(asked.name, self._things[asked.name])
            await self.set_properties({"peak_watts_max": round(asked.value * WATTS_PER_KW)})
        except (CallError, JoulebusError) as error:
            return wrong(message, str(error))
        return replied(asked.name, asked.value)
