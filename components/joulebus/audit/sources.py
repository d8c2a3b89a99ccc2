"""Where an audit reads: a journal's file, a run directory, an SQLite file or the URL of a database. Page by page."""

from collections.abc import Iterator
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path
from struct import error as StructError
from typing import NamedTuple, Protocol

from joulebus.audit.report import Finding
from joulebus.audit.rolled import Beginning, Rolled
from joulebus.errors import JournalError
from joulebus.historian.copying import is_database
from joulebus.historian.kept import seals_before
from joulebus.historian.rows import Row, TableRows, birth, rows_of_record
from joulebus.historian.store import PAGE_RECORDS, HistoryStore, key_of
from joulebus.journal.file import parse
from joulebus.journal.frames import NO_HASH, DamageError, Frame, checkpoint_number, frame_of, shaped, split
from joulebus.journal.pieces import pieces
from joulebus.journal.segments import Gap, folder_of, segments_in
from joulebus.refusals.system import reason
from joulebus_schemas.journal import Born, Checkpoint, Pin, Seal

JOURNAL_NAMES = ("journal.bin", "*.journal")
DATABASE_NAMES = ("history.sqlite", "*.sqlite")


class Entry(NamedTuple):
    """A record as it was found, with what is wrong about the way it was kept."""

    number: int
    offset: int | None
    payload: bytes
    findings: list[Finding]
    head: bytes
    """The hash that the next record follows."""


class RecordSource(Protocol):
    """Something with records."""

    name: str
    torn_bytes: int
    moved_away: list[str]
    """Records that are not here, known when all others have been read."""
    unknown: list[str]
    """What else could not be compared, and why."""

    def entries(self, first: int = 1) -> Iterator[Entry]:
        """All records in order, from the file on that tells of record ``first``; ends at damage that hides what follows."""
        ...

    def older_seals(self) -> Iterator[tuple[int, Seal]]:
        """Seals of records that are thinned out, each with the number of its record."""
        ...

    def progress(self) -> tuple[int, int]:
        """How much is read, and how much there is."""
        ...

    def begins(self) -> Beginning:
        """Where its windows begin: later than the home when old ones are thinned out or kept elsewhere."""
        ...

    def end(self) -> list[Finding]:
        """What is wrong about it as a whole, when all records have been read."""
        ...


def open_source(source: str | Path, home: str | None = None) -> RecordSource:
    """The source of that name; ``home`` chooses in a database with several.

    Raises:
        JournalError: The source cannot be read, or holds no run or several.
    """
    if "://" in str(source):
        return DatabaseSource(str(source), home)
    path = Path(source)
    if path.is_dir() and segments_in(path):
        return JournalSource(path)
    if path.is_dir():
        path = _inside(path)
    try:
        path.open("rb").close()
    except OSError as error:
        raise JournalError(f"cannot audit: {path} cannot be read ({reason(error)})") from error
    return DatabaseSource(path, home) if is_database(str(path)) else JournalSource(path)


def _inside(directory: Path) -> Path:
    for pattern in (*JOURNAL_NAMES, *DATABASE_NAMES):
        found = sorted(directory.glob(pattern))
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            raise JournalError(f"a run directory must have one journal, but {directory} has {names}; name one of them")
        if found:
            return found[0]
    names = ", ".join((*JOURNAL_NAMES, *DATABASE_NAMES))
    raise JournalError(f"a run directory must have a journal or a database, but {directory} has none ({names})")


