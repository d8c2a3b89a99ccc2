"""The clock of a home: when which tick is due. Simulated time comes from here alone.

Tick k is due at ``anchor + (k - anchor_tick) * tick_seconds / speed``; nothing ever sleeps for "one tick", so nothing drifts.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from joulebus.files import replace_in_one_step

ROUNDS_PER_SECOND_MAX = 4
"""A faster clock makes longer windows, not more rounds: people see no more than this."""

WINDOW_SECONDS_MAX = 3_600
"""The longest window of simulated time, flat out or when catching up."""


LONG_SECONDS = 10.0
"""Until the next window: whoever waits so long is told why."""


@dataclass
class Clock:
    """Paced or flat out, paused or running; it only answers how many ticks may be opened now."""

    tick_seconds: int
    speed: float | None = 1.0
    """Simulated seconds per real second; None is flat out."""
    paused: bool = False
    until_tick: int | None = None
    """Time ends here: no later tick is ever due."""
    now: Callable[[], float] = time.monotonic
    file: Path | None = None
    """File for settings that people have changed, so that they survive the process."""

    def __post_init__(self) -> None:
        self.window_max = max(1, WINDOW_SECONDS_MAX // self.tick_seconds)
        self._steps = 0
        self.anchor(0)
        self._remember()

    def _remember(self) -> None:
        if self.file is not None:
            with suppress(OSError, ValueError, KeyError):
                kept = json.loads(self.file.read_text())
                self.speed, self.paused = kept["speed"], kept["paused"]

    def _keep(self) -> None:
        if self.file is not None:
            with suppress(OSError):  # A full disk stops time anyway.
                replace_in_one_step(self.file, json.dumps({"speed": self.speed, "paused": self.paused}).encode())

    def anchor(self, tick: int) -> None:
        """From this tick on, time is counted from now."""
        self._anchor_tick = tick
        self._anchor_time = self.now()

    def due(self, next_tick: int) -> int:
        """How many ticks from the next one on are due now; a whole window, when flat out."""
        due = self._due(next_tick)
        return due if self.until_tick is None else max(0, min(due, self.until_tick - next_tick))

    def _due(self, next_tick: int) -> int:
        if self.paused:
            return min(self._steps, self.window_max)
        if self.speed is None:
            return self.window_max
        passed = (self.now() - self._anchor_time) * self.speed / self.tick_seconds
        return max(0, self._anchor_tick + int(passed) - next_tick)

    def ticks(self, next_tick: int) -> int:
        """The window that may be opened now; 0: none yet."""
        due = self.due(next_tick)
        if self.paused or self.speed is None:
            return due
        return min(due, self.window_max) if due >= self._least(next_tick) else 0

    def _least(self, next_tick: int) -> int:
        """Ticks that make a window worth a round at this speed."""
        assert self.speed is not None
        least = max(1, min(int(self.speed / self.tick_seconds / ROUNDS_PER_SECOND_MAX), self.window_max))
        return least if self.until_tick is None else max(1, min(least, self.until_tick - next_tick))

    def wait_seconds(self, next_tick: int) -> float | None:
        """Seconds until the next window may be opened; None: not before somebody says so."""
        if self.paused:
            return 0.0 if self._steps else None
        if self.until_tick is not None and next_tick >= self.until_tick:
            return None
        if self.speed is None:
            return 0.0
        due_time = self._anchor_time + (next_tick + self._least(next_tick) - self._anchor_tick) * self.tick_seconds / self.speed
        return max(0.0, due_time - self.now())

    @property
    def stands(self) -> bool:
        """Whether it is paused and has no steps left."""
        return self.paused and not self._steps

    def why_nothing_is_due(self, next_tick: int) -> str | None:
        """Why no window is due for a while although the clock runs, in one sentence; None when one is."""
        if self.until_tick is not None and next_tick >= self.until_tick:
            return f"the time that this home was given ends at tick {self.until_tick}"
        wait = self.wait_seconds(next_tick)
        if self.paused or wait is None or wait < LONG_SECONDS:
            return None
        return f"at speed {self.speed:g}, tick {next_tick} is due in {wait:,.0f} s"

    def lag_ticks(self, next_tick: int) -> int:
        """How many ticks the home is behind what is due."""
        return 0 if self.paused or self.speed is None else max(0, self.due(next_tick) - self._least(next_tick))

    def committed(self, next_tick: int, ticks: int) -> None:
        """Ticks have been settled; steps are used up."""
        self._steps = max(0, self._steps - ticks)

    @property
    def ratio(self) -> float:
        """Simulated seconds per real second, as set: 0 while paused, infinite when flat out."""
        if self.paused:
            return 0.0
        return float("inf") if self.speed is None else self.speed

    def pause(self) -> None:
        """Stop after the open window."""
        self.paused, self._steps = True, 0
        self._keep()

    def resume(self, next_tick: int) -> None:
        """Go on from the next tick, as if no time had passed."""
        self.paused, self._steps = False, 0
        self.anchor(next_tick)
        self._keep()

    def step(self, ticks: int) -> None:
        """Pause after this many more ticks."""
        self.paused = True
        self._steps += ticks
        self._keep()

    def set_speed(self, speed: float | None, next_tick: int) -> None:
        """Another speed from the next tick on; None is flat out."""
        self.speed = speed
        self.anchor(next_tick)
        self._keep()
