"""Follows a home's journal into its market: books what a seal completes, sets segments ahead, seals on schedule. No bus, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from joulebus.errors import MarketError
from joulebus.homefile.market import MarketWords
from joulebus.journal.file import parse
from joulebus.journal.frames import split
from joulebus.market import ledger, setup
from joulebus.market.executor import Asked, Executor, OperationRefused, asked
from joulebus_schemas.journal import Born, Committed, Seal

LABELS_AHEAD_EPOCHS = 192
"""Segments are set for so many epochs ahead, and again when fewer than three quarters are left: the next 24 h are always known."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the home file says, and what the bookings need to know about the home."""

    words: MarketWords
    wiring: ledger.MarketWiring
    timezone: str = "UTC"


class Following:
    """The market of one home, as far as its journal is taken in."""

    def __init__(self, executor: Executor, plan: Plan) -> None:
        self._executor, self._plan = executor, plan
        self.carried = ledger.Carried.of(executor.mark.ledger)
        self.record = executor.mark.ledger_record
        self.tick = 0
        """The first tick that is not settled, as somebody said."""

    def now(self) -> int:
        """Milliseconds since 1970, in the time of the home."""
        return (self.carried.start_unix_seconds + self.tick * self.carried.tick_seconds) * 1000

    def take(self, first: int, payloads: Sequence[bytes]) -> None:
        """Take consecutive records in; those that are taken in already are left out."""
        if first > self.record + 1:
            raise MarketError(f"records must be taken in order, but record {first} came when {self.record + 1} is the next")
        for number, payload in enumerate(payloads[self.record + 1 - first :], self.record + 1):
            self._take(number, payload)

    def _take(self, number: int, payload: bytes) -> None:
        record = parse(split(payload)[1])
        if isinstance(record, Born):
            self._keep([], number, ledger.Carried({}, record.start_unix_seconds, record.tick_seconds))
            self._set_up(record.start_unix_seconds // ledger.EPOCH_SECONDS)
        elif isinstance(record, Committed):
            self.tick = max(self.tick, record.window.end)
            if record.seals:
                self._book(number, record.seals)
        self.record = number

    def _set_up(self, epoch: int) -> None:
        """What the home file says, before anything is booked."""
        self._done(self._executor.run_whole(setup.operations(self._executor, self._plan.words, epoch)))

    def catch_up_with_file(self) -> None:
        """At a start: what the file says otherwise now holds from the next epoch on."""
        if self.record:
            last = self._executor.books.last_sealed
            begun = self.carried.start_unix_seconds // ledger.EPOCH_SECONDS
            self._set_up(begun if last is None else max(last, *self.carried.unsealed, begun) + 1)

    def _book(self, number: int, seals: Sequence[Seal]) -> None:
        """Bookings, segments and due seals of a record, in the transaction that says how far we are."""
        calls: list[Asked] = []
        remainders, unsealed = dict(self.carried.remainders), list(self.carried.unsealed)
        calls += self._segments(seals[0].epoch, seals[-1].epoch)
        for seal in seals:
            booking, remainders = ledger.bookings(self._plan.wiring, seal, remainders)
            calls.append(asked("metering.book_epoch", booking.model_dump(mode="json")))
            unsealed.append(seal.epoch)
            due = [epoch for epoch in unsealed if epoch <= seal.epoch - self._plan.words.seal_after_epochs]
            calls += [asked("balancing.seal_epoch", {"epoch": epoch}) for epoch in due]
            unsealed = [epoch for epoch in unsealed if epoch not in due]
        start, tick_seconds = self.carried.start_unix_seconds, self.carried.tick_seconds
        self._keep(calls, number, ledger.Carried(remainders, start, tick_seconds, tuple(unsealed)))

    def _segments(self, first: int, last: int) -> list[Asked]:
        """Of the epochs that have none yet, up to two days ahead; half a day at a time."""
        words, engine = self._plan.words, self._executor.books.engine
        if not words.tariff or engine.label(last + LABELS_AHEAD_EPOCHS * 3 // 4) is not None:
            return []
        until = last + LABELS_AHEAD_EPOCHS
        begin = next(epoch for epoch in range(first, until) if engine.label(epoch) is None)
        found = setup.segments_of(words, self._plan.timezone, begin, until, engine.epoch_seconds)
        return [asked("tariff.set_labels", {"labels": found, "from_epoch": begin})]

    def _keep(self, calls: list[Asked], number: int, carried: ledger.Carried) -> None:
        self._done(self._executor.follow(calls, number, carried.text()))
        self.carried = carried

    def _done(self, outcomes: Sequence[object]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, OperationRefused):
                raise MarketError(
                    f"the market of {self._plan.wiring.home} cannot take in what its ledger says: {outcome.error}"
                ) from outcome.error
