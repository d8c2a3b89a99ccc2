"""A device tried out before it is let in: it says what it would offer from now on, and an empty ledger books it.

Whatever raises here would raise in a round, and stop time for everybody. Because the round itself is tried, no kind can forget to check.
"""

import logging
from dataclasses import replace

from joulebus.device import AnyDevice, DeviceContext, Properties, State
from joulebus.devices import KINDS
from joulebus.errors import JoulebusError, PropertyError
from joulebus.home.keeper import Keeper
from joulebus.home.seat import FORECAST_SECONDS, Seat, read_state
from joulebus_core import CoreError, Ledger
from joulebus_schemas.base import Window
from joulebus_schemas.facts import DAY_SECONDS
from joulebus_schemas.journal import Born
from joulebus_schemas.roster import Member
from joulebus_schemas.rounds import Forecast, Opened
from joulebus_schemas.topics import KEEPER

_log = logging.getLogger("joulebus.home")


def rehearse(seat: Seat, properties: Properties, tick: int) -> None:
    """Let a device go through a tick, a block of signals and a day from ``tick`` on, with other properties than its seat has.

    Those that it hears speak as devices of their kinds do by default. A foreign device is only read: what it will offer, only it knows.

    Raises:
        JoulebusError: What the device itself refuses.
        PropertyError: It cannot be asked, or the ledger cannot book what it would offer.
    """
    if seat.device.lives_outside:
        return
    device, context = seat.device, seat.context
    try:
        device.begin(context, properties)
        state = seat.state if properties == seat.properties else device.changed(context, seat.properties, properties, seat.state)
        for seconds in (context.tick_seconds, FORECAST_SECONDS, DAY_SECONDS):
            state = _live(Seat(device, context, properties, state), Window(start=tick, ticks=seconds // context.tick_seconds))
    except JoulebusError:
        raise
    except CoreError as error:
        raise PropertyError(f"the ledger cannot book what {context.name} would offer: {error}") from None
    except Exception as error:
        _log.exception("%s cannot be asked what it offers with %r", context.name, properties)
        raise PropertyError(f"{context.name} cannot live with these properties ({type(error).__name__}; the log says more)") from None


def _live(seat: Seat, window: Window) -> State:
    """One round of a window, and the state after it, as it would come back from the journal."""
    keeper = _keeper(seat, window)
    now = keeper.open(window.ticks)
    window = Window(start=window.start, ticks=now.window.ticks)
    opened = _opened(seat.context, window)
    seat.enter(opened)
    for name in seat.missing(opened):
        seat.inbox.take(name, _neighbour(name, seat.context, window))
    seat.forecast_for(opened)
    offered = seat.offer(opened)
    other = _default_seat(KINDS[KEEPER], seat.context, KEEPER)
    keeper.take(KEEPER, other.offer(_opened(other.context, window)).model_copy(update={"window": now.window}))
    if seat.device.kind == KEEPER:
        keeper.offers.clear()
    keeper.take(seat.name, offered.model_copy(update={"window": now.window}))
    settled = keeper.settle()
    seat.restore(offered.state, Window(start=window.start, ticks=settled.window.ticks), settled.outcomes[seat.name])
    seat.readings()
    return read_state(seat.device, seat.state_words())


def _keeper(seat: Seat, window: Window) -> Keeper:
    """A home of this device and an inverter, born at the beginning of the window."""
    context = seat.context
    start = context.start_unix_seconds + window.start * context.tick_seconds
    members = {KEEPER: Member(kind=KEEPER), seat.name: Member(kind=seat.device.kind)}
    born = Born(
        record="born",
        home="rehearsal",
        start_unix_seconds=start,
        tick_seconds=context.tick_seconds,
        seed=context.seed,
        place=context.place,
        members=members,
    )
    return Keeper(born, Ledger("rehearsal", start, context.tick_seconds), members)


def _neighbour(name: str, context: DeviceContext, window: Window) -> Forecast:
    """What a device that is heard would publish."""
    seat = _default_seat(KINDS[context.kinds[name]], context, name)
    opened = _opened(seat.context, window)
    seat.enter(opened)
    for heard in seat.missing(opened):
        seat.inbox.take(heard, _neighbour(heard, seat.context, window))
    forecast = seat.forecast_for(opened)
    assert forecast is not None, f"{name} is heard, so it has signals"
    return forecast


def _default_seat(device: AnyDevice, context: DeviceContext, name: str) -> Seat:
    there = replace(context, name=name, hears=device.hears, kinds={kind: kind for kind in device.hears})
    return Seat(device, there, device.properties())


def _opened(context: DeviceContext, window: Window) -> Opened:
    revisions = {name: 0 for name in context.hears if KINDS[context.kinds[name]].signals}
    return Opened(generation=0, window=window, revisions=revisions, changes=())
