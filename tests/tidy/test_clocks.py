"""Simulated time comes from clock.py; real time is read only where patience or age is measured, and never by what computes."""

import ast

from tests.tidy.conftest import ROOT

READERS = {
    "cli/installing.py": "how long a home takes to come up in a cluster",
    "cli/up.py": "how long a home takes to come up",
    "clock.py": "when a tick is due",
    "homefile/home_file.py": "a home file without a start begins at the present quarter-hour",
    "provision/access.py": "whether a ticket has expired",
    "provision/cluster/moments.py": "when something is said to a cluster, how long a lease is silent, until when an old ticket is good",
    "provision/gatekeeper.py": "the same, and how often somebody showed a wrong one",
    "provision/launch.py": "how long an end may take",
    "provision/local.py": "since when a part runs",
    "provision/prefork.py": "how long a start may take",
    "provision/sessions.py": "when a session or a one-time link ends",
    "provision/process.py": "when a process is started again",
    "rundir.py": "how long a lock may be held by somebody who only asks",
    "services/errand.py": "how often progress is told",
    "services/follower.py": "how long the historian may thin out at once",
}
"""Who reads a real clock, and for what; this list only shrinks."""
CLOCKS = {"time.time", "time.monotonic", "time.perf_counter", "datetime.now", "datetime.utcnow", "date.today", "datetime.today"}


def reads_a_clock(text: str) -> bool:
    """Whether a module reads real time, or takes a function that does."""
    tree = ast.parse(text)
    by_name = any(isinstance(node, ast.ImportFrom) and node.module == "time" for node in ast.walk(tree))
    return by_name or any(isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCKS for node in ast.walk(tree))


def test_nobody_reads_a_clock_but_those_who_measure_patience_or_age() -> None:
    package = ROOT / "components" / "joulebus"
    readers = {str(path.relative_to(package)) for path in package.rglob("*.py") if reads_a_clock(path.read_text())}
    assert readers == READERS.keys()


def test_a_clock_is_seen_however_it_is_read() -> None:
    assert reads_a_clock("import time\nf(now=time.monotonic)") and reads_a_clock("from time import time")
    assert reads_a_clock("from datetime import datetime, UTC\nx = datetime.now(UTC)")
    assert not reads_a_clock("from datetime import datetime\nx = datetime.combine(day, datetime.min.time())")
