"""A year of seconds in a historian: what a question costs, and what a day takes on disk. SQLite and PostgreSQL.

    python tests/bench/bench_history.py [days]

The house lives in memory in windows of an hour, and its last two hours in windows of one tick; all of it is kept through the store that
the historian uses, and thinned as a home does by default.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import text

from joulebus.historian.store import HistoryStore
from joulebus.home.round import Home
from joulebus.homefile.history import Retention
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.file import Journal
from joulebus.journal.frames import Frame
from joulebus.services.past import Past
from joulebus_schemas import history as words

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.journal.conftest import fresh
from tests.journal.postgres import running_postgres

HOUSE = Path(__file__).resolve().parents[2] / "examples/homes/house.yaml"
DAY, HOUR = 86_400, 3_600
TIMES = 5
PAGE = 256
AIM_MILLISECONDS = 1_000
"""For any question about a year."""


def live(path: Path, days: int) -> None:
    """The journal of so many days."""
    with Journal.open(path, durable="memory") as journal:
        home = Home.from_file(load_home_file(HOUSE), journal)
        for _ in home.live(days * DAY - 2 * HOUR, HOUR):
            pass
        for _ in home.live(2 * HOUR, 1):
            pass


def keep(path: Path, store: HistoryStore) -> float:
    """Keep all of it, thinning as it grows; the seconds it took."""
    began = time.perf_counter()
    thinner = store.thinner(Retention())
    page: list[Frame] = []
    with Journal.view(path) as journal:
        for frame in journal.frames(1):
            page.append(frame)
            if len(page) == PAGE or frame.number == journal.last_number:
                store.keep_all(page[0].first, [one.payload for one in page])
                page.clear()
                while thinner.slice():
                    pass
    return time.perf_counter() - began


def questions(past: Past) -> dict[str, Callable[[], Any]]:
    """By name, from the finest to the coarsest."""
    state = past.state(0)
    start, end = state.start_unix_seconds, state.end_unix_seconds

    def energy(first: int, last: int, resolution: str, by: str = "device") -> Callable[[], Any]:
        said = {"from_unix_seconds": first, "to_unix_seconds": last, "resolution": resolution, "by": by}
        return lambda: past.energy(words.AskEnergy.model_validate(said))

    return {
        "30 min by 1 s": energy(end - 1_800, end, "1s"),
        "5 h by 10 s": energy(end - 5 * HOUR, end, "10s", "flow"),
        "a day by 1 min": energy(end - DAY, end, "1m"),
        "20 days by 15 min": energy(end - 20 * DAY, end, "15m"),
        "60 days by 1 h": energy(end - 60 * DAY, end, "1h", "flow"),
        "a year by day": energy(start, end, "day"),
        "a year by month": energy(start, end, "month"),
        "a year and its odd seconds": energy(start + 12_345, end - 54_321, "day"),
        "cost of a year by day": lambda: past.cost(words.AskSpan(from_unix_seconds=start, resolution="day")),
        "peaks of a year": lambda: past.peaks(words.AskPeaks(from_unix_seconds=start)),
        "decisions of a day": lambda: past.decisions(words.AskDecisions()),
        "totals since birth": past.totals,
    }


def measure(name: str, source: str | Path, journal: Path, days: int) -> None:
    """Print what a database costs."""
    store = HistoryStore.open(source, "house")
    seconds = keep(journal, store)
    print(f"{name}: {days} days kept and thinned in {seconds:.1f} s")
    past = Past(store.reader(), "house")
    slowest = 0.0
    for question, ask in questions(past).items():
        took = []
        for _ in range(TIMES):
            began = time.perf_counter()
            ask()
            took.append(time.perf_counter() - began)
        slowest = max(slowest, 1000 * median(took))
        print(f"  {question:<28} {1000 * median(took):8.1f} ms (first {1000 * took[0]:.1f})")
    print(f"{name}: the slowest question takes {slowest:.0f} ms; aim: at most {AIM_MILLISECONDS}")
    size_of = "length" if store.engine.dialect.name == "sqlite" else "pg_column_size"
    with store.engine.connect() as connection:
        for table, column in (("record", "payload"), ("seal", "columns"), ("tick_block", "payload"), ("minute_block", "payload")):
            rows, size = connection.execute(text(f"SELECT count(*), sum({size_of}({column})) FROM {table}")).one()
            print(f"  {table:<14} {rows:>9,} rows {int(size or 0) / 1e6:8.1f} MB")
        rows, size = connection.execute(text(f"SELECT count(*), sum({size_of}(quarters) + {size_of}(sums)) FROM day")).one()
        print(f"  {'day':<14} {rows:>9,} rows {int(size or 0) / 1e6:8.1f} MB")
    if isinstance(source, Path):
        print(f"  file {source.stat().st_size / 1e6:.1f} MB: {source.stat().st_size / 1e3 / days:.0f} kB a day")
    store.close()


def main(days: int) -> None:
    """Both databases."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.bin"
        live(journal, days)
        measure("SQLite", Path(folder) / "history.sqlite", journal, days)
        with running_postgres() as server:
            measure("PostgreSQL", fresh(server), journal, days)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 365)
