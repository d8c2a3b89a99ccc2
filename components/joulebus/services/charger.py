"""A charger that lives: what the process of a device of kind ``charger`` does beside its seat.

Where its properties want it, it is an NRGkick Gen2 to whoever speaks its local JSON API. What is set there is asked of the keeper like
any change, as this device: so it is checked, promised for a tick and journalled, and what the keeper refuses is refused here.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joulebus.addresses import for_url
from joulebus.bus import CALL_REFUSED, INVALID, CallError, Sender
from joulebus.bus.http import HttpRequest, Page, answer_http
from joulebus.bus.timers import every, spawn
from joulebus.devices.car import CarProperties
from joulebus.devices.charger import ChargerProperties, ChargerState
from joulebus.errors import JoulebusError, PropertyError
from joulebus.home.seat import Seat
from joulebus.roles import COMPONENT
from joulebus.services.nrgkick import ChargerSeen, chosen, command, control_document, info_document, parameters, values_document
from joulebus_schemas.calls import Fields, Nothingness
from joulebus_schemas.roster import Member, of_kind

if TYPE_CHECKING:
    from joulebus.services.node import DeviceNode

_LOOK_SECONDS = 1.0
_ANSWER_SECONDS_MAX = 4.0
"""Less than a connection has, so that also who waits in vain has an answer."""
PASSWORD_BYTES_MAX = 1_024
_REFUSALS = {CALL_REFUSED: HTTPStatus.NOT_ACCEPTABLE, INVALID: HTTPStatus.NOT_ACCEPTABLE}
"""How a refusal of the keeper is told; anything else is that it is not there, which clients try again."""
_PAGES = ("/info", "/values", "/control")

_log = logging.getLogger("joulebus.services.charger")


@dataclass
class LivingCharger:
    """The companion of a charger's node."""

    node: DeviceNode
    _session: ChargerSession = field(default_factory=lambda: ChargerSession())
    _promised: tuple[int, dict[str, Any]] = (0, {})
    """What was set, and the tick from which it holds: until then it is shown all the same."""
    _open: tuple[int, Callable[[], Any]] | None = None
    """The port, and what closes it."""
    _secret: bytes | None = None
    _trouble: str | None = None

    def start(self) -> None:
        """Look at once, so that its port is open when it is ready, and then each second."""
        self.node.bus.on_end.append(self.close)
        spawn(self.look())
        every(_LOOK_SECONDS, self.look)

    def hindrance(self) -> str | None:
        """Why its API is not open although it should be."""
        return self._trouble

    async def look(self) -> None:
        """Open the port that is wanted, or close one that is not; see how long a car has been there."""
        if self.node.seat is None:
            return
        seat, properties = self.node.seat, _properties(self.node.seat)
        self._door(properties)
        if self._open is not None and self._session.look(seat):
            self._session.car_phases = await self._phases_of_cars()

    def _door(self, properties: ChargerProperties) -> None:
        self._trouble = None
        try:
            self._secret = _secret(properties.api_password_file)
        except PropertyError as error:  # Rather no API than one that asks for no password.
            self.close()
            self._trouble = str(error)
            return
        if self._open is not None and self._open[0] != properties.api_port:
            self.close()
        if properties.api_port and self._open is None:
            self._listen(properties.api_port)

    def _listen(self, port: int) -> None:
        try:
            self._open = port, answer_http(self.node.address, port, self.respond)
        except OSError as error:
            self._trouble = f"the API of {self.node.name} needs port {port} of {self.node.address}, but it is not free ({error.strerror})"
            return
        _log.info("the API of an NRGkick Gen2 at http://%s:%d", for_url(self.node.address), port)

    def close(self) -> None:
        """Nobody is answered any more."""
        if self._open is not None:
            self._open[1]()
            self._open = None

    async def _phases_of_cars(self) -> int:
        try:
            balance = await self.node.ask_balance(Nothingness())
        except CallError:
            return self._session.car_phases
        return phases_of_cars(balance.roster, self.node.name)

    # The API

    async def respond(self, request: HttpRequest) -> Page:
        """The answer to a request."""
        refused = self._refused(request)
        if refused is not None:
            return refused
        try:
            return await asyncio.wait_for(self._answered(request), _ANSWER_SECONDS_MAX)
        except TimeoutError:
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE, "the keeper of the home does not answer: ask again in a moment")
        except CallError as error:
            return _refusal(_REFUSALS.get(error.uri, HTTPStatus.SERVICE_UNAVAILABLE), str(error))
        except JoulebusError as error:
            return _refusal(HTTPStatus.NOT_ACCEPTABLE, str(error))

    def _refused(self, request: HttpRequest) -> Page | None:
        if self._secret is not None and not _shows(request, self._secret):
            return _refusal(HTTPStatus.UNAUTHORIZED, headers=(("WWW-Authenticate", 'Basic realm="NRGkick"'),))
        if request.path not in _PAGES:
            return _refusal(HTTPStatus.NOT_FOUND)
        if request.method != "GET":
            return _refusal(HTTPStatus.METHOD_NOT_ALLOWED, headers=(("Allow", "GET"),))
        if request.query and _is_of_a_page(request):
            return _refusal(HTTPStatus.FORBIDDEN, "a web page may not ask for that")
        return None

    async def _answered(self, request: HttpRequest) -> Page:
        asked, seat = parameters(request.query), self.node.taken()
        if request.path == "/info":
            return _json(HTTPStatus.OK, chosen(info_document(self._seen(seat), self.node.address), asked))
        if request.path == "/values":
            return _json(HTTPStatus.OK, chosen(values_document(self._seen(seat)), asked))
        if asked:
            await self._set(command(asked))
        return _json(HTTPStatus.OK, control_document(self._set_so_far(seat)))

    async def _set(self, fields: dict[str, Any]) -> None:
        who = Sender(self.node.bus.authid, 0, COMPONENT)
        accepted = await self.node.set(Fields.model_validate(fields), who)
        self._promised = accepted.from_tick, {**self._promised[1], **fields}

    def _set_so_far(self, seat: Seat) -> ChargerProperties:
        """The properties in force, with what is promised from a tick that is still to come."""
        if seat.next_tick is not None and seat.next_tick > self._promised[0]:
            self._promised = (0, {})
        return _properties(seat).model_copy(update=self._promised[1])

    def _seen(self, seat: Seat) -> ChargerSeen:
        """All that is shown of this moment."""
        self._session.look(seat)
        seen = ChargerSeen(self.node.bus.authid, _properties(seat), _state(seat), watts=watts_of(seat))
        session = self._session
        return replace(
            seen,
            car_phases=session.car_phases,
            peak_watts=session.peak_watts,
            connected_seconds=session.connected_seconds,
            charging_seconds=session.charging_seconds,
            sessions=session.count,
        )


