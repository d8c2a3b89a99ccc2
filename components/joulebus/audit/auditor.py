"""Walks through the records of a home and counts everything again. What a record says about itself is compared, never used."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from joulebus.audit.books import NO_SEAL, AccountPair, Counted, EpochColumns, cut_runs, passing, seal_hash, total
from joulebus.audit.checks import HomeWiring, check_changes, check_checkpoint, check_seal
from joulebus.audit.counters import Counter, Suspicious
from joulebus.audit.findings import FindingList
from joulebus.audit.lives import Lives
from joulebus.audit.marking import MarkCheck
from joulebus.audit.marks import AuditMark
from joulebus.audit.report import Account, AuditReport, Finding
from joulebus.audit.sources import Entry, RecordSource
from joulebus.audit.tariffs import GridPrices
from joulebus.audit.windows import WindowCheck
from joulebus.errors import JournalError
from joulebus.journal.file import parse
from joulebus.journal.frames import NO_HASH, checkpoint_number, shaped, split
from joulebus.journal.recovery import changed
from joulebus_core import CoreError, decode_columns, encode_columns
from joulebus_schemas.facts import EPOCH_SECONDS
from joulebus_schemas.journal import Born, Checkpoint, Committed, JournalRecord, Seal, Woken
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Change, Member

PROGRESS_RECORDS = 256
"""How often progress is told."""

AuditProgress = Callable[[int, int], None]
"""Told how much is read, and how much there is."""


@dataclass(frozen=True, slots=True)
class Since:
    """Where an audit goes on from, and whom it tells of its progress."""

    mark: AuditMark | None = None
    progress: AuditProgress | None = None


NO_MARK = Since()


class Auditor:
    """One walk through one source; in memory there is never more than an epoch and a record."""

    def __init__(self, source: RecordSource, count: Callable[[Born], Counter], thorough: bool, since: Since = NO_MARK) -> None:
        self._mark_check, self._tell = MarkCheck(since.mark), since.progress
        self._source, self._count, self._thorough = source, count, thorough
        self._findings = FindingList()
        self._born: Born | None = None
        self._generation = self._woken = 0
        self._roster: dict[str, Member] = {}
        self._pending: list[Change] = []
        self._stores: set[str] = set()
        self._wired, self._wired_for = HomeWiring("inverter", frozenset(), frozenset()), (self._roster, -1)
        self._pairs: dict[AccountPair, int] = {}
        self._closed: set[str] = set()
        self._shift = self._thinned_ticks = self._next_tick = self._ticks = self._records = 0
        self._seals = self._sealed_ticks = 0
        self._skipped_ticks = 0
        self._begins_at = 0
        """The tick behind those that are thinned out."""
        self._ever: dict[str, Member] = {}
        self._said_seal = self._head_seal = NO_SEAL

    def run(self) -> AuditReport:
        """Everything, from the first record to the last.

        Raises:
            JournalError: There is no record of the home's birth.
        """
        self._last, head = 0, NO_HASH
        for entry in self._source.entries(self._mark_check.first_number):
            self._find(entry, entry.findings)
            is_checkpoint = checkpoint_number(entry.payload) is not None
            self._find(entry, self._mark_check.follow(entry.number, entry.head.hex(), is_checkpoint))
            if self._tell is not None and not self._records % PROGRESS_RECORDS:
                self._tell(*self._source.progress())
            self._find(entry, self._take(entry))
            self._last, head = entry.number, entry.head
            self._records += 1
        self._keep(self._source.end())
        if self._born is not None:
            self._keep(self._mark_check.end(self._born.home))
        if self._born is None:
            raise JournalError(
                f"an audit needs the record of a home's birth, but {self._source.name} has none it can read{self._first_finding()}"
            )
        return self._report(self._born, head.hex())

    def _first_finding(self) -> str:
        listed = self._findings.listed()
        return f" ({listed[0].line()})" if listed else ""

    def _find(self, entry: Entry, findings: Iterable[Finding]) -> None:
        self._keep(replace(finding, record=entry.number, offset=entry.offset, epoch=self._epoch(finding)) for finding in findings)

    def _keep(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self._findings.add(finding)

    def _epoch(self, finding: Finding) -> int | None:
        if finding.epoch is not None or finding.tick is None or self._born is None:
            return finding.epoch
        return (self._born.start_unix_seconds + finding.tick * self._born.tick_seconds) // EPOCH_SECONDS

    def _take(self, entry: Entry) -> Iterator[Finding]:
        record, posted = _read(entry.payload)
        if isinstance(record, str):
            yield Finding("record", record)
        elif isinstance(record, Born):
            yield from self._begin(record)
        elif isinstance(record, Checkpoint):
            yield from self._checkpoint(entry, record, posted)
        elif self._born is None:
            yield Finding("record", "it comes before the home was born")
        elif isinstance(record, Committed):
            yield from self._window(record, posted)
        elif isinstance(record, Woken):
            yield from self._wake(record.generation)
        else:
            if self._ticks or not self._thinned_ticks:
                yield from check_changes(record, self._next_tick)
            self._pending = sorted([*self._pending, *record.changes], key=lambda change: change.from_tick)

    def _begin(self, born: Born) -> Iterator[Finding]:
        if self._born is not None:
            yield Finding("record", "a home is born once")
            return
        self._born, self._roster, self._ever = born, dict(born.members), dict(born.members)
        self._counter, self._lives, self._windows = self._count(born), Lives(born), WindowCheck(GridPrices(born))
        self._skip_thinned(born)

    def _skip_thinned(self, born: Born) -> None:
        """Where old windows are thinned out, their seals were counted, and the counting of windows begins behind them."""
        begins = self._source.begins()
        if begins.tick <= self._next_tick:
            return
        self._begins_at = begins.tick
        self._sealed_ticks += begins.tick - self._next_tick
        self._thinned_ticks, self._next_tick = begins.tick - self._next_tick, begins.tick
        self._lives.lose()
        self._seals, self._pairs = begins.seals, dict(begins.pairs)
        self._head_seal = self._said_seal = begins.seal
        # The counter has a tick 0 of its own, until a checkpoint says what a ledger remembers of the time before.
        self._shift = begins.tick
        start = born.start_unix_seconds + begins.tick * born.tick_seconds
        self._counter = self._count(born.model_copy(update={"start_unix_seconds": start}))

    def _checkpoint(self, entry: Entry, record: Checkpoint, ledger: bytes) -> Iterator[Finding]:
        """It must say what was counted so far; behind records that are not here it is where the counting begins."""
        self._woken = max(self._woken, record.generation)
        if self._shift and self._next_tick == record.next_tick:
            self._shift = 0
            self._lives.begin_at(record)
            self._counter = self._count(record.born)
            self._counter.begin_at(record, ledger)
            if record.head_seal != self._said_seal:
                yield Finding("checkpoint", f"its seal is not {self._said_seal}, which is the last one before it", tick=record.next_tick)
            return
        if self._born is not None and entry.number == self._last + 1:
            pending = tuple(self._pending)
            yield from check_checkpoint(record, {
                "born": self._born, "generation": self._generation, "next_tick": self._next_tick, "head_seal": self._said_seal,
                "roster": self._roster, "pending": pending, "states": self._lives.stored, "parts": self._lives.parts(),
                "ever": {name: self._roster.get(name, Member(kind=last.kind)) for name, last in self._ever.items()},
            })  # fmt: skip
            if not self._counter.agrees(ledger):
                yield Finding("checkpoint", "its ledger is not the one that the records before it lead to", tick=record.next_tick)
            return
        self._born, self._generation, self._roster = record.born, record.generation, dict(record.roster)
        self._pending, self._ever = list(record.pending), dict(record.ever)
        self._lives, self._windows = Lives(record.born), WindowCheck(GridPrices(record.born))
        self._lives.begin_at(record)
        self._stores |= {name for name, part in record.parts.items() if _is_store(part.outcome)}
        self._skipped_ticks += record.next_tick - self._next_tick
        self._next_tick, self._head_seal, self._said_seal = record.next_tick, record.head_seal, record.head_seal
        self._counter = self._count(record.born)
        self._counter.begin_at(record, ledger)
        self._skip_thinned(record.born)

    def _wake(self, generation: int) -> Iterator[Finding]:
        if generation <= self._woken or generation < self._generation:
            last = max(self._woken, self._generation)
            yield Finding("record", f"its generation {generation} is not newer than {last}: two inverters have written")
        self._woken = max(self._woken, generation)
        self._generation = max(self._generation, generation)

    def _written_by(self, generation: int) -> Iterator[Finding]:
        if generation < self._generation:
            yield Finding("record", f"its generation {generation} is older than {self._generation}: two inverters have written")
        elif generation > max(self._generation, 1):
            yield Finding("record", f"its generation is {generation}, and no inverter has said that it took over")
        self._generation = max(self._generation, generation)

    def _window(self, record: Committed, posted: bytes) -> Iterator[Finding]:
        yield from self._written_by(record.generation)
        yield from self._take_effect(record.window.start)
        columns, unreadable = _columns(posted)
        whole = record, columns, None if self._thorough or unreadable else posted
        record, columns, posted = self._behind_thinned(record, columns, posted)
        start, ticks = record.window.start, record.window.ticks
        if start != self._next_tick or unreadable:
            self._demand_thorough()
        if start != self._next_tick:
            self._lives.lose()
            yield _gap(self._next_tick, start)
        if unreadable:
            yield Finding("columns", unreadable, tick=start)
        if start >= self._next_tick:
            self._sum(columns, ticks)
        yield from self._check(*whole)
        counted = self._counter.post(start - self._shift, ticks, posted, columns)
        yield from self._mark_check.seal(record.seals)
        yield from self._seal(record, [replace(epoch, first_tick=epoch.first_tick + self._shift) for epoch in counted])
        self._next_tick = max(self._next_tick, start + ticks)

    def _behind_thinned(self, record: Committed, columns: EpochColumns, posted: bytes) -> tuple[Committed, EpochColumns, bytes]:
        """What counts of a window that began before the end of an epoch that is thinned out."""
        start, end = record.window.start, record.window.end
        if self._ticks or not self._thinned_ticks or not start < self._next_tick < end:
            return record, columns, posted
        lengths = [self._next_tick - start, end - self._next_tick]
        behind = [(giver, taker, cut_runs(runs, lengths)[1]) for giver, taker, runs in columns]
        seals = tuple(seal for seal in record.seals if seal.first_tick >= self._next_tick)
        window = record.window.model_copy(update={"start": self._next_tick, "ticks": lengths[1]})
        return record.model_copy(update={"window": window, "seals": seals}), behind, encode_columns(behind)

    def _demand_thorough(self) -> None:
        if not self._thorough:
            raise Suspicious

    def _take_effect(self, tick: int) -> Iterator[Finding]:
        while self._pending and self._pending[0].from_tick <= tick:
            change = self._pending.pop(0)
            try:
                self._roster = changed(self._roster, change)
                self._ever |= self._roster
                if change.from_tick >= self._begins_at:
                    self._lives.take(change)
            except JournalError as error:
                yield Finding("record", str(error), tick=tick, accounts=(change.device,))

    def _sum(self, columns: EpochColumns, ticks: int) -> None:
        self._ticks += ticks
        self._closed |= passing(self._wiring().busbar, columns, self._wiring().supplies)
        for giver, taker, runs in columns:
            self._pairs[giver, taker] = self._pairs.get((giver, taker), 0) + total(runs)

    def _check(self, record: Committed, columns: EpochColumns, posted: bytes | None) -> Iterator[Finding]:
        self._stores |= {name for name, outcome in record.outcomes.items() if _is_store(outcome)}
        wiring = self._wiring()
        yield from self._windows.transfers(wiring, record, columns, posted)
        yield from self._lives.live(record, self._roster)
        yield from self._windows.memories(wiring.busbar, record, columns, (self._lives, self._roster))

    def _wiring(self) -> HomeWiring:
        """Who plays which part; it changes as seldom as the roster."""
        roster, stores = self._wired_for
        if roster is not self._roster or stores != len(self._stores):
            self._wired_for, self._wired = (self._roster, len(self._stores)), self._wire()
        return self._wired

    def _wire(self) -> HomeWiring:
        kinds = {name: member.kind for name, member in self._roster.items()}
        busbar = next((name for name, kind in sorted(kinds.items()) if kind == "inverter"), "inverter")
        stores = self._stores - {busbar} | {name for name, kind in kinds.items() if kind == "battery"}
        stores -= {name for name, kind in kinds.items() if kind == "car"}
        grids, supplies = (frozenset(name for name, kind in kinds.items() if kind == one) for one in ("grid", "gas"))
        return HomeWiring(busbar, grids, frozenset(stores), supplies)

    def _seal(self, record: Committed, counted: list[Counted]) -> Iterator[Finding]:
        assert self._born is not None, "windows are taken after the birth"
        said = {seal.epoch: seal for seal in record.seals}
        if [seal.epoch for seal in record.seals] != sorted(said):
            yield Finding("seal", "its seals must be of one epoch each, one after the other", tick=record.window.start)
        for epoch in counted:
            self._seals += 1
            self._sealed_ticks += epoch.ticks
            self._head_seal = seal_hash(self._born.home, self._born.tick_seconds, epoch, self._head_seal)
            seal = said.pop(epoch.epoch, None)
            if seal is None:
                yield Finding("seal", "the epoch is complete, and its seal is missing", epoch=epoch.epoch)
                continue
            yield from self._follow(seal)
            yield from check_seal(self._born.home, self._born.tick_seconds, seal, epoch)
        for epoch_number in said:
            yield Finding("seal", "it seals an epoch that its transfers do not complete", epoch=epoch_number)

    def _follow(self, seal: Seal) -> Iterator[Finding]:
        if seal.previous != self._said_seal:
            yield Finding("seal", f"it follows a seal {seal.previous}, and the seal before it is {self._said_seal}", epoch=seal.epoch)
        self._said_seal = seal.hash

    def _report(self, born: Born, head: str) -> AuditReport:
        accounts = _accounts(self._pairs)
        closed = {name: accounts[name].joules for name in sorted(self._closed) if name in accounts}
        return AuditReport(
            source=self._source.name,
            home=born.home,
            records=self._records,
            ticks=self._ticks,
            tick_seconds=born.tick_seconds,
            seals=self._seals,
            unsealed_ticks=self._next_tick - self._skipped_ticks - self._sealed_ticks,
            head=head,
            head_seal=self._head_seal,
            accounts=accounts,
            thinned_ticks=self._thinned_ticks,
            missing_joules=abs(sum(account.joules for account in accounts.values())) + sum(abs(joules) for joules in closed.values()),
            thorough=self._thorough,
            torn_bytes=self._source.torn_bytes,
            moved_away=tuple(self._source.moved_away),
            unknown=(*self._source.unknown, *filter(None, [self._windows.unpriced])),
            since_record=self._mark_check.first_number,
            mark=self._mark_check.next_mark(born.home),
            findings_count=self._findings.count,
            findings=self._findings.listed(),
        )


def _read(payload: bytes) -> tuple[JournalRecord | str, bytes]:
    if not shaped(payload):
        return "it is not a record of joulebus", b""
    _, text, posted = split(payload)
    try:
        return parse(text), posted
    except ValueError as error:
        return f"its words are not those of joulebus ({str(error).splitlines()[0]})", b""


def _columns(posted: bytes) -> tuple[EpochColumns, str]:
    try:
        return decode_columns(posted), ""
    except CoreError as error:
        return [], f"its transfers cannot be read ({error})"


def _gap(expected: int, start: int) -> Finding:
    if start > expected:
        return Finding("window", f"ticks {expected} to {start - 1} are missing", tick=expected)
    return Finding("window", f"ticks {start} to {expected - 1} were settled before; they are not counted again", tick=start)


def _is_store(outcome: Outcome) -> bool:
    return bool(outcome.level_microjoules or outcome.standby_carry_microjoules)


def _accounts(pairs: dict[AccountPair, int]) -> dict[str, Account]:
    names = sorted({name for pair in pairs for name in pair})
    taken = {name: sum(joules for (_, taker), joules in pairs.items() if taker == name) for name in names}
    given = {name: sum(joules for (giver, _), joules in pairs.items() if giver == name) for name in names}
    return {name: Account(taken[name], given[name]) for name in names}
