"""What a market has booked from its home's ledger, against the seals of that ledger: epoch by epoch, to the last joule that is carried.

Both are read once, side by side, and nothing is kept of what agrees: a market of fifty years takes no more memory than one of a day.
Where records were moved away, what was carried into the next epoch is unknown; it is then as small and as large as it can have been,
and each booking that follows narrows it down.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from joulebus.audit.report import Finding
from joulebus.audit.sources import open_source
from joulebus.journal.file import parse
from joulebus.journal.frames import shaped, split
from joulebus.market import ledger
from joulebus.market.calls.assets import LEDGER_ROLE
from joulebus.market.change import BOOKING
from joulebus.market.ledger import JOULES_OF_A_WATT_HOUR, MarketWiring
from joulebus.market.store import MarketStore, Operation
from joulebus_schemas.journal import Born, Checkpoint, Committed, JournalRecord, Seal
from joulebus_schemas.market.metering import BookEpoch, EpochValue
from joulebus_schemas.roster import Member

NO_SEAL_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Remainder:
    """Joules that are less than a Wh, of one register: at least and at most, which is the same where all is known."""

    least: int = 0
    most: int = 0

    def with_joules(self, joules: int) -> "Remainder":
        """More of them."""
        return Remainder(self.least + joules, self.most + joules)

    def without(self, watt_hours: int) -> "Remainder":
        """What is left when so many Wh were booked."""
        booked = watt_hours * JOULES_OF_A_WATT_HOUR
        return Remainder(max(self.least - booked, 0), min(self.most - booked, JOULES_OF_A_WATT_HOUR - 1))

    def has(self, joules: int) -> bool:
        """Whether it can have been so many."""
        return self.least <= joules <= self.most


UNKNOWN_REMAINDER = Remainder(0, JOULES_OF_A_WATT_HOUR - 1)


class SealedLedger:
    """The seals of a journal or of a historian's database, in order, and how the home was born."""

    def __init__(self, books: str | Path, home: str | None) -> None:
        self._source = open_source(books, home)
        self.members: dict[str, Member] = {}
        self.home, self.last = "", 0
        self.begins = 0, 1
        """Unix seconds of tick 0, and the length of a tick."""
        self._epoch = -1

    def seals(self) -> Iterator[tuple[int, Seal]]:
        """Each with the number of its record."""
        older = self._source.older_seals()
        for entry in self._source.entries():
            record = _read(entry.payload)
            self.last = entry.number
            born = record.born if isinstance(record, Checkpoint) else record
            if isinstance(born, Born) and not self.home:
                self.home, self.members = born.home, dict(born.members)
                self.begins = born.start_unix_seconds, born.tick_seconds
                yield from self._news(older)
            elif isinstance(record, Committed):
                yield from self._news((entry.number, seal) for seal in record.seals)

    def _news(self, found: Iterable[tuple[int, Seal]]) -> Iterator[tuple[int, Seal]]:
        """Without what a database tells twice: its table of seals, and a record that is kept whole."""
        for number, seal in found:
            if seal.epoch > self._epoch:
                self._epoch = seal.epoch
                yield number, seal

    def wiring(self, points: tuple[str, ...]) -> MarketWiring:
        """Where the joules of some points are."""
        kinds = {name: member.kind for name, member in self.members.items()}
        busbar = next((name for name, kind in sorted(kinds.items()) if kind == "inverter"), "inverter")
        return MarketWiring(self.home, busbar, frozenset(name for name, kind in kinds.items() if kind == "grid"), points)


def _read(payload: bytes) -> JournalRecord | None:
    """A record; None for what is none, which the audit of the ledger reports."""
    try:
        return parse(split(payload)[1]) if shaped(payload) else None
    except ValueError:
        return None