@dataclass
class ChargerSession:
    """What is remembered of the car that is plugged in, since this process began to look: no part of the balance."""

    car_phases: int = 3
    peak_watts: int = 0
    connected_seconds: int = 0
    charging_seconds: int = 0
    count: int = 0
    _is_plugged: bool = False
    _tick: int | None = None

    def look(self, seat: Seat) -> bool:
        """Take in what was settled since the last look; whether a car has come."""
        if seat.next_tick is None or seat.next_tick == self._tick:
            return False
        seconds = 0 if self._tick is None else max(seat.next_tick - self._tick, 0) * seat.context.tick_seconds
        was, self._is_plugged, self._tick = self._is_plugged, _state(seat).plugged, seat.next_tick
        has_come = self._is_plugged and not was
        if has_come:
            self.peak_watts = self.connected_seconds = self.charging_seconds = 0
            self.count += 1
        elif self._is_plugged:
            self.connected_seconds += seconds
            self.charging_seconds += seconds if watts_of(seat) else 0
        self.peak_watts = max(self.peak_watts, watts_of(seat)) if self._is_plugged else 0
        return has_come


def watts_of(seat: Seat) -> int:
    """The mean power of a charger's last settled window, to the car; negative: from it."""
    if seat.settled is None:
        return 0
    outcome, seconds = seat.outcome, seat.settled.ticks * seat.context.tick_seconds
    return round((outcome.charged_joules - outcome.discharged_joules) / seconds)


def phases_of_cars(roster: dict[str, Member], charger: str) -> int:
    """The most phases on which a car of this charger charges: which of several it is, only the core knows."""
    chargers = set(of_kind(roster, "charger"))
    cars = (roster[name] for name in of_kind(roster, "car"))
    here = (car for car in cars if next((name for name in car.hears if name in chargers), None) == charger)
    return max((CarProperties.model_validate(car.properties, strict=False).phase_count for car in here), default=3)


def _properties(seat: Seat) -> ChargerProperties:
    assert isinstance(seat.properties, ChargerProperties), "this is the companion of a charger"
    return seat.properties


def _state(seat: Seat) -> ChargerState:
    assert isinstance(seat.state, ChargerState), "this is the companion of a charger"
    return seat.state


def _secret(file: str) -> bytes | None:
    """What must be shown: USER:PASSWORD; None: nothing."""
    if not file:
        return None
    try:
        with Path(file).open("rb") as opened:
            line = opened.read(PASSWORD_BYTES_MAX + 1).strip()
    except OSError as error:
        raise PropertyError(f"api_password_file must be readable, but {file} is not ({error.strerror})") from None
    if b":" not in line or b"\n" in line or len(line) > PASSWORD_BYTES_MAX:
        raise PropertyError(f"api_password_file must hold one line, USER:PASSWORD, but {file} does not")
    return line


def _is_of_a_page(request: HttpRequest) -> bool:
    """Whether a page in somebody's browser asks. As a GET sets, an image of any page would do; programs say nothing of the kind."""
    said = request.headers
    return "origin" in said or "referer" in said or said.get("sec-fetch-site", "none") != "none"


def _shows(request: HttpRequest, secret: bytes) -> bool:
    kind, _, said = request.headers.get("authorization", "").partition(" ")
    try:
        shown = base64.b64decode(said.strip(), validate=True) if kind.lower() == "basic" else b""
    except ValueError:
        return False
    return hmac.compare_digest(shown, secret)


def _refusal(status: HTTPStatus, text: str = "", headers: tuple[tuple[str, str], ...] = ()) -> Page:
    """A refusal in the form that the clients of an NRGkick read."""
    return _json(status, {"Response": text or f"{status.value} {status.phrase}"}, headers)


def _json(status: HTTPStatus, document: dict[str, Any], headers: tuple[tuple[str, str], ...] = ()) -> Page:
    return Page(status, "application/json", json.dumps(document).encode(), headers)
