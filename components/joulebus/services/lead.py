"""How far time may run ahead of the historian. Pure.

The historian follows within a few settlements: that is the only back-pressure that the bus needs. One that is far behind (its database
was lost, or is being migrated) is rebuilt while time goes on. Then time may take half as many steps as the historian: it catches up, also
when time is flat out, and only a historian that does nothing stops time.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

LEAD_RECORDS = 8
RATE_SECONDS = 5.0
"""Over which the historian's rate is measured."""


@dataclass
class RecordRate:
    """How many records a second somebody has kept lately."""

    now: Callable[[], float]
    """A clock that never goes back, in s."""
    _heard: deque[tuple[float, int]] = field(default_factory=deque)

    def hear(self, number: int) -> None:
        """Everything up to this record is kept; fewer than before: a new count begins."""
        if self._heard and number < self._heard[-1][1]:
            self._heard.clear()
        self._heard.append((self.now(), number))
        while len(self._heard) > 2 and self._heard[1][0] < self._heard[-1][0] - RATE_SECONDS:
            self._heard.popleft()

    def per_second(self) -> int:
        """Up to now, so that it falls when nothing is heard any more."""
        if len(self._heard) < 2:
            return 0
        (began, first), (_, last) = self._heard[0], self._heard[-1]
        return round((last - first) / max(self.now() - began, 0.001))


@dataclass
class HistorianLead:
    """What the keeper knows of the historian."""

    rate: RecordRate
    kept: int
    """The last record that it has; at the start it is trusted to have all."""
    told: int = 0
    """The same, when it has said so itself."""
    _begun: int = 0
    _gap: int = 0
    """Where it was and how much it lacked when it was found to be far behind."""

    def hear(self, kept: int, number: int) -> None:
        """It says what it has, while the journal has ``number`` records. Less than before: it has lost its database."""
        gap = number - kept
        if gap > LEAD_RECORDS and (kept < self.kept or gap > self._limit_at(kept)):
            self._begun, self._gap = kept, gap
        self.kept = self.told = kept
        self.rate.hear(kept)

    def behind(self, number: int) -> int:
        """How many records it lacks when it is being rebuilt; 0 when it just follows."""
        lacks = number - self.kept
        return lacks if lacks > LEAD_RECORDS else 0

    def stops_time(self, number: int) -> bool:
        """Whether the next window must wait for it."""
        return number - self.kept >= self._limit_at(self.kept)

    def sentence(self, number: int) -> str:
        """How far behind it is."""
        return behind_sentence(number - self.kept, self.rate)

    def _limit_at(self, kept: int) -> int:
        return max(LEAD_RECORDS, self._gap + LEAD_RECORDS - (kept - self._begun) // 2)


def behind_sentence(lacks: int, rate: RecordRate) -> str:
    """How far behind a historian is, and how fast that changes when it is far behind."""
    keeps = f" and keeps {rate.per_second():,} a second" if lacks > LEAD_RECORDS else ""
    return f"it is {lacks:,} records behind{keeps}"
