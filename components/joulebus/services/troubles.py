"""Parts of a home that end again and again, though each time they are started: seen by looking at how often each was."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

LOOKS = 60
"""Once a second: of the last minute."""
ENDS_MIN = 3
"""In that time; less can be bad luck."""


@dataclass
class Troubles:
    """How often each part was started again, look by look."""

    seen: deque[Mapping[str, int]] = field(default_factory=lambda: deque(maxlen=LOOKS))

    def look(self, restarts: Mapping[str, int]) -> dict[str, int]:
        """The parts that have ended too often lately, and how often."""
        self.seen.append(dict(restarts))
        ends = {name: count - self.seen[0].get(name, count) for name, count in restarts.items()}
        return {name: count for name, count in sorted(ends.items()) if count >= ENDS_MIN}
