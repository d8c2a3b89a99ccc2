"""What a home has moved, by span and resolution: read from the coarsest table that fits, exact to the joule.

A span is covered with pieces: whole days inside, quarter-hours at their edges, minutes at those, ticks at those. What the open epoch
has is counted from its records. Where finer slots are thinned out, the edges of a span move outwards to those that are kept.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from pydantic_core import from_json
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from joulebus.errors import PropertyError
from joulebus.historian import tables
from joulebus.historian.blocks import LEVELS, NO_LEVEL, Block, SeriesKey, ValueArray, empty, unpack_block
from joulebus.historian.days import days_between, local_day_of
from joulebus.historian.deriving import add, begin, glance, windows
from joulebus.historian.engine import refused
from joulebus.historian.lasting import LastingRecords
from joulebus.historian.roller import MINUTE_SLOT_SECONDS, Roller
from joulebus.report.calendar import ReportSpan, local_time
from joulebus_schemas.facts import DAY_SECONDS, EPOCH_SECONDS
from joulebus_schemas.journal import Born

BY_TICK, BY_MINUTE, BY_QUARTER, BY_DAY = range(4)
STEPS: dict[str, int] = {"1s": 1, "10s": 10, "1m": 60, "5m": 300, "15m": 900, "1h": 3_600}
"""Resolutions of equal length, in seconds."""
CALENDAR = ("day", "week", "month", "year")
RESOLUTIONS = (*STEPS, *CALENDAR)
PAGE_ROWS = 200


@dataclass(frozen=True)
class Facts:
    """What one must know about a home to read its history."""

    start_unix_seconds: int
    tick_seconds: int
    timezone: str
    number: int
    """The last record that is kept."""
    end_unix_seconds: int
    """The end of its last window."""
    rolled: int
    """Unix seconds: before them there are blocks."""
    minutes_from: int
    ticks_from: int
    records_from_tick: int = 0
    """Windows before it are thinned out."""


@dataclass(frozen=True)
class AskedSpan:
    """A span that is read, and the edges of its buckets; all in unix seconds."""

    start: int
    end: int
    resolution: str
    edges: tuple[int, ...]
    """Where each bucket begins, and the end of the last one."""


@dataclass
class HistoryReader:
    """Reads the blocks of one home; in each question nothing is written."""

    engine: Engine
    home: str
    _told: LastingRecords = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._told = LastingRecords(self.home)

    def has_begun(self) -> bool:
        """Whether the historian has kept anything of the home."""
        with self._reading() as connection:
            return bool(connection.execute(select(tables.watermark.c.derived).where(tables.watermark.c.home == self.home)).scalar())

    def facts(self) -> Facts:
        """Where the home and its history stand.

        Raises:
            PropertyError: The home has no record yet.
        """
        with self._reading() as connection:
            return self._facts(connection)

    def _facts(self, connection: Connection) -> Facts:
        mark, birth, record = tables.watermark, tables.home, tables.record.c
        row = connection.execute(select(mark, birth).join(birth, mark.c.home == birth.c.name).where(mark.c.home == self.home)).mappings()
        found = row.one_or_none()
        if found is None or not found["derived"]:
            raise PropertyError(f"a history begins with the first record, and of {self.home} there is none yet")
        last = select(record.start_tick + record.ticks).where(
            record.home == self.home, record.start_tick.is_not(None), record.number <= found["derived"]
        )
        tick = connection.execute(last.order_by(record.number.desc()).limit(1)).scalar() or 0
        return Facts(
            start_unix_seconds=found["start_unix_seconds"],
            tick_seconds=found["tick_seconds"],
            timezone=_timezone(found["place"]),
            number=found["derived"],
            end_unix_seconds=found["start_unix_seconds"] + tick * found["tick_seconds"],
            rolled=found["rolled_epoch"] * EPOCH_SECONDS,
            minutes_from=found["minutes_from_epoch"] * EPOCH_SECONDS,
            ticks_from=found["ticks_from_epoch"] * EPOCH_SECONDS,
            records_from_tick=found["records_from_tick"],
        )

    def birth(self) -> Born:
        """How the home was born.

        Raises:
            PropertyError: The home has no record yet.
        """
        with self._reading() as connection:
            self._told.read(connection, self._facts(connection).number)
        return self._told.born

    def series(self, asked: AskedSpan, sections: Sequence[str]) -> dict[SeriesKey, ValueArray]:
        """The values of each bucket by series; of a level the last one in it, or -1.

        Raises:
            PropertyError: The home has no record yet.
        """
        found = FoundSeries(asked.edges[:-1], sections)
        with self._reading() as connection:
            facts, level = self._facts(connection), _level(asked.resolution)
            for piece in cover(asked.start, min(asked.end, facts.rolled), level, facts):
                if piece.level == BY_DAY:
                    found.add_days(self._pages(connection, tables.day.c.quarter, tables.day.c.sums, piece))
                    continue
                reader = (self._ticks, self._minutes, self._quarters)[piece.level]
                for block in reader(connection, piece, facts):
                    found.add(block, piece.start, piece.end)
            if asked.end > facts.rolled:
                start = max(asked.start, facts.rolled)
                for block in self._counted(connection, start, asked.end, _slot(start, asked.end, level, facts), facts):
                    found.add(block, start, asked.end)
        return found.series

    def _quarters(self, connection: Connection, piece: "SpanPiece", facts: Facts) -> Iterator[Block]:
        first = local_day_of(piece.start // EPOCH_SECONDS, facts.timezone)[0]
        whole = SpanPiece(BY_QUARTER, first * EPOCH_SECONDS, piece.end)
        for quarter, payload in self._pages(connection, tables.day.c.quarter, tables.day.c.quarters, whole):
            end = local_day_of(quarter, facts.timezone)[1]
            yield unpack_block(payload, quarter * EPOCH_SECONDS, EPOCH_SECONDS, end - quarter)

    def _minutes(self, connection: Connection, piece: "SpanPiece", facts: Facts) -> Iterator[Block]:
        slot = max(MINUTE_SLOT_SECONDS, facts.tick_seconds)
        for epoch, payload in self._pages(connection, tables.minute_block.c.epoch, tables.minute_block.c.payload, piece):
            yield unpack_block(payload, epoch * EPOCH_SECONDS, slot, -(-EPOCH_SECONDS // slot))

    def _ticks(self, connection: Connection, piece: "SpanPiece", facts: Facts) -> Iterator[Block]:
        """From the blocks of thinned records, and from the records that follow them."""
        begun = piece.start
        for epoch, payload in self._pages(connection, tables.tick_block.c.epoch, tables.tick_block.c.payload, piece):
            begun = (epoch + 1) * EPOCH_SECONDS
            yield unpack_block(payload, epoch * EPOCH_SECONDS, facts.tick_seconds, EPOCH_SECONDS // facts.tick_seconds)
        if begun < piece.end:
            yield from self._counted(connection, begun, piece.end, facts.tick_seconds, facts)

    def _pages(self, connection: Connection, key: Any, payload: Any, piece: "SpanPiece") -> Iterator[tuple[int, bytes]]:
        """Keys and payloads of the rows that begin in a piece, or in whose epoch it begins; page by page."""
        first, last = piece.start // EPOCH_SECONDS, (piece.end - 1) // EPOCH_SECONDS
        while first <= last:
            query = select(key, payload).where(key.table.c.home == self.home, key.between(first, last)).order_by(key).limit(PAGE_ROWS)
            page = connection.execute(query).all()
            yield from ((int(row[0]), bytes(row[1])) for row in page)
            if len(page) < PAGE_ROWS:
                return
            first = page[-1][0] + 1

    def _counted(self, connection: Connection, start: int, end: int, slot: int, facts: Facts) -> list[Block]:
        """From the records themselves."""
        roller = Roller(slot, ReportSpan(start, end))
        first = (start - facts.start_unix_seconds) // facts.tick_seconds
        self._told.read(connection, facts.number)
        self._told.fold(facts.records_from_tick)
        begin(roller, self._told, first)
        last = -(-(end - facts.start_unix_seconds) // facts.tick_seconds)
        for row in connection.execute(windows(self.home, first, last, facts.number)).mappings():
            add(roller, glance(row["number"], bytes(row["payload"])))
        return roller.all()

    def _reading(self) -> Any:
        return _Reading(self.engine)


class _Reading:
    """A transaction whose database errors are ours."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._begun = engine, engine.begin()

    def __enter__(self) -> Connection:
        try:
            return self._begun.__enter__()
        except DBAPIError as error:
            raise refused(error, self._engine.url) from error

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._begun.__exit__(kind, error, trace)
        if isinstance(error, DBAPIError):
            raise refused(error, self._engine.url) from error


