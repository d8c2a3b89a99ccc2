"""The audit: recomputes every tick and every seal of a home from its transfers, and finds and locates what does not agree.

Zero sums, seals, sums and flows are recomputed in the Rust core, by code that dispatches nothing, which is quick; when that stumbles, or
when asked to be thorough, in plain Python (``books``). Levels, money, states and the roster are counted in Python. Nothing that a record
says about itself is used to count.
"""

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from joulebus.audit.auditor import NO_MARK, Auditor, Since
from joulebus.audit.counters import CoreCounter, PlainCounter, Suspicious
from joulebus.audit.export import export_seals
from joulebus.audit.live import LiveAudit
from joulebus.audit.report import Account, AuditReport, Finding
from joulebus.audit.sources import open_source
from joulebus.historian.engine import refused

__all__ = ["Account", "AuditReport", "Finding", "LiveAudit", "Since", "audit", "audit_thoroughly", "export_seals"]


def audit(source: str | Path, home: str | None = None, since: Since = NO_MARK) -> AuditReport:
    """Audit a journal, a run directory, an SQLite file or a database URL; ``home`` chooses in a database with several.

    Raises:
        JournalError: The source cannot be read, or holds no run or several.
    """
    try:
        return _audit(source, home, CoreCounter, since)
    except Suspicious:
        return audit_thoroughly(source, home, since)


def audit_thoroughly(source: str | Path, home: str | None = None, since: Since = NO_MARK) -> AuditReport:
    """The same without the Rust core: slower, and independent of whoever wrote the books.

    Raises:
        JournalError: The source cannot be read, or holds no run or several.
    """
    return _audit(source, home, PlainCounter, since)


def _audit(source: str | Path, home: str | None, count: type[CoreCounter] | type[PlainCounter], since: Since) -> AuditReport:
    try:
        return Auditor(open_source(source, home), count, count is PlainCounter, since).run()
    except DBAPIError as error:
        raise refused(error, make_url(str(source) if "://" in str(source) else f"sqlite:///{source}")) from error
