"""Who is slow, and since when time stands still: measured beside the round, never part of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

OVERDUE_SECONDS = 1.0
WARN_AFTER_SECONDS = (2.0, 3.0, 6.0, 10.0)
"""Say it, say it again with more weight, then every ten seconds (the ladder of HELICS, in seconds)."""


@dataclass
class Watchman:
    """Stopwatches of the open window."""

    now: Callable[[], float]
    last_arrivals: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._opened_at: float | None = None
        self._warned = 0
        self._repeated_at = float("-inf")
        self._latest = ""

    def opened(self, tick: int) -> None:
        """A window is open."""
        self._opened_at, self._warned, self._latest = self.now(), 0, ""

    def arrived(self, device: str) -> None:
        """A packet is here."""
        self._latest = device

    def settled(self) -> None:
        """The window is closed: whoever came last is counted."""
        if self._latest:
            self.last_arrivals[self._latest] = self.last_arrivals.get(self._latest, 0) + 1
        self._opened_at = None

    def slowest(self) -> str | None:
        """Who came last most often."""
        return max(sorted(self.last_arrivals), key=lambda name: self.last_arrivals[name], default=None)

    def blocked_seconds(self) -> float | None:
        """For how long the window has been open, when that is too long."""
        if self._opened_at is None:
            return None
        seconds = self.now() - self._opened_at
        return seconds if seconds >= OVERDUE_SECONDS else None

    def is_overdue(self) -> bool:
        """Whether something may have been lost."""
        return self.blocked_seconds() is not None

    def may_warn(self) -> bool:
        """Whether it is time to say (again) that time stands still."""
        seconds = self.blocked_seconds() or WARN_AFTER_SECONDS[0] + 10 * self._warned
        due = WARN_AFTER_SECONDS[self._warned] if self._warned < len(WARN_AFTER_SECONDS) else 10.0 * (self._warned - 2)
        if seconds < due:
            return False
        self._warned += 1
        return True

    def may_repeat(self) -> bool:
        """At most one repetition a second, or a healed network drowns in them."""
        if self.now() - self._repeated_at < OVERDUE_SECONDS:
            return False
        self._repeated_at = self.now()
        return True
