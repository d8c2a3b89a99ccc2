"""The books of a running home before it wakes: begun, continued, moved aside, or repaired from their other half."""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from joulebus.errors import HomeFileError, JoulebusError, JournalError
from joulebus.historian.follow import rebuild_journal, records_ahead, refill
from joulebus.historian.store import PAGE_RECORDS, HistoryStore
from joulebus.home.rehearsal import rehearse
from joulebus.home.round import new_birth, seat_of
from joulebus.homefile.home_file import HomeFile
from joulebus.journal.file import Journal
from joulebus.journal.recovery import Recovered, changed, recover
from joulebus.journal.rotation import is_lost
from joulebus_schemas.journal import Born, Changed
from joulebus_schemas.roster import Change, Member

NAMED_MAX = 8


@dataclass(frozen=True)
class Preparation:
    """The state of a home before it starts."""

    roster: dict[str, Member]
    next_tick: int
    start_unix_seconds: int
    is_new: bool
    news: str = ""
    """What is otherwise than when the home was last up, because its file says so."""


def prepare(file: HomeFile, journal_path: Path, store: str | Path | None) -> Preparation:
    """Begin the journal of a home, or continue it: what the file has changed holds from the next tick on.

    Raises:
        HomeFileError: The journal is of a home with another place, start, tick or seed.
    """
    journal_path.parent.mkdir(parents=True, exist_ok=True)
    _restore(journal_path, store, file.name)
    with Journal.open(journal_path) as journal:
        _refill(journal, store, file.name)
        if not journal.last_number:
            birth = new_birth(file)
            _rehearse(birth, dict(birth.members), birth.members, 0)
            journal.append(birth)
            return Preparation(dict(birth.members), 0, birth.start_unix_seconds, True)
        found = recover(journal)
        _refuse_another_home(found.born, file, journal_path)
        members, roster = new_birth(file).members, _promised(found)
        changes = _changes(found, members)
        news = {change.device: members[change.device] for change in changes if change.device in members and not change.on}
        _rehearse(found.born, news, members, found.next_tick)
        if changes:
            journal.append(Changed(record="changed", changes=tuple(changes)))
        said = changes_text(_news(roster, members, found.next_tick), roster)
        return Preparation(dict(members), found.next_tick, found.born.start_unix_seconds, False, said)


def resume_books(file: HomeFile, journal_path: Path, store: str | Path | None) -> Preparation | None:
    """Continue the journal of a home whose file is as it was: what was set and switched since then holds. None: there is none yet.

    Raises:
        HomeFileError: The journal is of a home with another place, start, tick or seed.
    """
    _restore(journal_path, store, file.name)
    if not journal_path.exists():
        return None
    with Journal.open(journal_path) as journal:
        _refill(journal, store, file.name)
        if not journal.last_number:
            return None
        found = recover(journal)
        _refuse_another_home(found.born, file, journal_path)
        return Preparation(_promised(found), found.next_tick, found.born.start_unix_seconds, False)


def _promised(found: Recovered) -> dict[str, Member]:
    """The roster that the home had, or would soon have had."""
    roster = dict(found.roster)
    for promised in found.pending_changes:
        roster = changed(roster, promised)
    return roster


def _changes(found: Recovered, members: dict[str, Member]) -> list[Change]:
    """What makes the home that of its file, from the next tick on.

    Promises that did not hold yet when the home ended still will: at each of their ticks the file has the last word again. Else a device
    that was added and removed within one window would be waited for, though nobody starts it.
    """
    changes: list[Change] = []
    roster, pending = dict(found.roster), sorted(found.pending_changes, key=lambda change: change.from_tick)
    for tick in sorted({found.next_tick, *(max(change.from_tick, found.next_tick) for change in pending)}):
        for promised in [change for change in pending if max(change.from_tick, found.next_tick) == tick]:
            roster = changed(roster, promised)
        later = {change.device for change in pending if change.from_tick > tick}
        for change in _news(roster, members, tick):
            # Who is promised something later is there until then, but off: nobody could change what is gone.
            stays = change.removed and change.device in later and change.device not in members
            news = Change(device=change.device, from_tick=tick, on=False) if stays else change
            roster = changed(roster, news)
            changes.append(news)
    return changes


def _rehearse(born: Born, news: dict[str, Member], members: dict[str, Member], tick: int) -> None:
    """What a device could not live with is refused before anything starts.

    Raises:
        HomeFileError: A device cannot live with its properties.
    """
    for name, member in news.items():
        try:
            seat = seat_of(born, name, member, {heard: members[heard].kind for heard in member.hears})
            rehearse(seat, seat.properties, tick)
        except JoulebusError as error:
            raise HomeFileError(f"devices.{name}: {error}") from None


