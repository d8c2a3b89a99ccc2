"""The books in plain Python, as ARCHITECTURE.md describes them (Epochs and seals); it shares no line with the Rust core.

It knows how to count and how to hash. Who is right when two numbers differ is a question for ``audit.checks``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from joulebus_schemas.facts import ACCOUNTS, EPOCH_SECONDS, UNSERVED

NO_SEAL = "0" * 64

AccountPair = tuple[str, str]
"""From and to."""
ColumnRuns = list[tuple[int, int]]
"""(number of ticks, joules in each of them); behind the last run everything is 0."""
EpochColumns = list[tuple[str, str, ColumnRuns]]


@dataclass(frozen=True, slots=True)
class Sums:
    """What a seal says about a column."""

    joules: int
    moment: int
    hash: str
    runs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """An epoch as its transfers tell it."""

    epoch: int
    first_tick: int
    ticks: int
    columns: Mapping[AccountPair, Sums]


def total(runs: ColumnRuns) -> int:
    """Joules of a column."""
    return sum(count * joules for count, joules in runs)


def sums(pair: AccountPair, runs: ColumnRuns) -> Sums:
    """Sum, moment and hash of a column of an epoch, given as maximal runs over all of its ticks."""
    index, joules_sum, moment, text = 0, 0, 0, bytearray()
    for count, joules in runs:
        joules_sum += count * joules
        moment += joules * (count * (2 * index + count + 1) // 2)
        text += _uvarint(count) + _uvarint(joules)
        index += count
    head = f"joulebus column 1\n{pair[0]}\n{pair[1]}\n".encode()
    return Sums(joules_sum, moment, sha256(head + text).hexdigest(), tuple(runs))


def seal_hash(home: str, tick_seconds: int, counted: Counted, previous: str) -> str:
    """The hash of an epoch's seal."""
    head = (home, tick_seconds, counted.epoch, counted.first_tick, counted.ticks, previous)
    text = "joulebus seal 1\n" + "".join(f"{part}\n" for part in head)
    for (giver, taker), column in sorted(counted.columns.items()):
        text += f"{giver}>{taker} {column.joules} {column.moment} {column.hash}\n"
    return sha256(text.encode()).hexdigest()


def _uvarint(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))


