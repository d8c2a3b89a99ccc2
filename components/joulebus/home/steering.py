"""How programs take part in a home: when time stops for them, what they see, what they may set, and what they leave behind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from joulebus.device import Span
from joulebus.devices import KINDS
from joulebus.home.epochs import epoch_end
from joulebus.home.seat import Seat
from joulebus.journal.recovery import DeviceMemory
from joulebus.program import AnyProgram, Program, ProgramInputs, Settings
from joulebus_schemas.base import Window
from joulebus_schemas.facts import EPOCH_SECONDS, MICROJOULES_PER_JOULE
from joulebus_schemas.journal import Born
from joulebus_schemas.roster import Change, Member


@dataclass(frozen=True, slots=True)
class Sight:
    """The home as its books have it when a window opens."""

    tick: int
    roster: Mapping[str, Member]
    balances: Mapping[str, int]
    levels: Mapping[str, int]


def program_of(member: Member) -> AnyProgram | None:
    """The kind of a member that is a program."""
    kind = KINDS.get(member.kind)
    return kind if isinstance(kind, Program) else None


def cuts_for_programs(born: Born, roster: Mapping[str, Member], start: int) -> list[int]:
    """Where a window from ``start`` on must end, so that programs can decide before the next epoch; none when nobody decides."""
    if not any(member.on and program_of(member) for member in roster.values()):
        return []
    end = epoch_end(born, start)
    return [end - 1 if start < end - 1 else end]


def levels_of(memories: Mapping[str, DeviceMemory], roster: Mapping[str, Member]) -> dict[str, int]:
    """Joules in each store, downwards."""
    found = {name: memory.outcome.level_microjoules // MICROJOULES_PER_JOULE for name, memory in sorted(memories.items())}
    return {name: joules for name, joules in found.items() if joules and name in roster}


def is_due(seat: Seat, window: Window) -> bool:
    """Whether a program decides in this window: the last tick before an epoch, with some past to look at."""
    end = seat.context.start_unix_seconds + window.end * seat.context.tick_seconds
    return isinstance(seat.device, Program) and window.ticks == 1 and window.start > 0 and end % EPOCH_SECONDS == 0


def let_decide(seat: Seat, window: Window, sight: Sight) -> Settings:
    """Let a program decide, once it has stepped into the window; what differs from how devices are set, sorted by name."""
    assert isinstance(seat.device, Program), "only a program decides"
    seconds = seat.context.tick_seconds
    begins = seat.context.start_unix_seconds + window.end * seconds
    period = Span(window.end, EPOCH_SECONDS // seconds, seconds, begins)
    decided = seat.device.decide(
        ProgramInputs(seat.context, seat.properties, period, sight.roster, sight.balances, sight.levels), seat.state
    )
    seat.state = decided.state
    return dict(_news(sight.roster, decided.settings))


def _news(roster: Mapping[str, Member], settings: Settings) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in sorted(settings.keys() & roster.keys()):
        now = roster[name].properties
        fields = {key: value for key, value in settings[name].items() if key not in now or now[key] != value}
        if fields:
            yield name, fields


def may_set(roster: Mapping[str, Member], program: str | None, device: str, fields: Mapping[str, Any]) -> bool:
    """Whether it is for a program of the home to set this of a device."""
    member, steered = roster.get(program or ""), roster.get(device)
    kind = program_of(member) if member is not None and member.on else None
    return kind is not None and steered is not None and fields.keys() <= kind.steers.get(steered.kind, frozenset())


def releases(roster: Mapping[str, Member], change: Change, from_tick: int) -> list[Change]:
    """What else changes when a program is switched off or removed: what it steered becomes safe, from a tick on."""
    member = roster.get(change.device)
    kind = program_of(member) if member is not None and member.on else None
    if kind is None or not (change.removed or change.on is False):
        return []
    safe = {name: kind.safe[one.kind] for name, one in roster.items() if one.kind in kind.safe}
    return [
        Change(device=name, from_tick=from_tick, properties={**roster[name].properties, **fields}) for name, fields in _news(roster, safe)
    ]