def _restore(path: Path, store: str | Path | None, home: str) -> None:
    """A lost open file comes back from the historian; without one, opening the journal says what is missing."""
    if is_lost(path) and store is not None and not (isinstance(store, Path) and not store.exists()):
        with closing(HistoryStore.open(store, home)) as history:
            rebuild_journal(history, path)


def catch_up(journal_path: Path, store: str | Path, home: str) -> int:
    """When all parts of a home have ended: the historian gets what was settled last. How many records it lacks then.

    Raises:
        JournalError: The journal or the database cannot be used.
    """
    with Journal.open(journal_path) as journal:
        return _refill(journal, store, home)


def _refill(journal: Journal, store: str | Path | None, home: str) -> int:
    """The journal gets what it has lost, and the historian a page at most; the answer is what it lacks then.

    One that is far behind follows while the home lives, or nothing would live meanwhile.
    """
    if store is None or (isinstance(store, Path) and not store.exists()):
        return 0
    with closing(HistoryStore.open(store, home)) as history:
        ahead = records_ahead(history, journal) if journal.last_number or history.watermark else 0
        if ahead > PAGE_RECORDS or (ahead > 0 and history.derived < history.watermark):
            return ahead
        if ahead:
            refill(history, journal)
        return 0


def _refuse_another_home(was: Born, file: HomeFile, path: Path) -> None:
    pairs = {
        "home": (was.home, file.name),
        "tick_seconds": (was.tick_seconds, file.tick_seconds),
        "seed": (was.seed, file.seed),
        "place": (was.place, file.place),
    }
    for what, (old, new) in pairs.items():
        if old != new:
            raise HomeFileError(
                f"the journal {path} is of a home with {what} {old}, but the file now says {new}: "
                "start from scratch with --fresh, or change it back"
            )


def _news(now: dict[str, Member], then: dict[str, Member], tick: int) -> list[Change]:
    """What the file has changed since the home was last up."""
    changes = [Change(device=name, from_tick=tick, removed=True) for name in now if name not in then]
    for name, member in then.items():
        if name not in now or now[name].kind != member.kind or now[name].hears != member.hears:
            changes += [Change(device=name, from_tick=tick, removed=True)] if name in now else []
            changes.append(Change(device=name, from_tick=tick, added=member))
            continue
        if now[name].properties != member.properties:
            changes.append(Change(device=name, from_tick=tick, properties=member.properties))
        if now[name].on != member.on:
            changes.append(Change(device=name, from_tick=tick, on=member.on))
    return changes


def changes_text(changes: list[Change], roster: Mapping[str, Member]) -> str:
    """What the file has changed, or taken back, in a line: nothing that somebody set while the home lived goes without a word."""
    found = []
    for change in changes:
        if change.removed:
            found.append(f"{change.device} is gone")
        elif change.added is not None:
            found.append(f"{change.device} is new")
        elif change.on is not None:
            found.append(f"{change.device} is {'on' if change.on else 'off'}")
        elif change.properties is not None:
            now = change.properties
            was = roster[change.device].properties if change.device in roster else {}
            found += [f"{change.device}.{name}={_written(value)}" for name, value in now.items() if was.get(name) != value]
    more = f" and {len(found) - NAMED_MAX} more" if len(found) > NAMED_MAX else ""
    return ", ".join(found[:NAMED_MAX]) + more


def _written(value: object) -> str:
    """As people write it: 110 and not 110.0."""
    return f"{value:g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def refuse_to_forget(store: str, home: str) -> None:
    """Old books in files are moved aside; those in a database are not ours to move.

    Raises:
        JournalError: The history is in a database, which is not moved aside.
    """
    history = HistoryStore.open(store, home)
    try:
        if history.watermark:
            raise JournalError(
                f"--fresh moves books in files aside, but {history.place} holds {history.watermark} records of {home}: "
                "give another database or schema, or delete them there"
            )
    finally:
        history.close()


def set_aside(directory: Path, names: tuple[str, ...]) -> Path | None:
    """Move old books out of the way, never delete them; where they are now."""
    found = [path for name in names for path in directory.glob(f"{name}*")]
    if not found:
        return None
    number = next(number for number in range(1, 1_000_000) if not (directory / f"before_{number}").exists())
    aside = directory / f"before_{number}"
    aside.mkdir()
    for path in found:
        path.rename(aside / path.name)
    return aside
