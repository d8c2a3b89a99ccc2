"""What an outcome says that no seal covers: the level of a store, money, what was granted; counted again from the transfers. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from joulebus.audit.books import AccountPair, ColumnRuns, total
from joulebus.audit.places import DevicePlace
from joulebus.audit.report import Finding
from joulebus.audit.stores import StoreLevel, level_after, through, together
from joulebus.device import State
from joulebus.devices._store import StoreState
from joulebus.devices.grid import GridState
from joulebus_schemas.base import Window
from joulebus_schemas.facts import JOULES_PER_KWH, MICROJOULES_PER_JOULE
from joulebus_schemas.offers import Outcome, Storage

Transfers = Mapping[AccountPair, ColumnRuns]


@dataclass(frozen=True, slots=True)
class LevelMoves:
    """What a store took, gave and drove in each tick of a window."""

    window: Window
    taken: ColumnRuns
    given: ColumnRuns
    driven: ColumnRuns


def check_level(place: DevicePlace, state: State, outcome: Outcome, moved: tuple[LevelMoves, int]) -> Iterator[Finding]:
    """The level of a battery or a car after a window, with the share of joules that arrive through its charger."""
    moves, through_ppm = moved
    window = moves.window
    if not isinstance(state, StoreState):
        return
    offer = place.device.offer(place.inputs(window), state)
    assert isinstance(offer, Storage), "a battery and a car offer a store"
    counted = level_after(through(offer, through_ppm), (moves.taken, moves.given, moves.driven), (window.ticks, place.context.tick_seconds))
    if counted != StoreLevel(outcome.level_microjoules, outcome.standby_carry_microjoules):
        said = _level(outcome.level_microjoules, outcome.standby_carry_microjoules)
        text = f"the outcome leaves it with {said}, and its transfers with {_level(counted.level, counted.standby_carry)}"
        yield Finding("level", text, tick=window.start, accounts=(place.context.name,))


def _level(microjoules: int, carry: int) -> str:
    return f"{microjoules // MICROJOULES_PER_JOULE} J and {microjoules % MICROJOULES_PER_JOULE} µJ (standby: {carry} µJ)"


def check_money(place: DevicePlace, state: State, outcome: Outcome, priced: tuple[Window, int, int]) -> Iterator[Finding]:
    """Cost and income of a grid, whose joules times prices came to so much."""
    window, bought, sold = priced
    if not isinstance(state, GridState):
        return
    counted = (*divmod(bought + state.import_carry, JOULES_PER_KWH), *divmod(sold + state.export_carry, JOULES_PER_KWH))
    said = (outcome.import_cost_micro_euro, outcome.import_carry, outcome.export_income_micro_euro, outcome.export_carry)
    if counted[:2] != said[:2]:
        text = f"the outcome says {said[0]} µ€ for import (and {said[1]} carried), and its tariff {counted[0]} µ€ (and {counted[1]})"
        yield Finding("money", text, tick=window.start, accounts=(place.context.name,))
    if counted[2:] != said[2:]:
        text = f"the outcome says {said[2]} µ€ for export (and {said[3]} carried), and its tariff {counted[2]} µ€ (and {counted[3]})"
        yield Finding("money", text, tick=window.start, accounts=(place.context.name,))


def priced(runs: ColumnRuns, prices: ColumnRuns, ticks: int) -> int:
    """Joules times micro-euro per kWh."""
    return sum(count * joules * price for count, joules, price in together(runs, prices, ticks))


def check_granted(name: str, outcome: Outcome, moved: tuple[Window, ColumnRuns, ColumnRuns]) -> Iterator[Finding]:
    """What was granted tick by tick, where an outcome says it."""
    window, taken, given = moved
    if outcome.granted is None:
        return
    counted: list[tuple[int, int]] = []
    for count, more, less in together(taken, given, window.ticks):
        if counted and counted[-1][1] == more - less:
            counted[-1] = (counted[-1][0] + count, more - less)
        else:
            counted.append((count, more - less))
    if [tuple(run) for run in outcome.granted.run_lengths] != counted:
        text = f"the outcome says what was granted tick by tick ({len(outcome.granted.run_lengths)} runs), and its transfers are others"
        yield Finding("outcome", text, tick=window.start, accounts=(name,))


def moved_joules(transfers: Transfers, busbar: str, name: str) -> int:
    """What a device took less what it gave and lost."""
    return sum(total(runs) * ((taker == name) - (giver == name)) for (giver, taker), runs in transfers.items())
