"""Follows a home's journal into its market: books what a seal completes, sets segments ahead, seals on schedule. No bus, no clock."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from joulebus.errors import MarketError
from joulebus.homefile.market import MarketWords
from joulebus.journal.file import parse
from joulebus.journal.frames import checkpoint_number, numbered, split
from joulebus.market import ledger, setup
from joulebus.market.asking import Asked, Asker, OperationRefused, asked
from joulebus.market.calls.assets import LEDGER_ROLE
from joulebus.market.executor import Executor
from joulebus_schemas.facts import EPOCH_SECONDS
from joulebus_schemas.journal import Born, Checkpoint, Committed, Seal

LABELS_AHEAD_EPOCHS = 192
"""Segments are set for so many epochs ahead, and again when fewer than three quarters are left: the next 24 h are always known."""
SEALS_AT_ONCE_MAX = 96
TROUBLES_MAX = 5
BALANCER = "balancer"
"""The name under which what the ledger says is asked for."""

_log = logging.getLogger("joulebus.market")


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
        self._by = Asker(f"{plan.wiring.home}/{BALANCER}", LEDGER_ROLE)
        if self.record:
            executor.books.followed.next_epoch = self._first_not_booked()

    def now(self) -> int:
        """Milliseconds since 1970, in the time of the home."""
        return (self.carried.start_unix_seconds + self.tick * self.carried.tick_seconds) * 1000

    def take(self, first: int, payloads: Sequence[bytes]) -> None:
        """Take consecutive records in; those that are taken in already are left out. Raises MarketError when one is missing.

        What was compacted after a part of it was taken in is taken in whole: its seals are those of its last record.
        """
        is_begun_late = not self.record and any(checkpoint_number(payload) for payload in payloads[:1])
        if first > self.record + 1 and not is_begun_late:
            raise MarketError(f"records must be taken in order, but record {first} came when {self.record + 1} is the next")
        for frame in numbered(first, payloads):
            if frame.number > self.record:
                self._take(frame.number, frame.payload)

    def _take(self, number: int, payload: bytes) -> None:
        record = parse(split(payload)[1])
        if isinstance(record, Born):
            self._begin(number, record, 0)
        elif isinstance(record, Checkpoint) and not self.record:
            self._begin(number, record.born, record.next_tick)
        elif isinstance(record, Committed):
            self.tick = max(self.tick, record.window.end)
            if record.seals:
                self._book(number, record.seals)
        self.record = self._executor.books.followed.record = number

    def _begin(self, number: int, born: Born, tick: int) -> None:
        """What the file says holds from the first tick that is there."""
        carried = ledger.Carried({}, born.start_unix_seconds, born.tick_seconds, file=setup.plain(self._plan.words))
        begun = (born.start_unix_seconds + tick * born.tick_seconds) // EPOCH_SECONDS
        self._keep(setup.operations(self._executor, self._plan.words, begun), number, lambda answers: carried)

    def catch_up_with_file(self) -> None:
        """At a start: what the file has changed since it was last applied holds from the next epoch on; what was set live stays."""
        if not self.record:
            return
        words, file = self._plan.words, setup.plain(self._plan.words)
        before = None if self.carried.file is None else MarketWords.model_validate_json(json.dumps(self.carried.file))
        news = setup.difference(self._executor, before or words, words, self._next_epoch())
        self._executor.books.followed.notes = news.notes
        if news.calls or self.carried.file != file:
            carried = replace(self.carried, file=file)
            self._keep(news.calls, self.record, lambda answers: carried)
            self._executor.books.followed.notes += tuple(filter(None, [self._executor.books.followed.trouble]))

    def _next_epoch(self) -> int:
        begun = self.carried.start_unix_seconds // EPOCH_SECONDS
        last = self._executor.books.last_sealed
        return max([begun - 1, *self.carried.unsealed, *([] if last is None else [last])]) + 1

    def _first_not_booked(self) -> int:
        """The first epoch of which the ledger has said nothing yet."""
        return self._next_epoch() if self.carried.booked is None else self.carried.booked + 1

    def _book(self, number: int, seals: Sequence[Seal]) -> None:
        """Bookings, segments and due seals of a record, in the transaction that says how far we are."""
        calls: list[Asked] = self._segments(seals[0].epoch, seals[-1].epoch)
        remainders, unsealed = dict(self.carried.remainders), list(self.carried.unsealed)
        due: dict[int, int] = {}
        for seal in seals:
            booking, remainders = ledger.bookings(self._plan.wiring, seal, remainders)
            calls.append(asked("metering.book_epoch", booking.model_dump(mode="json")))
            unsealed.append(seal.epoch)
            for epoch in [one for one in unsealed if one <= seal.epoch - self._plan.words.seal_after_epochs][:SEALS_AT_ONCE_MAX]:
                due[len(calls)] = epoch
                calls.append(asked("balancing.seal_epoch", {"epoch": epoch}))
            unsealed = [epoch for epoch in unsealed if epoch not in due.values()]

        def carried(answers: Sequence[object]) -> ledger.Carried:
            refused = {epoch for place, epoch in due.items() if isinstance(answers[place], OperationRefused)}
            return replace(self.carried, remainders=remainders, unsealed=tuple(sorted({*unsealed, *refused})), booked=seals[-1].epoch)

        self._keep(calls, number, carried)

    def _segments(self, first: int, last: int) -> list[Asked]:
        """Segments for the epochs that have none yet, up to two days ahead; half a day at a time. What somebody has labelled stays."""
        words, engine = self._plan.words, self._executor.books.engine
        until = last + LABELS_AHEAD_EPOCHS
        if not words.tariff or all(engine.label(epoch) is not None for epoch in range(first, last + LABELS_AHEAD_EPOCHS * 3 // 4 + 1)):
            return []
        found = setup.segments_of(words, self._plan.timezone, first, until, engine.epoch_seconds)
        missing = [epoch for epoch in range(first, until) if engine.label(epoch) is None]
        stretches = (list(group) for _, group in groupby(enumerate(missing), key=lambda pair: pair[1] - pair[0]))
        return [
            asked("tariff.set_labels", {"labels": [found[epoch - first] for _, epoch in stretch], "from_epoch": stretch[0][1]})
            for stretch in stretches
        ]

    def _keep(self, calls: Sequence[Asked], number: int, carried: Callable[[Sequence[object]], ledger.Carried]) -> None:
        """Commit calls with how far the ledger is taken in; what was refused is trouble, and stops nothing."""
        with self._executor.change(guarded=False) as change:
            answers = [change.execute(one._replace(by=self._by)) for one in calls]
            news = carried(answers)
            change.follow(number, news.text())
        self.carried = news
        followed = self._executor.books.followed
        followed.next_epoch = self._first_not_booked()
        refused = [
            (one.call.name, answer.error) for one, answer in zip(calls, answers, strict=True) if isinstance(answer, OperationRefused)
        ]
        trouble = "; ".join(f"{name}: {error}" for name, error in refused[:TROUBLES_MAX]) or None
        if trouble is not None:
            _log.warning("the market of %s cannot do all that its ledger and its file say: %s", self._plan.wiring.home, trouble)
        followed.trouble = trouble
