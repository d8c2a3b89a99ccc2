"""A settled window, counted again: outcomes, flows and memories of all devices against the transfers."""

from collections.abc import Iterator, Mapping

from joulebus.audit.books import AccountPair, EpochColumns, cut_runs, imbalances
from joulebus.audit.checks import HomeWiring, check_flows, check_outcomes, check_sums
from joulebus.audit.lives import Lives
from joulebus.audit.memories import LevelMoves, check_granted, check_level, check_money, priced
from joulebus.audit.places import DevicePlace
from joulebus.audit.report import Finding
from joulebus.audit.tariffs import GridPrices
from joulebus.device import State
from joulebus.devices import KINDS
from joulebus.devices.charger import ChargerProperties
from joulebus.errors import JoulebusError
from joulebus_core import CoreError, tally_columns
from joulebus_schemas.base import Window
from joulebus_schemas.facts import DRIVING, FLOWS, PPM, PPM_PER_PERCENT
from joulebus_schemas.journal import Committed
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Member

MEMORIES = (
    "level_microjoules", "standby_carry_microjoules", "session_joules", "heat_microjoules", "on", "owed_joules", "carry",
    "carry_microjoules", "night_carry_microjoules", "import_carry", "export_carry",
)  # fmt: skip
"""Fields of an outcome that are about the end of a window; the others are sums over it."""

States = Mapping[str, tuple[DevicePlace | None, State | None]]
"""Places and states of devices at the beginning of a window, by name."""


class WindowCheck:
    """The windows of one home, one after the other."""

    def __init__(self, prices: GridPrices) -> None:
        self._prices = prices
        self.unpriced = ""
        """Why money was not counted again, in words."""

    def transfers(self, wiring: HomeWiring, record: Committed, columns: EpochColumns, posted: bytes | None) -> Iterator[Finding]:
        """What the transfers alone say. With their bytes the core adds, whose ledger has also summed up each tick: what it does not
        agree with is counted again here, to say what it is."""
        sums = None if posted is None else _agreed(wiring, record, posted)
        if sums is not None:
            yield from check_sums(wiring, record, sums)
            return
        start, ticks = record.window.start, record.window.ticks
        for giver, taker, runs in columns:
            if sum(count for count, _ in runs) != ticks:
                yield Finding("columns", f"a column must have the {ticks} ticks of its window", tick=start, accounts=(giver, taker))
        for index, account, joules in imbalances(wiring.busbar, columns, wiring.supplies):
            what = f"{joules} J too much came to" if joules > 0 else f"{-joules} J too little came to"
            yield Finding("balance", f"{what} an account that only passes joules on", tick=start + index, accounts=(account,))
        yield from check_outcomes(wiring, record, columns)
        yield from check_flows(wiring, record, columns)

    def memories(self, busbar: str, record: Committed, columns: EpochColumns, home: tuple[Lives, dict[str, Member]]) -> Iterator[Finding]:
        """What its devices have become; of compacted ones also how the last of their windows was settled."""
        lives, roster = home
        yield from self._each(busbar, record, columns, (lives.began, roster))
        if record.compacted is None:
            return
        last = record.compacted.window
        if last.end != record.window.end or last.start < record.window.start:
            text = f"its last window {last.start} to {last.end - 1} is not the end of {record.window.start} to {record.window.end - 1}"
            yield Finding("record", text, tick=record.window.start)
            return
        cut = [last.start - record.window.start, last.ticks]
        ended = record.model_copy(update={"window": last, "outcomes": record.compacted.outcomes, "compacted": None})
        parts: EpochColumns = [(giver, taker, cut_runs(runs, cut)[1]) for giver, taker, runs in columns]
        wiring = HomeWiring(busbar, frozenset(), frozenset())
        yield from check_outcomes(wiring, ended, parts)
        began = {name: (one.place, one.state) for name, one in lives.lived.items()}
        yield from self._each(busbar, ended, parts, (began, roster))
        yield from _ends_alike(record, record.compacted.outcomes)

    def _each(self, busbar: str, record: Committed, columns: EpochColumns, home: tuple[States, dict[str, Member]]) -> Iterator[Finding]:
        transfers: dict[AccountPair, list[tuple[int, int]]] = {(giver, taker): runs for giver, taker, runs in columns}
        states, roster = home
        for name, outcome in record.outcomes.items():
            place, state = states.get(name, (None, None))
            taken, given = transfers.get((_feeds(place, busbar), name), []), transfers.get((name, busbar), [])
            if outcome.granted is not None:
                yield from check_granted(name, outcome, (record.window, taken, given))
            if place is None or state is None:
                continue
            if place.member.kind in ("battery", "car"):
                moved = LevelMoves(record.window, taken, given, transfers.get((name, DRIVING), []))
                yield from check_level(place, state, outcome, (moved, _through(place, states)))
            elif place.member.kind == "grid" and (prices := self._priced(roster, record.window)):
                bought, sold = (priced(runs, price, record.window.ticks) for runs, price in zip((given, taken), prices, strict=True))
                yield from check_money(place, state, outcome, (record.window, bought, sold))

    def _priced(self, roster: dict[str, Member], window: Window) -> tuple[list[tuple[int, int]], list[tuple[int, int]]] | None:
        try:
            return self._prices.of_roster(roster, window)
        except JoulebusError as error:
            self.unpriced = f"what was paid: {error}"
            return None


def _feeds(place: DevicePlace | None, busbar: str) -> str:
    """The account that a device takes from: the busbar, or the supply of its fuel."""
    fuel = None if place is None else KINDS[place.member.kind].fuel(place.properties)
    return fuel or busbar


def _through(place: DevicePlace, states: States) -> int:
    """Share of the joules that arrive through the charger of a device, each way; all of them where it has none."""
    at = states.get(place.context.heard("charger") or "", (None, None))[0]
    properties = None if at is None else at.properties
    return round(properties.efficiency_percent * PPM_PER_PERCENT) if isinstance(properties, ChargerProperties) else PPM


def _ends_alike(record: Committed, last: Mapping[str, Outcome]) -> Iterator[Finding]:
    """Compacted windows end as the last of them ended."""
    for name in sorted({*record.outcomes, *last}):
        one, other = record.outcomes.get(name), last.get(name)
        if one is None or other is None or any(getattr(one, field) != getattr(other, field) for field in MEMORIES):
            yield Finding(
                "record", "it ends otherwise than the last of the windows that it stands for", tick=record.window.start, accounts=(name,)
            )


def _agreed(wiring: HomeWiring, record: Committed, posted: bytes) -> dict[AccountPair, int] | None:
    """The joules of each pair of accounts, when the flows are those of the transfers."""
    try:
        pairs, sums, flows = tally_columns(posted, [record.window.ticks], wiring.busbar, sorted(wiring.grids), sorted(wiring.stores))
    except CoreError:
        return None
    counted = {flow: joules for flow, joules in zip(FLOWS, memoryview(flows).cast("q"), strict=True) if joules}
    if counted != {flow: joules for flow, joules in record.flows.items() if joules}:
        return None
    return dict(zip(pairs, memoryview(sums).cast("q"), strict=True))