class JournalSource:
    """A journal with its closed files, also while its home runs; a folder of closed files, or one of them alone."""

    def __init__(self, path: Path) -> None:
        self.name, self.torn_bytes = str(path), 0
        self.moved_away: list[str] = []
        self.unknown: list[str] = []
        self._path = path
        self._damage: list[Finding] = []
        self._done = self._offset = self._size = self._all = 0
        self._digests: dict[int, str] = {}
        self._pins: dict[int, Pin] = {}

    def entries(self, first: int = 1) -> Iterator[Entry]:
        """All records; behind the first damaged one it goes on with the next file, which begins with a checkpoint."""
        self._damage, self.moved_away, expected, head = [], [], first, NO_HASH
        begun = first == 1
        for piece in pieces(self._path, first):
            self._size, self._offset = _size(piece.path), 0
            try:
                for frame in piece.frames():
                    if not begun:
                        begun, expected, head = True, min(frame.first, first), frame.payload[: len(NO_HASH)]
                    self._offset = frame.offset
                    if frame.first > expected:
                        self.moved_away.append(str(Gap(expected, frame.first - 1)))
                    follows = frame.first != expected or frame.payload.startswith(head)
                    yield Entry(
                        frame.number,
                        frame.offset,
                        frame.payload,
                        [] if follows else list(_chain(frame.number, frame.payload, head)),
                        frame.head,
                    )
                    expected, head = frame.number + 1, frame.head
                    self._pin(frame)
            except DamageError as damage:
                text = f"{damage.cause}; nothing behind it in this file was audited"
                self._damage.append(Finding("frame", text, record=damage.number, offset=damage.offset))
            except JournalError as error:
                self._damage.append(Finding("frame", str(error), record=expected))
            self.torn_bytes = piece.torn_bytes
            self._done += self._size
            if piece.segment is not None:
                expected = piece.segment.last + 1
                self._digests[piece.segment.first] = _digest(piece.path)

    def older_seals(self) -> Iterator[tuple[int, Seal]]:
        """None: a journal has the records of its seals."""
        return iter(())

    def progress(self) -> tuple[int, int]:
        """Bytes; what is compressed counts when its file is done."""
        if not self._all:
            folder = self._path if self._path.is_dir() else folder_of(self._path)
            self._all = sum(one.path.stat().st_size for one in segments_in(folder)) + (0 if self._path.is_dir() else _size(self._path))
        return min(self._done + min(self._offset, self._size), self._all), self._all

    def _pin(self, frame: Frame) -> None:
        if checkpoint_number(frame.payload) is not None:
            with suppress(ValueError):  # The record itself is reported.
                record = parse(split(frame.payload)[1])
                self._pins |= {pin.first: pin for pin in record.pins} if isinstance(record, Checkpoint) else {}

    def begins(self) -> Beginning:
        """With the home."""
        return Beginning()

    def end(self) -> list[Finding]:
        """Where it is damaged, and which closed files are not those that the journal says."""
        found = list(self._damage)
        for first, pin in self._pins.items():
            if self._digests.get(first, pin.sha256) != pin.sha256:
                found.append(
                    Finding("file", f"the file of the records {pin.first} to {pin.last} was changed after its compaction", record=pin.first)
                )
        return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


class DatabaseSource:
    """A historian's database; its rows are compared with what its payloads say."""

    def __init__(self, source: str | Path, home: str | None) -> None:
        self._store = HistoryStore.view(source, home)
        derived, mark = self._store.derived, self._store.watermark
        if derived < mark:
            raise JournalError(
                f"the history of {self._store.home} is being migrated ({derived:,} of {mark:,} records); audit it when that is done"
            )
        self.name, self.torn_bytes = self._store.place, 0
        self.moved_away: list[str] = []
        self.unknown: list[str] = []
        self._mark, self._first, self._at = 0, b"", 0
        self._kept_from = self._store.first_whole()
        self._beginning = Beginning()
        self._findings: list[Finding] = []
        first = next(iter(self._store.payloads()), None)
        record = _first(first[1]) if first else None
        if record is not None:
            rolled = Rolled(self._store.engine, self._store.home, record, self._store.marks().records_from_tick)
            self._findings, self._beginning = list(rolled.check()), rolled.beginning
            self.unknown += [rolled.behind] if rolled.behind else []

    def older_seals(self) -> Iterator[tuple[int, Seal]]:
        """From their own table, which has been checked along their chain."""
        return seals_before(self._store.engine, self._store.home, self._kept_from)

    def progress(self) -> tuple[int, int]:
        """Records."""
        return self._at, self._mark

    def entries(self, first: int = 1) -> Iterator[Entry]:
        """All records that were kept when it began, whatever is asked for; between them may be some that were thinned out."""
        self._mark, self.moved_away = self._store.watermark, []
        head, expected = NO_HASH, 1
        for payloads, found in self._pages():
            wrong = _wrong_rows(self._store.home, payloads, self._of_kept(found))
            for frame in [frame_of(payload, number) for number, payload in sorted(payloads.items())]:
                if expected == 1 and checkpoint_number(frame.payload) == frame.number:
                    self.moved_away.append(str(Gap(1, frame.number - 1)))
                    expected, head = frame.number, frame.payload[: len(NO_HASH)]
                self._first = self._first or frame.payload
                if frame.first > expected and frame.number <= self._kept_from:
                    expected, head = frame.first, frame.payload[: len(NO_HASH)]  # Thinned out, or what is wrong is found on the other side.
                yield from _missing(expected, frame.first)
                self._at = frame.number
                broken = _chain(frame.number, frame.payload, head)
                yield Entry(frame.number, None, frame.payload, [*broken, *wrong.get(frame.number, [])], frame.head)
                expected, head = frame.number + 1, frame.head
        yield from _missing(expected, self._mark + 1)

    def _pages(self) -> Iterator[tuple[dict[int, bytes], TableRows]]:
        """Payloads by number, and the rows of all tables that belong to them or to a number between them."""
        first = 1
        while first <= self._mark:
            last = min(self._store.number_after(first, PAGE_RECORDS), self._mark)
            found = self._store.rows_between(first, last)
            yield {row["number"]: bytes(row["payload"]) for row in found["record"]}, found
            first = last + 1

    def _of_kept(self, found: TableRows) -> TableRows:
        """Without the seals of records that are thinned out, which have been checked along their chain."""
        return found | {"seal": [row for row in found["seal"] if row["number"] >= self._kept_from]}

    def begins(self) -> Beginning:
        """Where its records begin: what is thinned out is proven by its seals, which are counted again here."""
        return self._beginning

    def end(self) -> list[Finding]:
        """Whether home and watermark agree with the first and the last record, and whether blocks and seals agree."""
        findings = list(self._findings)
        if self._store.watermark == self._mark and self._store.head != self._store.hash_of(self._mark):
            findings.append(Finding("row", "the watermark names another hash than the last record has", record=self._mark))
        if shaped(self._first) and not _is_birth(self._store.birth(), self._first):
            findings.append(Finding("row", "the table home says something else than the record of its birth", record=1))
        return findings