@dataclass(frozen=True)
class SpanPiece:
    """A part of a span and the table from which it is read; in unix seconds."""

    level: int
    start: int
    end: int


def cover(start: int, end: int, level: int, facts: Facts) -> list[SpanPiece]:
    """Pieces that cover a span, each of the coarsest level that fits, none coarser than ``level``."""
    if start >= end:
        return []
    if level == BY_TICK:
        return [SpanPiece(BY_TICK, start, end)]
    first, last = _inside(start, end, level, facts)
    if first >= last:
        return cover(start, end, level - 1, facts)
    return [*cover(start, first, level - 1, facts), SpanPiece(level, first, last), *cover(last, end, level - 1, facts)]


def _inside(start: int, end: int, level: int, facts: Facts) -> tuple[int, int]:
    """The whole slots inside of a span: where the first one begins and the last one ends."""
    if level == BY_DAY:
        day, following = local_day_of(start // EPOCH_SECONDS, facts.timezone)
        first = day if day * EPOCH_SECONDS >= start else following
        return first * EPOCH_SECONDS, local_day_of(end // EPOCH_SECONDS, facts.timezone)[0] * EPOCH_SECONDS
    step = EPOCH_SECONDS if level == BY_QUARTER else max(MINUTE_SLOT_SECONDS, facts.tick_seconds)
    return -(-start // step) * step, end // step * step


def span_of(facts: Facts, start: int | None, end: int | None, resolution: str, points: int) -> AskedSpan:
    """The span that can be answered, with its buckets: what is left out is a day up to now.

    Raises:
        PropertyError: The span is empty, or has more than ``points`` buckets.
    """
    until = facts.end_unix_seconds if end is None else min(end, facts.end_unix_seconds)
    since = max(until - DAY_SECONDS if start is None else start, facts.start_unix_seconds)
    if since >= until:
        raise PropertyError("a span must end after it begins and have a part between the start of the home and now; this one has none")
    finest = _finest(since, facts)
    since, until = _outwards(since, facts, down=True), min(_outwards(until, facts, down=False), facts.end_unix_seconds)
    since = max(since, facts.start_unix_seconds)
    wanted = _coarser(facts, finest) if resolution == "auto" else [max(resolution, *_coarser(facts, finest)[:1], key=RESOLUTIONS.index)]
    for one in wanted:
        edges = _edges(since, until, one, facts.timezone, points)
        if edges is not None:
            return AskedSpan(since, until, one, edges)
    raise PropertyError(
        f"an answer has at most {points:,} points, and {until - since:,} s at {wanted[0]} have more; ask for auto, or for less"
    )


def _coarser(facts: Facts, finest: int) -> list[str]:
    """The resolutions that can be answered, the finest first."""
    least = max(facts.tick_seconds, (1, MINUTE_SLOT_SECONDS, EPOCH_SECONDS)[finest])
    return [one for one in RESOLUTIONS if STEPS.get(one, DAY_SECONDS) >= least]


def _finest(moment: int, facts: Facts) -> int:
    return BY_TICK if moment >= facts.ticks_from else BY_MINUTE if moment >= facts.minutes_from else BY_QUARTER


def _outwards(moment: int, facts: Facts, down: bool) -> int:
    """The nearest moment at which slots that are kept begin."""
    step = (facts.tick_seconds, max(MINUTE_SLOT_SECONDS, facts.tick_seconds), EPOCH_SECONDS)[_finest(moment, facts)]
    floor = moment // step * step
    return floor if down or floor == moment else floor + step


def _level(resolution: str) -> int:
    """The coarsest level whose slots lie inside of the buckets."""
    step = STEPS.get(resolution)
    return BY_DAY if step is None else BY_QUARTER if step >= EPOCH_SECONDS else BY_MINUTE if step >= MINUTE_SLOT_SECONDS else BY_TICK


def _edges(start: int, end: int, resolution: str, timezone: str, points: int) -> tuple[int, ...] | None:
    """Where buckets begin, and the end; None when there are more than ``points`` of them."""
    step = STEPS.get(resolution)
    if step is None:
        inner = _calendar(start, end, resolution, timezone, points)
    else:
        offset = local_time(start, timezone).utcoffset()
        phase = int(offset.total_seconds()) % step if offset else 0
        first = (start + phase) // step * step - phase + step
        inner = None if (end - first) // step >= points else list(range(first, end, step))
    return None if inner is None or len(inner) >= points else (start, *inner, end)


def _calendar(start: int, end: int, resolution: str, timezone: str, points: int) -> list[int] | None:
    if (end - start) // DAY_SECONDS > 366 * points:
        return None
    days = [day * EPOCH_SECONDS for day in days_between(start // EPOCH_SECONDS, (end - 1) // EPOCH_SECONDS, timezone)]
    zone = ZoneInfo(timezone)
    keys = [_key(datetime.fromtimestamp(max(day, start), zone), resolution) for day in days]
    return [day for place, day in enumerate(days) if day > start and (place == 0 or keys[place] != keys[place - 1])]


def _key(local: datetime, resolution: str) -> Any:
    if resolution == "week":
        return local.isocalendar()[:2]
    return (local.year, local.month, local.day)[: {"year": 1, "month": 2, "day": 3}[resolution]]


def bucket_of(asked: AskedSpan, moment: int) -> int:
    """The number of the bucket in which a moment lies."""
    return bisect_right(asked.edges, moment) - 1


def _slot(start: int, end: int, level: int, facts: Facts) -> int:
    """The length in which the open epoch is counted."""
    is_fine = level == BY_TICK or start % MINUTE_SLOT_SECONDS or end % MINUTE_SLOT_SECONDS
    return facts.tick_seconds if is_fine else MINUTE_SLOT_SECONDS


class FoundSeries:
    """Gathers the values of buckets from blocks that come in order of time."""

    def __init__(self, starts: Sequence[int], sections: Sequence[str]) -> None:
        self.series: dict[SeriesKey, ValueArray] = {}
        self._starts, self._sections = np.array(starts, dtype=np.int64), sections

    def add(self, block: Block, start: int, end: int) -> None:
        """The slots of a block that begin in a span."""
        times = block.start + np.arange(block.slots) * block.slot_seconds
        inside = (times >= start) & (times < end)
        buckets = np.searchsorted(self._starts, times[inside], side="right") - 1
        for series, values in block.series.items():
            if series[0] in self._sections:
                self._put(series, buckets, values[inside])

    def add_days(self, rows: Iterator[tuple[int, bytes]]) -> None:
        """The sums of whole days, which are one number a series: a life has many."""
        for quarter, payload in rows:
            bucket = int(np.searchsorted(self._starts, quarter * EPOCH_SECONDS, side="right")) - 1
            for section, named in from_json(payload).items():
                if section not in self._sections:
                    continue
                for name, (value,) in named.items():
                    mine = self._mine((section, name))
                    mine[bucket] = value if section == LEVELS else mine[bucket] + value

    def _put(self, series: SeriesKey, buckets: ValueArray, values: ValueArray) -> None:
        mine = self._mine(series)
        if series[0] == LEVELS:
            known = values != NO_LEVEL
            mine[buckets[known]] = values[known]
        else:
            np.add.at(mine, buckets, values)

    def _mine(self, series: SeriesKey) -> ValueArray:
        mine = self.series.get(series)
        if mine is None:
            mine = self.series[series] = empty(series[0], len(self._starts))
        return mine


def _timezone(place: str) -> str:
    return str(from_json(place)["timezone"])