@dataclass
class AuditLedger:
    """Counts transfers epoch by epoch; in memory there is never more than one epoch."""

    start_unix_seconds: int
    tick_seconds: int
    next_tick: int = 0
    _first_tick: int = 0
    _open: dict[AccountPair, ColumnRuns] = field(default_factory=dict)

    def post(self, start: int, ticks: int, columns: EpochColumns) -> list[Counted]:
        """Count a window; the answer is the epochs it completes."""
        spans = list(self._spans(start, ticks))
        pieces = [((giver, taker), cut_runs(runs, [count for _, count in spans])) for giver, taker, runs in columns]
        done = []
        for number, (first, count) in enumerate(spans):
            for pair, parts in pieces:
                _append(self._open.setdefault(pair, []), first - self._first_tick, parts[number])
            self.next_tick = first + count
            if self._epoch(self.next_tick) != self._epoch(first):
                done.append(self._seal(first))
        return done

    def _epoch(self, tick: int) -> int:
        return (self.start_unix_seconds + tick * self.tick_seconds) // EPOCH_SECONDS

    def _spans(self, start: int, ticks: int) -> Iterator[tuple[int, int]]:
        """The window cut at the ends of epochs: (first tick, number of ticks)."""
        end = start + ticks
        while start < end:
            seconds = (self._epoch(start) + 1) * EPOCH_SECONDS - self.start_unix_seconds
            cut = min(end, -(-seconds // self.tick_seconds))
            yield start, cut - start
            start = cut

    def _seal(self, tick: int) -> Counted:
        count = self.next_tick - self._first_tick
        for runs in self._open.values():
            _append(runs, count, [])
        columns = {pair: sums(pair, runs) for pair, runs in sorted(self._open.items()) if any(joules for _, joules in runs)}
        counted = Counted(self._epoch(tick), self._first_tick, count, columns)
        self._first_tick, self._open = self.next_tick, {}
        return counted


def _append(runs: ColumnRuns, place: int, piece: ColumnRuns) -> None:
    """Append a piece that begins at ``place``; the ticks between are 0, and runs stay maximal."""
    missing = place - sum(count for count, _ in runs)
    for count, joules in [(missing, 0), *piece]:
        if count and runs and runs[-1][1] == joules:
            runs[-1] = (runs[-1][0] + count, joules)
        elif count:
            runs.append((count, joules))


def cut_runs(runs: ColumnRuns, lengths: list[int]) -> list[ColumnRuns]:
    """Runs in consecutive pieces of so many ticks."""
    left, pieces = list(reversed(runs)), []
    for length in lengths:
        piece: ColumnRuns = []
        while length and left:
            count, joules = left.pop()
            taken = min(count, length)
            piece.append((taken, joules))
            length -= taken
            if count > taken:
                left.append((count - taken, joules))
        pieces.append(piece)
    return pieces


def passing(busbar: str, columns: EpochColumns, supplies: frozenset[str] = frozenset()) -> set[str]:
    """Accounts that only pass joules on and so move by 0 in every tick: the busbar, and panels that are fed by an origin.

    What a supply of fuel feeds is burnt.
    """
    ends, givers = {busbar} | ACCOUNTS, {busbar, UNSERVED} | supplies
    return {busbar} | {taker for giver, taker, _ in columns if giver not in givers and taker not in ends}


def imbalances(busbar: str, columns: EpochColumns, supplies: frozenset[str] = frozenset()) -> list[tuple[int, str, int]]:
    """(index of the tick, account, joules) wherever an account that passes on keeps or invents joules; a run of such ticks once."""
    closed = passing(busbar, columns, supplies)
    steps: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for giver, taker, runs in columns:
        for account, sign in ((giver, -1), (taker, 1)):
            if account in closed:
                _step(steps[account], runs, sign)
    return sorted((index, account, joules) for account, steps_of in steps.items() for index, joules in _levels(steps_of) if joules)


def _step(steps: dict[int, int], runs: ColumnRuns, sign: int) -> None:
    index = 0
    for count, joules in runs:
        steps[index] += sign * joules
        steps[index + count] -= sign * joules
        index += count


def _levels(steps: dict[int, int]) -> Iterator[tuple[int, int]]:
    level = 0
    for index in sorted(steps):
        level += steps[index]
        if steps[index]:
            yield index, level


def laid(sources: list[list[ColumnRuns]], sinks: list[list[ColumnRuns]], lay: "Laying | None" = None) -> dict[tuple[int, int], int]:
    """Joules by (source, sink), tick by tick: the sources are sun, producers, battery, grid, the sinks loads, battery, export, heat."""
    steps: dict[int, list[int]] = defaultdict(lambda: [0] * (len(sources) + len(sinks)))
    for place, columns in enumerate([*sources, *sinks]):
        for runs in columns:
            _step_place(steps, place, runs)
    flows: dict[tuple[int, int], int] = defaultdict(int)
    levels, ticks = [0] * (len(sources) + len(sinks)), sorted(steps)
    for tick, end in zip(ticks, ticks[1:], strict=False):
        levels = [level + step for level, step in zip(levels, steps[tick], strict=True)]
        for pair, joules in (lay or _lay)(levels[: len(sources)], levels[len(sources) :]):
            flows[pair] += joules * (end - tick)
    return flows


def _step_place(steps: dict[int, list[int]], place: int, runs: ColumnRuns) -> None:
    index = 0
    for count, joules in runs:
        if joules:
            steps[index][place] += joules
            steps[index + count][place] -= joules
        index += count


Laid = Iterator[tuple[tuple[int, int], int]]
Laying = Callable[[list[int], list[int]], Laid]
_SUN, _PRODUCERS, _BATTERY, _GRID = range(4)
_CHARGE, _HEAT = 1, 3


def _lay(sources: list[int], sinks: list[int]) -> Laid:
    """As ARCHITECTURE.md says: the sun charges first, who is converted loses, and AC production serves before the others."""
    orders = [(_SUN, _CHARGE, sources[_SUN])]
    sun, battery = sources[_SUN] - min(sources[_SUN], sinks[_CHARGE]), sources[_BATTERY]
    lost = min(sun + battery, sinks[_HEAT])
    of_sun = lost * sun // (sun + battery) if lost else 0
    orders += [(_SUN, _HEAT, of_sun), (_BATTERY, _HEAT, lost - of_sun)]
    orders += [(source, _HEAT, sources[source]) for source in (_GRID, _PRODUCERS)]
    orders += [(source, sink, sources[source]) for source in (_PRODUCERS, _SUN, _BATTERY, _GRID) for sink in range(4)]
    for source, sink, most in orders:
        joules = min(most, sources[source], sinks[sink])
        if joules:
            sources[source], sinks[sink] = sources[source] - joules, sinks[sink] - joules
            yield (source, sink), joules


def lay_in_line(sources: list[int], sinks: list[int]) -> Laid:
    """As joulebus 0.1 did: each source fills the sinks from the first one that is not full."""
    for source in range(len(sources)):
        for sink in range(len(sinks)):
            joules = min(sources[source], sinks[sink])
            if joules:
                sources[source], sinks[sink] = sources[source] - joules, sinks[sink] - joules
                yield (source, sink), joules
