"""Who hears whom in a home, and in which order they therefore speak."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from joulebus.devices import KINDS
from joulebus.errors import RosterError
from joulebus_schemas.roster import Member


def hears_of(members: Mapping[str, Member]) -> dict[str, tuple[str, ...]]:
    """The devices that each device hears: those that it names, or otherwise all of the kinds that it needs."""
    return {name: _hears(name, member, members) for name, member in members.items()}


def _hears(name: str, member: Member, members: Mapping[str, Member]) -> tuple[str, ...]:
    if "hears" in member.model_fields_set:
        return member.hears
    kinds = KINDS[member.kind].hears if member.kind in KINDS else ()
    return tuple(other for other, heard in members.items() if heard.kind in kinds and other != name)


def hearing_order(members: Mapping[str, Member]) -> tuple[str, ...]:
    """All of them, each after those that it hears; by name where that leaves a choice. Who is not a member is not heard.

    Raises:
        RosterError: Some devices hear each other in a circle.
    """
    sorter = _sorter(members)
    try:
        sorter.prepare()
    except CycleError as error:
        raise RosterError(cycle_sentence(_turned(error))) from None
    ordered: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += ready
        sorter.done(*ready)
    return tuple(ordered)


def cycle(members: Mapping[str, Member]) -> tuple[str, ...]:
    """Devices of which each hears the next and the last is the first again; () when there are none."""
    try:
        _sorter(members).prepare()
    except CycleError as error:
        return _turned(error)
    return ()


def cycle_sentence(names: tuple[str, ...]) -> str:
    """What is wrong with a cycle, and how to mend it."""
    steps = ", ".join(f"{one} hears {other}" for one, other in zip(names, names[1:], strict=False))
    return f"{steps}: none of them could speak first; let one of them not hear the next"


def _sorter(members: Mapping[str, Member]) -> TopologicalSorter[str]:
    return TopologicalSorter({name: [one for one in heard if one in members] for name, heard in sorted(hears_of(members).items())})


def _turned(error: CycleError) -> tuple[str, ...]:
    """As graphlib tells it, each is heard by the next."""
    names: list[str] = error.args[1][:-1]
    names.reverse()
    first = names.index(min(names))
    return (*names[first:], *names[:first], names[first])
