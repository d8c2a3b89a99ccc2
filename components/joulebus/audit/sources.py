"""Where an audit reads: a journal's file, a run directory, an SQLite file or the URL of a database. Page by page."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from struct import error as StructError
from typing import NamedTuple, Protocol

from joulebus.audit.report import Finding
from joulebus.errors import JournalError
from joulebus.historian.rows import Row, TableRows, birth, rows_of_record
from joulebus.historian.store import PAGE_RECORDS, HistoryStore, key_of
from joulebus.journal.file import parse
from joulebus.journal.frames import NO_HASH, DamageError, Frames, shaped, split
from joulebus_schemas.journal import Born

JOURNAL_NAMES = ("journal.bin", "*.journal")
DATABASE_NAMES = ("history.sqlite", "*.sqlite")
SQLITE_MAGIC = b"SQLite format 3\0"


class Entry(NamedTuple):
    """A record as it was found, with what is wrong about the way it was kept."""

    number: int
    offset: int | None
    payload: bytes
    findings: list[Finding]


class RecordSource(Protocol):
    """Something with records."""

    name: str
    torn_bytes: int

    def entries(self) -> Iterator[Entry]:
        """All records in order; ends at damage that hides what follows."""
        ...

    def end(self) -> list[Finding]:
        """What is wrong about it as a whole, when all records have been read."""
        ...


def open_source(source: str | Path, home: str | None = None) -> RecordSource:
    """The source of that name; ``home`` chooses in a database with several."""
    if "://" in str(source):
        return DatabaseSource(str(source), home)
    path = Path(source)
    if path.is_dir():
        path = _inside(path)
    try:
        with path.open("rb") as file:
            is_database = file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
    except OSError as error:
        raise JournalError(f"an audit must be able to read its source, but {path} cannot be read: {error.strerror}") from error
    return DatabaseSource(path, home) if is_database else JournalSource(path)


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
    """A journal's file, also while its home runs."""

    def __init__(self, path: Path) -> None:
        self.name, self.torn_bytes = str(path), 0
        self._path = path
        self._damage: list[Finding] = []

    def entries(self) -> Iterator[Entry]:
        """All records up to the first damaged one."""
        self._damage = []
        with self._path.open("rb", buffering=2**20) as file:
            frames = Frames(file, self._path)
            try:
                for frame in frames:
                    yield Entry(frame.number, frame.offset, frame.payload, [])
            except DamageError as damage:
                text = f"{damage.cause}; nothing behind it was audited"
                self._damage.append(Finding("frame", text, record=damage.number, offset=damage.offset))
            self.torn_bytes = frames.torn_bytes

    def end(self) -> list[Finding]:
        """Where it is damaged."""
        return self._damage


class DatabaseSource:
    """A historian's database; its rows are compared with what its payloads say."""

    def __init__(self, source: str | Path, home: str | None) -> None:
        self._store = HistoryStore.view(source, home)
        self.name, self.torn_bytes = self._store.place, 0
        self._mark, self._first = 0, b""

    def entries(self) -> Iterator[Entry]:
        """All records that were kept when it began."""
        self._mark = self._store.watermark
        head = NO_HASH
        for first in range(1, self._mark + 1, PAGE_RECORDS):
            last = min(first + PAGE_RECORDS - 1, self._mark)
            found = self._store.rows_between(first, last)
            payloads = {row["number"]: bytes(row["payload"]) for row in found["record"]}
            self._first = payloads.get(1, self._first)
            wrong = _wrong_rows(self._store.home, payloads, found)
            for number in range(first, last + 1):
                payload = payloads.get(number, b"")
                yield Entry(number, None, payload, [*_chain(number, payload, head), *wrong.get(number, [])])
                head = sha256(payload).digest()

    def end(self) -> list[Finding]:
        """Whether home and watermark agree with the first and the last record."""
        findings = []
        if self._store.watermark == self._mark and self._store.head != self._store.hash_of(self._mark):
            findings.append(Finding("row", "the watermark names another hash than the last record has", record=self._mark))
        if shaped(self._first) and not _is_birth(self._store.birth(), self._first):
            findings.append(Finding("row", "the table home says something else than the record of its birth", record=1))
        return findings


def _chain(number: int, payload: bytes, head: bytes) -> Iterator[Finding]:
    if not payload:
        yield Finding("chain", "the record is missing", record=number)
    elif not payload.startswith(head):
        yield Finding("chain", "it does not follow the record before it: one was removed, inserted, moved or rewritten here", record=number)


def _is_birth(row: Row | None, payload: bytes) -> bool:
    try:
        record = parse(split(payload)[1])
    except ValueError:
        return True  # The record itself is reported.
    return isinstance(record, Born) and row == birth(record)


def _wrong_rows(home: str, payloads: dict[int, bytes], found: TableRows) -> dict[int, list[Finding]]:
    """Rows that say something else than the payloads, by number of the record."""
    wrong: dict[int, list[Finding]] = {}
    numbers = {row["epoch"]: row["number"] for row in found["seal"]}
    for name, expected in _expected(home, payloads).items():
        have = {key_of(name, row): row for row in found[name]}
        want = {key_of(name, row): row for row in expected}
        for key in sorted({*have, *want}):
            if _plain(have.get(key)) != _plain(want.get(key)):
                row = have.get(key) or want[key]
                number = row.get("number") or numbers.get(row["epoch"], max(payloads))
                wrong.setdefault(number, []).append(_row_finding(name, number, have.get(key), want.get(key)))
    return wrong


def _expected(home: str, payloads: dict[int, bytes]) -> TableRows:
    expected: TableRows = {"record": [], "change": [], "flow": [], "seal": [], "sealed_column": []}
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