class BookedEpochs:
    """What was booked from a ledger, in the order in which it was: one epoch after the other."""

    def __init__(self, store: MarketStore) -> None:
        self._bookings = (BookEpoch.model_validate_json(one.arguments) for one in store.operations() if is_of_ledger(one))
        self._next = next(self._bookings, None)
        self.points = tuple(value.meter_id for value in self._next.values) if self._next else ()
        self.count = 0

    def before(self, epoch: int) -> Iterator[int]:
        """Epochs that were booked and come before one, whose turn it is."""
        while self._next is not None and int(self._next.epoch) < epoch:
            yield int(self._take().epoch)

    def of(self, epoch: int) -> BookEpoch | None:
        """The booking of an epoch, if it is the next one."""
        return self._take() if self._next is not None and int(self._next.epoch) == epoch else None

    def rest(self) -> Iterator[int]:
        """Epochs that are left."""
        while self._next is not None:
            yield int(self._take().epoch)

    def _take(self) -> BookEpoch:
        taken, self._next = self._next, next(self._bookings, None)
        assert taken is not None, "somebody has looked"
        self.points = tuple(value.meter_id for value in taken.values)
        self.count += 1
        return taken


class BookingCheck:
    """One walk along a ledger and its market."""

    def __init__(self, books: str | Path, home: str | None, store: MarketStore) -> None:
        self._ledger, self._store = SealedLedger(books, home), store
        self._mark = store.mark()
        self._remainders: dict[str, tuple[Remainder, Remainder]] = {}
        self._has_gap = False
        self.booked = self.behind = self.not_compared = 0
        """Epochs of the ledger that were booked; that it has sealed and the market has not taken in; whose records are elsewhere."""

    def findings(self) -> Iterator[Finding]:
        """All that does not agree."""
        try:
            yield from self._epochs(BookedEpochs(self._store))
        except ValidationError:
            yield Finding("market", "the arguments of a booking cannot be read")

    def _epochs(self, booked: BookedEpochs) -> Iterator[Finding]:
        unsealed = self._unsealed()
        head = NO_SEAL_HASH
        for number, seal in self._ledger.seals():
            if number > self._mark.ledger_record:
                self.behind += 1
                continue
            unsealed.discard(seal.epoch)
            is_behind_a_gap, head = seal.previous != head, seal.hash
            for epoch in booked.before(seal.epoch):
                yield from self._without_seal(epoch, is_behind_a_gap)
            if is_behind_a_gap:
                self._has_gap, unknown = True, (UNKNOWN_REMAINDER, UNKNOWN_REMAINDER)
                self._remainders = dict.fromkeys(self._remainders, unknown)
            yield from self._epoch(booked, number, seal)
        for epoch in booked.rest():
            yield from self._without_seal(epoch, is_elsewhere=False)
        self.booked = booked.count
        yield from self._carried(unsealed)

    def _without_seal(self, epoch: int, is_elsewhere: bool) -> Iterator[Finding]:
        if is_elsewhere:
            self.not_compared += 1
        else:
            yield Finding("market", "the market has booked it, and no ledger has sealed it", epoch=epoch)

    def _epoch(self, booked: BookedEpochs, number: int, seal: Seal) -> Iterator[Finding]:
        have = booked.of(seal.epoch)
        wiring = self._ledger.wiring(booked.points)
        if have is not None and (have.epoch, have.source) != (seal.epoch, source := ledger.source_of(wiring.home, seal)):
            text = f'it was booked with the source "{have.source}", and the ledger says "{source}"'
            yield Finding("market", text, record=number, epoch=seal.epoch, tick=seal.first_tick)
        was_booked = False
        said = {} if have is None else {value.meter_id: value for value in have.values}
        for point in wiring.points:
            right = self._right(wiring, seal, point, said.get(point))
            was_booked |= bool(right.import_wh or right.export_wh)
            if have is not None and said[point] != right:
                yield _differing(number, seal, said[point], right)
        if have is None and was_booked:  # Markets before 0.2 did not keep a booking of nothing.
            yield Finding("market", "the ledger has sealed it, and the market has not booked it", record=number, epoch=seal.epoch)

    def _right(self, wiring: MarketWiring, seal: Seal, point: str, said: EpochValue | None) -> EpochValue:
        """What the ledger says: what was booked, if that can be so."""
        unknown = UNKNOWN_REMAINDER if self._has_gap else Remainder()
        before = self._remainders.get(point, (unknown, unknown))
        booked = (0, 0) if said is None else (said.import_wh, said.export_wh)
        watt_hours, left = [], []
        for have, remainder, joules in zip(booked, before, ledger.joules_of(wiring, seal, point), strict=True):
            sums = remainder.with_joules(joules)
            wh = min(max(have, sums.least // JOULES_OF_A_WATT_HOUR), sums.most // JOULES_OF_A_WATT_HOUR)
            watt_hours.append(wh)
            left.append(sums.without(wh))
        self._remainders[point] = (left[0], left[1])
        return EpochValue(meter_id=point, import_wh=watt_hours[0], export_wh=watt_hours[1])

    def _unsealed(self) -> set[int]:
        """Epochs of which the market says that they are booked and wait for their seal."""
        try:
            return {*ledger.Carried.of(self._mark.ledger).unsealed} if self._mark.ledger_record else set()
        except (ValueError, TypeError, AttributeError):
            return set()  # What cannot be read is reported where it is compared.

    def _carried(self, strangers: set[int]) -> Iterator[Finding]:
        """What is kept for the next booking; markets of today keep it with a checksum, because nothing else knows the home file's words."""
        mark, last = self._mark, self._ledger.last
        if mark.ledger_record > last or not 0 <= mark.published <= mark.revision:
            text = f"it has taken record {mark.ledger_record} in and published revision {mark.published}, which are not there"
            yield Finding("market", text)
        if not mark.ledger_record:
            return
        try:
            is_right, is_whole = self._agrees(ledger.Carried.of(mark.ledger)), ledger.is_whole(mark.ledger)
        except (ValueError, TypeError, AttributeError):
            yield Finding("market", "what it carries to the next booking cannot be read")
            return
        if is_whole is False or is_whole is None and self._store.knows_askers():
            yield Finding("market", "what it remembers of the ledger and of the home file was changed")
        if not is_right:
            yield Finding("market", "what it carries to the next booking is not what the ledger leads to")
        if strangers and not self._has_gap:
            yield Finding("market", "it waits for the seal of an epoch that was never booked", epoch=min(strangers))

    def _agrees(self, kept: ledger.Carried) -> bool:
        if (kept.start_unix_seconds, kept.tick_seconds) != self._ledger.begins:
            return False
        unknown = dict.fromkeys(kept.remainders, (UNKNOWN_REMAINDER, UNKNOWN_REMAINDER)) if self._has_gap else {}
        wanted = unknown | self._remainders
        if kept.remainders.keys() != wanted.keys():
            return False
        pairs = (zip(wanted[point], said, strict=True) for point, said in kept.remainders.items())
        return all(remainder.has(joules) for pair in pairs for remainder, joules in pair)


def _differing(number: int, seal: Seal, said: EpochValue, right: EpochValue) -> Finding:
    text = (
        f"{said.import_wh} Wh taken and {said.export_wh} Wh given were booked, and the ledger says {right.import_wh} and "
        f"{right.export_wh} in ticks {seal.first_tick} to {seal.first_tick + seal.ticks - 1}"
    )
    return Finding("market", text, record=number, epoch=seal.epoch, tick=seal.first_tick, accounts=(said.meter_id,))


def is_of_ledger(one: Operation) -> bool:
    """Whether an operation is a booking from a ledger; before 0.2 nobody has kept who asked."""
    return one.call == BOOKING and one.role in (None, LEDGER_ROLE) and f'"source":"{ledger.OF_LEDGER}' in one.arguments
