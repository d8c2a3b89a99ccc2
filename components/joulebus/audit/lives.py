"""The devices of a home, followed from window to window: who takes part, and whether each state is what the past leads to."""

from collections.abc import Mapping

from pydantic import ValidationError

from joulebus.audit.places import DevicePlace, LivedWindow, Words, first_problem, first_state, next_state, place_of, unlike
from joulebus.audit.report import Finding
from joulebus.device import State
from joulebus.errors import JoulebusError
from joulebus_schemas.journal import Born, Checkpoint, Committed, LastPart
from joulebus_schemas.roster import Change, Member

_UNKNOWABLE = (JoulebusError, ValidationError, ArithmeticError, KeyError)
"""What a kind raises when something that it needs is not here, or was changed, which is found where it was."""


class Lives:
    """All devices of one home. What does not agree is found, and what is written is what the next is counted from."""

    def __init__(self, born: Born) -> None:
        self._born = born
        self._places: dict[str, tuple[Member, DevicePlace | None]] = {}
        self._new = set(born.members)
        """Who has not lived yet, and so begins as its kind says."""
        self._due: dict[str, list[Change]] = {}
        self._found: list[Finding] = []
        self.began: dict[str, tuple[DevicePlace | None, State | None]] = {}
        """Devices and their states at the beginning of the window that was followed last."""
        self.lived: dict[str, LivedWindow] = {}
        """The last window of each."""
        self.stored: dict[str, Words] = {}
        """States as last written."""

    def begin_at(self, checkpoint: Checkpoint) -> None:
        """Follow them from a checkpoint on, which says what is known of the time before."""
        self.lose()
        self.stored = dict(checkpoint.states)
        for name, part in checkpoint.parts.items():
            words = self.stored.get(name, {})
            try:
                place = place_of(self._born, name, part.member, checkpoint.roster)
                state = place.state(words) if place else None
            except ValidationError:
                place, state = None, None  # Its next window tells.
            self.lived[name] = LivedWindow(part.window, words, state, part.outcome, part.member, place)
        self._new = checkpoint.roster.keys() - self.lived.keys()

    def lose(self) -> None:
        """Records are missing: what comes next cannot be told from what was."""
        self._new, self._due, self.lived = set(), {}, {}

    def take(self, change: Change) -> None:
        """What takes effect at the beginning of the next window."""
        if change.removed or change.added:
            self.lived.pop(change.device, None)
            self._new.add(change.device)
        self._due.setdefault(change.device, []).append(change)

    def parts(self) -> dict[str, LastPart]:
        """What a checkpoint must say of them."""
        return {name: LastPart(window=one.window, outcome=one.outcome, member=one.member) for name, one in sorted(self.lived.items())}

    def live(self, record: Committed, roster: Mapping[str, Member]) -> list[Finding]:
        """One window of all of them."""
        self._found = []
        self._who(record, roster)
        for name, outcome in record.outcomes.items():
            before = self.lived.get(name)
            if before is not None and self._rests(name, before, record, roster):
                self.began[name] = before.place, before.state
                self.lived[name] = LivedWindow(record.window, before.words, before.state, outcome, before.member, before.place)
            elif name in roster:
                self._live(name, record, roster)
        self._due = {}
        self.stored |= record.states | (record.compacted.states if record.compacted else {})
        return self._found

    def _rests(self, name: str, before: LivedWindow, record: Committed, roster: Mapping[str, Member]) -> bool:
        """Whether it is plain that its state stays: most windows of most devices are so, and this is quick."""
        place = before.place
        return (
            place is not None
            and place.stays
            and before.member is roster.get(name)
            and name not in record.states
            and before.window.end == record.window.start
            and name not in self._due
            and record.compacted is None
        )

    def _who(self, record: Committed, roster: Mapping[str, Member]) -> None:
        self.began = {}
        there = {name for name, member in roster.items() if member.on}
        for name in there ^ record.outcomes.keys():
            what = "it is on, and takes no part in this window" if name in there else "it takes part in this window, and is not on"
            self._find("roster", what, name, record)
        for name in (record.states.keys() | (record.compacted.states if record.compacted else {}).keys()) - record.outcomes.keys():
            self._find("state", "its state is written, and it takes no part in this window", name, record)

    def _live(self, name: str, record: Committed, roster: Mapping[str, Member]) -> None:
        place = self._seated(name, record, roster)
        words = record.states.get(name, self.stored.get(name))
        if words is None and name in self._new:
            self._find("state", "its state is missing", name, record)
        state = self._state(place, words, name, record) if place and words is not None else None
        self.began[name] = place, state
        window, outcome = record.window, record.outcomes[name]
        if record.compacted:
            window, outcome = record.compacted.window, record.compacted.outcomes.get(name, outcome)
            if name in record.compacted.states:
                words = record.compacted.states[name]
                state = self._read(place, words, name, record) if place else None
        self.lived[name] = LivedWindow(window, words or {}, state, outcome, roster[name], place)
        self._new.discard(name)

    def _seated(self, name: str, record: Committed, roster: Mapping[str, Member]) -> DevicePlace | None:
        member = roster[name]
        found = self._places.get(name)
        if found is None or found[0] is not member:
            try:
                found = member, place_of(self._born, name, member, roster)
            except ValidationError as error:
                self._find("record", f"its properties are not those of a {member.kind} ({first_problem(error)})", name, record)
                found = member, None
            self._places[name] = found
        return found[1]

    def _state(self, place: DevicePlace, words: Words, name: str, record: Committed) -> State | None:
        """The state that is written, compared with what the past leads to."""
        before = self.lived.get(name)
        try:
            counted = self._counted(place, before, name, record.window.start)
        except _UNKNOWABLE:
            counted = None
        if counted is not None:
            if before is not None and words is before.words and (counted is before.state or counted == before.state):
                return counted
            right = counted.model_dump(mode="json")
            if words == right and _kinds(words) == _kinds(right):
                return counted
            state = self._read(place, words, name, record)
            if state is not None and state != counted:  # What an older joulebus did not write yet has its default.
                self._find("state", unlike(words, right), name, record)
            return state
        return self._read(place, words, name, record)

    def _counted(self, place: DevicePlace, before: LivedWindow | None, name: str, start: int) -> State | None:
        if before is None:
            return first_state(place) if name in self._new else None
        return next_state(place, before, start, self._due.get(name, ()))

    def _read(self, place: DevicePlace, words: Words, name: str, record: Committed) -> State | None:
        try:
            return place.state(words)
        except ValidationError as error:
            self._find("state", f"it is no state of a {place.member.kind} ({first_problem(error)})", name, record)
            return None

    def _find(self, what: str, text: str, name: str, record: Committed) -> None:
        self._found.append(Finding(what, text, tick=record.window.start, accounts=(name,)))


def _kinds(words: Words) -> list[type]:
    """1, 1.0 and true are equal, and not the same."""
    return [type(words[name]) for name in sorted(words)]
