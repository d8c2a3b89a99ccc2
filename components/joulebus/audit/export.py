"""Seals and the transfers they seal as lines of JSON: all that somebody else needs to check them (examples/verify_seals.py)."""

import json
from collections.abc import Iterator

from joulebus.audit.books import AuditLedger, Counted
from joulebus.journal.file import Journal
from joulebus_core import decode_columns
from joulebus_schemas.journal import Born, Committed, Seal


def export_seals(journal: Journal) -> Iterator[str]:
    """A line for the home, then one for each sealed epoch."""
    books = None
    for _, record, posted in journal.read():
        if isinstance(record, Born):
            books = AuditLedger(record.start_unix_seconds, record.tick_seconds)
            yield json.dumps({"home": record.home, "start_unix_seconds": record.start_unix_seconds, "tick_seconds": record.tick_seconds})
        elif isinstance(record, Committed) and books is not None:
            epochs = books.post(record.window.start, record.window.ticks, decode_columns(posted))
            yield from (_line(seal, epoch) for seal, epoch in zip(record.seals, epochs, strict=True))


def _line(seal: Seal, epoch: Counted) -> str:
    columns = [
        {**column.model_dump(), "run_lengths": epoch.columns[column.account_from, column.account_to].runs} for column in seal.columns
    ]  # fmt: skip
    return json.dumps({**seal.model_dump(mode="json", exclude={"columns"}), "columns": columns})
