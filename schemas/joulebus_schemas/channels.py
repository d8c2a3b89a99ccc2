"""What a place on the bus is: an event that somebody says, or a call that somebody answers, each with its words.

An address is ``joulebus.<home>.<owner>.<name>``; a later major version of a message gets one of its own, ``….v2``.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from joulebus_schemas.base import Word

EACH = "{device}"
"""The owner of what every device has; on the bus it is the name of one."""
HOME = "{home}"

_W = TypeVar("_W", bound=Word)
_A = TypeVar("_A", bound=Word)
_R = TypeVar("_R", bound=Word)


@dataclass(frozen=True)
class Event(Generic[_W]):
    """Something that one says and any number hear. Only its owner may say it; the router sees to that."""

    owner: str
    name: str
    word: type[_W]
    major: int = 1

    def uri(self, home: str = HOME, owner: str = EACH) -> str:
        """Its topic; ``owner`` counts when each device has one, and is empty for all of them."""
        return _uri(home, self.owner if self.owner != EACH else owner, self.name, self.major)


@dataclass(frozen=True)
class Call(Generic[_A, _R]):
    """A procedure that anyone with the right may call, and one component answers."""

    owner: str
    name: str
    ask: type[_A]
    reply: type[_R]
    major: int = 1

    def uri(self, home: str = HOME, owner: str = EACH) -> str:
        """Its procedure."""
        return _uri(home, self.owner if self.owner != EACH else owner, self.name, self.major)


def _uri(home: str, owner: str, name: str, major: int) -> str:
    return f"joulebus.{home}.{owner}.{name}" + ("" if major == 1 else f".v{major}")