def _missing(first: int, end: int) -> Iterator[Entry]:
    """Records that should be there."""
    for number in range(first, end):
        yield Entry(number, None, b"", [Finding("chain", "the record is missing", record=number)], NO_HASH)


def _chain(number: int, payload: bytes, head: bytes) -> Iterator[Finding]:
    if not payload.startswith(head):
        yield Finding("chain", "it does not follow the record before it: one was removed, inserted, moved or rewritten here", record=number)


def _is_birth(row: Row | None, payload: bytes) -> bool:
    try:
        record = parse(split(payload)[1])
    except ValueError:
        return True  # The record itself is reported.
    record = record.born if isinstance(record, Checkpoint) else record
    return isinstance(record, Born) and row == birth(record)


def _first(payload: bytes) -> Born | Checkpoint | None:
    """The first record of a home; None when it is something else, which is reported where the record is."""
    with suppress(ValueError, StructError):
        record = parse(split(payload)[1])
        return record if isinstance(record, Born | Checkpoint) else None
    return None


def _wrong_rows(home: str, payloads: dict[int, bytes], found: TableRows) -> dict[int, list[Finding]]:
    """Rows that say something else than the payloads, by number of the record."""
    wrong: dict[int, list[Finding]] = {}
    for name, expected in _expected(home, payloads).items():
        have = {key_of(name, row): row for row in found[name]}
        want = {key_of(name, row): row for row in expected}
        for key in sorted({*have, *want}):
            if _plain(have.get(key)) != _plain(want.get(key)):
                row = have.get(key) or want[key]
                number = row["number"]
                wrong.setdefault(number, []).append(_row_finding(name, number, have.get(key), want.get(key)))
    return wrong


def _expected(home: str, payloads: dict[int, bytes]) -> TableRows:
    expected: TableRows = {"record": [], "change": [], "seal": []}
    for number, payload in payloads.items():
        try:
            news = rows_of_record(home, number, payload)
        except (ValueError, StructError):
            continue  # The record itself is reported.
        for name, found in news.items():
            expected[name].extend(found)
    return expected


def _plain(row: Row | None) -> Row | None:
    return {name: value for name, value in row.items() if name != "payload"} if row else None


def _row_finding(table: str, number: int, have: Row | None, want: Row | None) -> Finding:
    row = have or want or {}
    if have and want:
        fields = [name for name in want if name != "payload" and have[name] != want[name]]
        text = "; ".join(f"{name} is {have[name]}, and the record says {want[name]}" for name in fields)
    else:
        text = "the row is not from the record" if have else "the row is missing"
    accounts = tuple(row[name] for name in ("account_from", "account_to") if name in row)
    return Finding("row", f"table {table}: {text}", record=number, epoch=row.get("epoch"), tick=row.get("start_tick"), accounts=accounts)
