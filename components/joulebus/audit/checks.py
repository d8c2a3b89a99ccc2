"""What must agree: seals with the transfers they seal, outcomes and flows with the transfers of their window. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from joulebus.audit.books import AccountPair, ColumnRuns, Counted, EpochColumns, Sums, laid, lay_in_line, seal_hash, total
from joulebus.audit.report import Finding
from joulebus_schemas.facts import ACCOUNTS, CURTAILED, DRIVING, FLOWS, HEAT, SINKS, SOURCES, UNSERVED
from joulebus_schemas.journal import Changed, Checkpoint, Committed, Seal
from joulebus_schemas.offers import Outcome
from joulebus_schemas.rounds import Settled


@dataclass(frozen=True, slots=True)
class HomeWiring:
    """Which account plays which part in a home."""

    busbar: str
    grids: frozenset[str]
    stores: frozenset[str]
    supplies: frozenset[str] = frozenset()
    """Accounts that fuel comes from."""


def check_seal(home: str, tick_seconds: int, seal: Seal, counted: Counted) -> Iterator[Finding]:
    """A stored seal against the epoch that was counted. The chain of seals is checked by whoever walks along it."""
    place = (counted.epoch, counted.first_tick, counted.ticks)
    if (seal.epoch, seal.first_tick, seal.ticks) != place:
        said = f"epoch {seal.epoch} from tick {seal.first_tick} with {seal.ticks} ticks"
        yield Finding("seal", f"the seal names {said}; its transfers are those of epoch {place[0]} from tick {place[1]} with {place[2]}",
                      epoch=counted.epoch)  # fmt: skip
    sealed = {(column.account_from, column.account_to): Sums(column.joules, column.moment, column.hash) for column in seal.columns}
    authentic = seal_hash(home, tick_seconds, Counted(*place, sealed), seal.previous) == seal.hash
    differing = [pair for pair in sorted({*sealed, *counted.columns}) if not _same(sealed.get(pair), counted.columns.get(pair))]
    for pair in differing:
        yield _column(pair, sealed.get(pair), counted, authentic)
    if len(sealed) < len(seal.columns):
        yield Finding("seal", "the seal names a column twice", epoch=counted.epoch)
    if not differing and not authentic:
        yield Finding("seal", "the hash of the seal is not the hash of what it seals", epoch=counted.epoch)


def _same(sealed: Sums | None, counted: Sums | None) -> bool:
    if sealed is None or counted is None:
        return sealed is counted
    return (sealed.joules, sealed.moment, sealed.hash) == (counted.joules, counted.moment, counted.hash)


def _column(pair: AccountPair, sealed: Sums | None, counted: Counted, authentic: bool) -> Finding:
    have, said = counted.columns.get(pair), sealed or Sums(0, 0, "")
    if not authentic:
        text = f"the seal was rewritten: it says {said.joules} J, and the transfers are {have.joules if have else 0} J"
        return Finding("seal", text, epoch=counted.epoch, accounts=pair)
    more = (have.joules if have else 0) - said.joules
    tick = _tick(more, (have.moment if have else 0) - said.moment, counted)
    what = f"{abs(more)} J were {'added to' if more > 0 else 'taken from'}" if more else "several amounts were changed in"
    text = f"{what} this column after it was sealed" + ("" if tick is not None or not more else ", in more than one tick")
    return Finding("columns", text, epoch=counted.epoch, tick=tick, accounts=pair)


def _tick(joules: int, moment: int, counted: Counted) -> int | None:
    """A single changed amount moves sum and moment by x and (i + 1) x; several seldom look like one inside the epoch."""
    if not joules or moment % joules or not 1 <= moment // joules <= counted.ticks:
        return None
    return counted.first_tick + moment // joules - 1


def check_checkpoint(checkpoint: Checkpoint, counted: Mapping[str, object]) -> Iterator[Finding]:
    """What a checkpoint says about itself, by field, against what the records before it say."""
    for field, value in counted.items():
        if getattr(checkpoint, field) != value:
            yield Finding("checkpoint", f"its {field} is not what the records before it lead to", tick=checkpoint.next_tick)


def check_changes(record: Changed, next_tick: int) -> Iterator[Finding]:
    """What was promised holds from then on, and says one thing each."""
    if record.tick is not None and record.tick != next_tick:
        yield Finding(
            "record", f"it was promised in tick {record.tick}, and tick {next_tick} was the first that was not settled", tick=next_tick
        )
    for change in record.changes:
        if change.from_tick < next_tick:
            text = f"it holds from tick {change.from_tick}, which was settled before it was promised"
            yield Finding("record", text, tick=next_tick, accounts=(change.device,))
        if sum(news is not None for news in (change.properties, change.on, change.added, change.removed)) != 1:
            yield Finding("record", "a change must say one thing", tick=change.from_tick, accounts=(change.device,))


def check_outcomes(wiring: HomeWiring, record: Committed, columns: EpochColumns) -> Iterator[Finding]:
    """Each device's stored sums against its transfers; and no transfer without a device."""
    yield from check_sums(wiring, record, {(giver, taker): total(runs) for giver, taker, runs in columns})


