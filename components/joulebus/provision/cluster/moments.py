"""What time it is, for a home in a cluster: as the cluster writes it, and to measure patience."""

import time
from datetime import UTC, datetime


def moment() -> str:
    """Now, as Events and annotations have it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def micro_moment() -> str:
    """Now, as a Lease has it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def unix_now() -> float:
    """Now, as tickets have it."""
    return time.time()


def patience_seconds() -> float:
    """A clock that never goes back."""
    return time.monotonic()
