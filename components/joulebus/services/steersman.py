"""How a program's process decides: it asks for the books of the open window, says what it sets, and only then offers its packet.

The window cannot be settled without that packet, so what it sets is promised before; a process that dies in between does the same again.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joulebus.bus import CALL_REFUSED, INVALID, CallError
from joulebus.bus.component import Question
from joulebus.bus.timers import spawn
from joulebus.home.seat import Seat
from joulebus.home.steering import Sight, is_due, let_decide
from joulebus_schemas import topics
from joulebus_schemas.base import Window
from joulebus_schemas.calls import Accepted, AskChange, Balance, Nothingness
from joulebus_schemas.principals import device
from joulebus_schemas.roster import By

_log = logging.getLogger("joulebus.services.steersman")


@dataclass
class Steersman:
    """Decides for the seat of one device, when it is a program."""

    home: str
    name: str
    ask_balance: Question[Nothingness, Balance]
    ask_change: Question[AskChange, Accepted]
    go_on: Callable[[], None]
    """Offer what waited for the decision."""

    def __post_init__(self) -> None:
        self._decided: tuple[Seat, int] | None = None
        self._is_deciding = False

    def has_decided(self, seat: Seat, window: Window) -> bool:
        """Whether nothing is to be decided in this window any more; else it begins to, and lets the node go on afterwards."""
        if not is_due(seat, window) or self._decided == (seat, window.start):
            return True
        if not self._is_deciding:
            self._is_deciding = True
            spawn(self._decide(seat, window))
        return False

    async def _decide(self, seat: Seat, window: Window) -> None:
        before = seat.state
        try:
            books = await self.ask_balance(Nothingness())
            if books.tick != window.start or seat.next_tick != window.start:
                return  # The window has passed it by; the node resumes.
            news = let_decide(seat, window, Sight(books.tick, books.roster, books.balances, books.levels))
            for steered, fields in news.items():
                await self._set(steered, fields)
        except CallError as error:
            seat.state = before
            _log.info("%s waits for the keeper: %s", self.name, error)  # The node's timer asks again.
            return
        finally:
            self._is_deciding = False
        self._decided = (seat, window.start)
        self.go_on()

    async def _set(self, steered: str, fields: Mapping[str, Any]) -> None:
        call = topics.SET.uri(self.home, steered)
        by = By(principal=device(self.home, self.name), role="component", call=call, arguments=dict(fields))
        try:
            await self.ask_change(AskChange(device=steered, properties=dict(fields), by=by))
        except CallError as error:
            if error.uri not in (CALL_REFUSED, INVALID):
                raise
            _log.warning("%s stays as it was: %s", steered, error)  # As in memory: time does not stop for what a device refuses.