def check_sums(wiring: HomeWiring, record: Committed | Settled, sums: Mapping[AccountPair, int]) -> Iterator[Finding]:
    """The same with the transfers summed up."""
    left = _without_fuel(wiring, record, sums)
    burnt = {pair: joules for pair, joules in sums.items() if pair not in left}
    for name, outcome in sorted(record.outcomes.items()):
        for pair, (field, said) in _said(wiring, name, outcome).items():
            have = left.pop(pair, 0) + _burnt(burnt, name, field)
            if have != said:
                yield Finding(
                    "outcome", f"the outcome says {said} {field}, and the transfers are {have} J", tick=record.window.start, accounts=pair
                )
    for pair, joules in sorted(left.items()):
        if joules and not _is_fed(wiring, record, pair):
            yield Finding("columns", f"no device of this window has moved these {joules} J", tick=record.window.start, accounts=pair)


def _without_fuel(wiring: HomeWiring, record: Committed | Settled, sums: Mapping[AccountPair, int]) -> dict[AccountPair, int]:
    """All but what a supply that gave something gave to those who burn it: that goes from one device to another, beside the busbar."""

    def is_fuel(giver: str, taker: str) -> bool:
        is_between_devices = {giver, taker} <= record.outcomes.keys() and wiring.busbar not in (giver, taker)
        return is_between_devices and record.outcomes[giver].joules_out > 0

    return {pair: joules for pair, joules in sums.items() if not is_fuel(*pair)}


def _burnt(burnt: Mapping[AccountPair, int], name: str, field: str) -> int:
    """What a device burnt, or what a supply gave to be burnt."""
    place = {"joules_out": 0, "joules_in": 1}.get(field)
    return 0 if place is None else sum(joules for pair, joules in burnt.items() if pair[place] == name)


def _is_fed(wiring: HomeWiring, record: Committed | Settled, pair: AccountPair) -> bool:
    """Whether a transfer is that of an origin, which itself moves nothing, to a device that passes it on."""
    origin, device = pair
    if device not in record.outcomes or device == wiring.busbar or origin in (wiring.busbar, *ACCOUNTS):
        return False
    outcome = record.outcomes.get(origin, Outcome())
    return not (outcome.joules_in or outcome.joules_out)


def _said(wiring: HomeWiring, name: str, outcome: Outcome) -> dict[AccountPair, tuple[str, int]]:
    if name == wiring.busbar:
        return {(name, HEAT): ("heat_joules", outcome.heat_joules)}
    return {
        (wiring.busbar, name): ("joules_in", outcome.joules_in),
        (name, wiring.busbar): ("joules_out", outcome.joules_out),
        (name, CURTAILED): ("curtailed_joules", outcome.curtailed_joules),
        (name, HEAT): ("heat_joules", outcome.heat_joules),
        (name, DRIVING): ("driven_joules", outcome.driven_joules),
        (UNSERVED, f"{name}.unmet"): ("unserved_joules", outcome.unserved_joules),
        (f"{name}.unmet", UNSERVED): ("served_later_joules", outcome.served_later_joules),
    }


def check_flows(wiring: HomeWiring, record: Committed, columns: EpochColumns) -> Iterator[Finding]:
    """The stored joules by source and sink against the transfers, tick by tick; records of joulebus 0.1 were laid in another order."""
    unknown = sorted(set(record.flows) - set(FLOWS))
    for pair in unknown:
        yield Finding("flow", f"there is no flow {pair}", tick=record.window.start)
    said = {pair: joules for pair, joules in record.flows.items() if joules and pair not in unknown}
    have = _flows(laid(*_ends(wiring, columns)))
    if said in (have, _flows(laid(*_ends(wiring, columns), lay_in_line))):
        return
    for pair in FLOWS:
        if have.get(pair, 0) != said.get(pair, 0):
            where = "from {} to {}".format(*pair.split(">"))
            text = f"the flows say {said.get(pair, 0)} J {where}, and the transfers are {have.get(pair, 0)} J"
            yield Finding("flow", text, tick=record.window.start)


def _flows(found: Mapping[tuple[int, int], int]) -> dict[str, int]:
    return {f"{SOURCES[source]}>{SINKS[sink]}": joules for (source, sink), joules in found.items() if joules}


def _ends(wiring: HomeWiring, columns: EpochColumns) -> tuple[list[list[ColumnRuns]], list[list[ColumnRuns]]]:
    """The columns of each source and of each sink; a source that takes from somebody else is the sun."""
    fed = {taker for giver, taker, _ in columns if giver != wiring.busbar}
    sources: list[list[ColumnRuns]] = [[], [], [], []]
    sinks: list[list[ColumnRuns]] = [[], [], [], []]
    for giver, taker, runs in columns:
        if taker == wiring.busbar:
            sources[3 if giver in wiring.grids else 2 if giver in wiring.stores else 0 if giver in fed else 1].append(runs)
        elif giver == wiring.busbar:
            sinks[3 if taker == HEAT else 2 if taker in wiring.grids else 1 if taker in wiring.stores else 0].append(runs)
    return sources, sinks
