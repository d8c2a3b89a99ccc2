"""What can go wrong in the world. A bug is an assertion; these are said to people: what must hold, what was, how to mend it.

JoulebusError
├── UsageError         an option or an argument of the command line is wrong
├── HomeFileError      the home file says something that cannot be (with file, line and path)
├── PropertyError      a property was refused (names the fields)
├── RosterError        no such device, a name taken, a cycle of who hears whom
├── JournalError       a journal that cannot be read or continued
│   ├── DamageError    bytes of it are not as they were written (frames.py)
│   └── GapError       the historian was given a record that does not follow (historian/store.py)
├── MarketError        the market cannot do what was asked, or its store cannot be used
├── AuditError         the books were tampered with or do not close
├── ReportError        a report, a comparison or a catalogue was asked for that cannot be made
├── WeatherError       a weather file with gaps, of the wrong year, or unreadable
├── ModelsError        the specification at a models URL is damaged, or another major version (models.py)
├── BusError           the router is not reachable, or refused us
└── SetupError         something that must be installed is missing
"""

from typing import Any


class JoulebusError(Exception):
    """Something in the world that a person can mend; its text is one clear sentence."""

    exit_code = 2


class UsageError(JoulebusError):
    """An option or an argument of the command line is wrong."""


class HomeFileError(JoulebusError):
    """The home file says something that cannot be."""


class PropertyError(JoulebusError):
    """A property was refused."""

    def __init__(self, message: str, errors: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.errors = errors or []


class RosterError(JoulebusError):
    """The roster cannot be like this."""


class JournalError(JoulebusError):
    """A journal that cannot be read or continued."""


class MarketError(JoulebusError):
    """The market cannot do what was asked, or its store cannot be used."""


class UnprovenError(JoulebusError):
    """Something is as it was issued, but nothing says that the right one has issued it."""

    exit_code = 5


class AuditError(JoulebusError):
    """The books were tampered with, or do not close."""

    exit_code = 1


class ReportError(JoulebusError):
    """A report or a comparison that cannot be made."""


class WeatherError(JoulebusError):
    """A weather file that cannot be used."""


class ModelsError(JoulebusError):
    """The specification in a store of models cannot be what this component speaks."""


class BusError(JoulebusError):
    """The router is not reachable, or refused us."""

    exit_code = 3


class SetupError(JoulebusError):
    """Something that must be installed is missing."""

    exit_code = 4
