"""Who is slow, and since when the clock has been stopped: measured beside the round, never part of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

OVERDUE_SECONDS = 1.0
WARN_AFTER_SECONDS = (2.0, 3.0, 6.0, 10.0)
"""Say it, say it again with more weight, then every ten seconds (the ladder of HELICS, in seconds)."""
FADING = 0.98
"""How much of what somebody held up is remembered a round later: who is slow now counts, not who was slow yesterday."""


@dataclass
class Watchdog:
    """Stopwatches of the open window."""

    now: Callable[[], float]
    held_seconds: dict[str, float] = field(default_factory=dict)
    """How long the window recently waited for each device after all others had answered."""

    def __post_init__(self) -> None:
        self._is_open = False
        self._moved_at = self._latest_at = self.now()
        self._warned = 0
        self._repeated_at = float("-inf")
        self._latest = ""
        self._alone_seconds = 0.0

    def opened(self, tick: int) -> None:
        """A window is open."""
        self._is_open, self._warned, self._latest = True, 0, ""
        self._moved_at = self._latest_at = self.now()

    def arrived(self, device: str) -> None:
        """A packet is here."""
        now = self.now()
        self._latest, self._alone_seconds, self._latest_at = device, now - self._latest_at, now

    def forget(self, device: str) -> None:
        """It has left the home."""
        self.held_seconds.pop(device, None)

    def settled(self) -> None:
        """The window is closed: whoever came last has held up the others."""
        if self._latest:
            self.held_seconds = {name: seconds * FADING for name, seconds in self.held_seconds.items()}
            self.held_seconds[self._latest] = self.held_seconds.get(self._latest, 0.0) + self._alone_seconds
        self._is_open, self._warned, self._moved_at = False, 0, self.now()

    def slowest(self) -> str | None:
        """Who lately held up the others the longest."""
        return max(sorted(self.held_seconds), key=lambda name: self.held_seconds[name], default=None)

    def still_seconds(self) -> float:
        """Seconds since a window was last opened or settled."""
        return self.now() - self._moved_at

    def is_overdue(self) -> bool:
        """Whether a window has been open for so long that something may have been lost."""
        return self._is_open and self.still_seconds() >= OVERDUE_SECONDS

    def may_warn(self) -> bool:
        """Whether to say (again) that the clock is stopped."""
        due = WARN_AFTER_SECONDS[self._warned] if self._warned < len(WARN_AFTER_SECONDS) else 10.0 * (self._warned - 2)
        if self.still_seconds() < due:
            return False
        self._warned += 1
        return True

    def may_repeat(self) -> bool:
        """At most one repetition per second, so that a network that has just recovered is not flooded."""
        if self.now() - self._repeated_at < OVERDUE_SECONDS:
            return False
        self._repeated_at = self.now()
        return True
