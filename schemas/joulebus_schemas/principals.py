"""Who somebody is on the bus: a principal is a home and a name in it, such as ``house/oven``; of a person, ``house/~anna``.

It is what the router answers for (the WAMP authid). A device's name alone says nothing: another home may have an oven, too. People
have a mark before their name, so that none of them can ever be taken for a device or a component, whatever it is called.
"""

import re
from typing import NamedTuple

PERSON = "~"
OWNER = "owner"
"""Whoever can read the files of a home."""
NAME = r"[a-z][a-z0-9_]{0,31}"
PATTERN = re.compile(rf"({NAME})/({PERSON}?{NAME})")


class Principal(NamedTuple):
    """A home, and a name in it."""

    home: str
    name: str

    def __str__(self) -> str:
        return f"{self.home}/{self.name}"

    @property
    def is_person(self) -> bool:
        """Whether it is a person or a program, and no device or component."""
        return self.name.startswith(PERSON)


NOBODY = Principal("", "")


def principal_of(authid: str) -> Principal:
    """The principal that an authid names; :data:`NOBODY` when it names none."""
    found = PATTERN.fullmatch(authid)
    return Principal(found[1], found[2]) if found else NOBODY


def device(home: str, name: str) -> str:
    """The authid of a device or a component."""
    return f"{home}/{name}"


def person(home: str, name: str) -> str:
    """The authid of a person or of a person's program."""
    return f"{home}/{PERSON}{name}"
