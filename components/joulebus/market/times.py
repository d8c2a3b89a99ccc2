"""Times and epochs as people and the predecessor write them: numbers of epochs, milliseconds, ISO 8601."""

from datetime import UTC, datetime

from joulebus.errors import MarketError

MILLISECONDS_MIN = 10**11
"""Less is a mistake: seconds, or the number of an epoch."""
YEAR_MIN, YEAR_MAX = 1970, 2200


def unix_milliseconds(time: int | str, what: str = "time") -> int:
    """A moment in whole milliseconds since 1970.

    Raises:
        MarketError: It is not a time, has no offset, or lies out of range.
    """
    if isinstance(time, int):
        if not MILLISECONDS_MIN <= time < 10**14:
            raise MarketError(
                f"{what} must be milliseconds since 1970 or an ISO 8601 time, but was {time}; seconds must be given times 1000"
            )
        return time
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        raise MarketError(f'{what} must be an ISO 8601 time such as 2026-06-21T12:00:00Z, or milliseconds, but was "{time}"') from None
    if moment.tzinfo is None:
        raise MarketError(f'{what} must say its offset from UTC, but was "{time}"; in UTC that is "{utc_text(moment)}"')
    if not YEAR_MIN <= moment.year <= YEAR_MAX or not YEAR_MIN <= moment.astimezone(UTC).year < YEAR_MAX:
        raise MarketError(f'{what} must be between {YEAR_MIN} and {YEAR_MAX}, but was "{time}"')
    return round(moment.timestamp() * 1000)


def epoch_number(epoch: int | str, epoch_seconds: int, what: str = "epoch") -> int:
    """The number of an epoch, given as a number or as a moment within it.

    Raises:
        MarketError: It is neither the number of an epoch nor a time.
    """
    if isinstance(epoch, str):
        return int(epoch) if epoch.isascii() and epoch.isdecimal() else unix_milliseconds(epoch, what) // (epoch_seconds * 1000)
    if not 0 <= epoch < 10**11:
        raise MarketError(f"{what} must be the number of an epoch (unix seconds / {epoch_seconds}) or a time, but was {epoch}")
    return epoch


def utc_text(moment: datetime) -> str:
    """A moment without an offset, as it is written in UTC; a date is its midnight."""
    return moment.isoformat(timespec="seconds") + "Z"


def utc_of(seconds: int) -> str:
    """A moment in the calendar."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
