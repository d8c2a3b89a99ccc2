"""Who decided what about batteries, cars and heating, and why: followed record by record, for the panels."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from joulebus.devices.charger import ChargerProperties
from joulebus.home.sentences import decision, watts
from joulebus.home.steering import program_of
from joulebus.meter.watched import Notice
from joulebus_schemas.journal import Born, Changed, Checkpoint, Committed, JournalRecord
from joulebus_schemas.roster import Change, Member, of_kind

NOTICES_KEPT_MAX = 100
STEERED_FOR = {"battery": "inverter"}
"""The kind that a program sets when it decides about a kind; else that kind itself."""
_NUMBERS = re.compile(r"\d[\d.,:]*")
_LOOKED_AT = re.compile(r" \((?:[^()]|\([^()]*\))*\)$")


def without_looks(sentence: str) -> str:
    """A decision with its reason, without what was looked at, which stands in brackets at its end."""
    return _LOOKED_AT.sub("", sentence)


@dataclass
class DecisionLog:
    """What programs decided last, and what people and programs did, newest last."""

    notices: list[Notice] = field(default_factory=list)
    _states: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The states of programs, by name."""
    _told: dict[str, frozenset[str]] = field(default_factory=dict)
    """The sentences of each program that hold, without numbers: another decision is one with other words."""
    _properties: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The properties of each device, as last promised."""
    _people: dict[str, str] = field(default_factory=dict)
    """The last change of each device by somebody who is no program."""

    def add(self, record: JournalRecord, born: Born, roster: Mapping[str, Member]) -> None:
        """The next record, and who is there after it."""
        if isinstance(record, Born):
            self._properties = {name: member.properties for name, member in record.members.items()}
        elif isinstance(record, Checkpoint):
            self._properties = {name: member.properties for name, member in record.roster.items()}
            self._decide(record.states, born.start_unix_seconds + record.next_tick * born.tick_seconds, roster)
        elif isinstance(record, Changed):
            self._change(record, born, roster)
        elif isinstance(record, Committed):
            later = {} if record.compacted is None else record.compacted.states
            self._decide({**record.states, **later}, born.start_unix_seconds + record.window.end * born.tick_seconds, roster)

    def about(self, name: str, roster: Mapping[str, Member], last: Committed | None, tick_seconds: int) -> str:
        """The last decision about a battery or a car, with who took it and why."""
        kind = roster[name].kind
        steered = STEERED_FOR.get(kind, kind)
        for program, member in sorted(roster.items()):
            its = program_of(member)
            if its is None or steered not in its.steers:
                continue
            return f"{program}: {self._sentence(program, name, kind)}" if member.on else f"{program} is switched off and decides nothing"
        if kind == "battery" and last is not None:
            return f"{steered}: {decision(last, roster, tick_seconds)}"
        return self._people.get(name) or _charger_words(name, roster)

    def _sentence(self, program: str, name: str, kind: str) -> str:
        state = self._states.get(program)
        if not state or not state.get("decision"):
            return "has not decided yet; it does before each quarter-hour"
        if kind in STEERED_FOR:
            return str(state["decision"])
        mine = (one for one in state.get("reasons", ()) if f" {name} at " in one)
        return next(mine, "nothing, because no charger serves it now")

    def _decide(self, states: Mapping[str, Mapping[str, Any]], moment: int, roster: Mapping[str, Member]) -> None:
        for program in sorted(name for name in states if name in roster and program_of(roster[name]) is not None):
            state = states[program]
            self._states[program] = state
            sentences = {_wordless(one): one for one in state.get("reasons") or (state.get("decision"),) if one}
            before, self._told[program] = self._told.get(program, frozenset()), frozenset(sentences)
            self._note(*(Notice(moment, f"{program}: {without_looks(one)}") for form, one in sentences.items() if form not in before))

    def _change(self, record: Changed, born: Born, roster: Mapping[str, Member]) -> None:
        for change in record.changes:
            fields = self._fields(change)
            author = _author(record, change, fields, roster)
            if author in roster:
                continue  # A program: it says itself what it decided.
            said = f"{author}: {_did(change, fields)}"
            self._people[change.device] = said
            self._note(Notice(born.start_unix_seconds + change.from_tick * born.tick_seconds, f"{change.device} {said}"))

    def _fields(self, change: Change) -> dict[str, Any]:
        """What differs from what was promised before; a new device has nothing before."""
        if change.added is not None:
            self._properties[change.device] = change.added.properties
        if change.properties is None:
            return {}
        before, self._properties[change.device] = self._properties.get(change.device, {}), change.properties
        fields = {key: value for key, value in change.properties.items() if key not in before or before[key] != value}
        return fields | {key: None for key in before if key not in change.properties}

    def _note(self, *notices: Notice) -> None:
        self.notices = [*self.notices, *notices][-NOTICES_KEPT_MAX:]


def _author(record: Changed, change: Change, fields: Mapping[str, Any], roster: Mapping[str, Member]) -> str:
    """Who it was; in a plan a program is not named, and is known by what it alone sets, device by device."""
    if record.by is not None:
        return record.by.principal.partition("/")[2] or record.by.principal
    programs = _programs_that_set(change, fields, roster) if len(record.changes) == 1 else iter(())
    return next(programs, "the home file")


def _programs_that_set(change: Change, fields: Mapping[str, Any], roster: Mapping[str, Member]) -> Iterator[str]:
    kind = roster[change.device].kind if change.device in roster else ""
    for name, member in sorted(roster.items()):
        its = program_of(member)
        if its is not None and member.on and fields and fields.keys() <= its.steers.get(kind, frozenset()):
            yield name


def _did(change: Change, fields: Mapping[str, Any]) -> str:
    """What was changed, in a few words."""
    if change.properties is not None:
        return f"set {', '.join(f'{name} to {_shown(value)}' for name, value in sorted(fields.items()))}" if fields else "set nothing anew"
    if change.on is not None:
        return "switched on" if change.on else "switched off"
    return "removed" if change.removed else "added"


def _shown(value: object) -> str:
    return "nothing" if value is None else ("on" if value else "off") if isinstance(value, bool) else str(value)


def _charger_words(name: str, roster: Mapping[str, Member]) -> str:
    """What the charger of a car is set to, about which nobody has decided anything."""
    chargers = [one for one in roster[name].hears if one in of_kind(roster, "charger")]
    if not chargers:
        return "no charger serves it" if roster[name].kind == "car" else ""
    charger = ChargerProperties.model_validate(roster[chargers[0]].properties, strict=False)
    return f"{chargers[0]} is paused" if charger.pause else f"{chargers[0]} lets {watts(charger.limit_watts)} through"


def _wordless(sentence: str) -> str:
    return _NUMBERS.sub("#", without_looks(sentence))
