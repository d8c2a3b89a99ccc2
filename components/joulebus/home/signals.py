"""What a device has heard from those whom it hears: blocks of signals, and the cut that a window needs.

A sun publishes hours at once, because nothing that happens in the home can change what it says. So most rounds need no
signal at all, and whoever hears it cuts its window out of the block. A cut never changes a value.
"""

from dataclasses import dataclass

from joulebus_schemas.base import Window
from joulebus_schemas.rounds import Forecast, Signal
from joulebus_schemas.series import RunLengths, Sampled

JUMP = 180_000_000
"""More than this between two knots is no way: the azimuth of a sun that goes through the north begins again at 0."""


def cut_signal(signal: Signal, block: Window, window: Window, tick_seconds: int) -> Signal:
    """The part of a block's signal that covers a window inside the block."""
    skip = window.start - block.start
    if isinstance(signal, RunLengths):
        return RunLengths(form="run_lengths", run_lengths=_cut_runs(signal.run_lengths, skip, window.ticks))
    return _cut_sampled(signal, skip * tick_seconds, window.ticks * tick_seconds)


def values_at(forecast: Forecast, window: Window, tick_seconds: int) -> dict[str, int]:
    """Each signal of a block at the beginning of a window; nothing when the block does not cover it."""
    if not forecast.span.start <= window.start < forecast.span.end:
        return {}
    cut = {name: cut_signal(signal, forecast.span, window, tick_seconds) for name, signal in forecast.signals.items()}
    return {name: signal.run_lengths[0][1] if isinstance(signal, RunLengths) else between_knots(signal) for name, signal in cut.items()}


def between_knots(signal: Sampled) -> int:
    """The value at the beginning of a cut: between its first two knots, in proportion to the time; a jump keeps the knot before."""
    before, after = signal.values[:2]
    if abs(after - before) > JUMP:
        return before
    return before + (after - before) * signal.lead_seconds // signal.grid_seconds


def _cut_sampled(signal: Sampled, skip_seconds: int, seconds: int) -> Sampled:
    grid = signal.grid_seconds
    first, lead = divmod(signal.lead_seconds + skip_seconds, grid)
    knots = -(-(lead + seconds) // grid) + 1
    values = signal.values[first : first + max(knots, 2)]
    return Sampled.model_construct(form="sampled", grid_seconds=grid, lead_seconds=lead, values=values)


def _cut_runs(runs: tuple[tuple[int, int], ...], skip: int, ticks: int) -> tuple[tuple[int, int], ...]:
    out: list[tuple[int, int]] = []
    for count, value in runs:
        taken = min(max(count - skip, 0), ticks)
        skip = max(skip - count, 0)
        if taken:
            out.append((taken, value))
            ticks -= taken
        if not ticks:
            break
    return tuple(out)


@dataclass
class Inbox:
    """The latest block of each heard device, and which of them are too old to be used."""

    tick_seconds: int
    hears: tuple[str, ...]

    def __post_init__(self) -> None:
        self.blocks: dict[str, Forecast] = {}

    def take(self, name: str, forecast: Forecast) -> None:
        """Keep a block, unless a newer one of the same device is already here."""
        have = self.blocks.get(name)
        if have is None or forecast.revision >= have.revision:
            self.blocks[name] = forecast

    def missing(self, window: Window, revisions: dict[str, int]) -> tuple[str, ...]:
        """Whom it still has to hear before it can answer for a window."""
        return tuple(name for name in self.hears if not self._covers(name, window, revisions.get(name, 0)))

    def _covers(self, name: str, window: Window, revision: int) -> bool:
        forecast = self.blocks.get(name)
        return (
            forecast is not None
            and forecast.revision >= revision
            and forecast.span.start <= window.start
            and forecast.span.end >= window.end
        )

    def reach(self, window_end: int) -> int:
        """Until which tick all heard blocks go."""
        return min((self.blocks[name].span.end for name in self.hears), default=window_end)

    def heard(self, window: Window) -> dict[str, dict[str, Signal]]:
        """The signals of a window by device and name."""
        return {name: self._heard(self.blocks[name], window) for name in self.hears}

    def _heard(self, forecast: Forecast, window: Window) -> dict[str, Signal]:
        return {key: cut_signal(signal, forecast.span, window, self.tick_seconds) for key, signal in forecast.signals.items()}
