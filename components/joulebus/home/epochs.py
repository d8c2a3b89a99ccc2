"""Where a home's epochs end."""

from joulebus_schemas.facts import EPOCH_SECONDS
from joulebus_schemas.journal import Born


def epoch_end(born: Born, tick: int) -> int:
    """The first tick after the epoch of a tick."""
    begins, seconds = born.start_unix_seconds, born.tick_seconds
    epoch = (begins + tick * seconds) // EPOCH_SECONDS
    return -(-((epoch + 1) * EPOCH_SECONDS - begins) // seconds)
