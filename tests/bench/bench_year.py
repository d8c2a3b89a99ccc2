"""The journal of a home at 1x after a year: bytes a day, restart, report of a day, audit of a day, and the longest pause of a round.

Bytes a day come from hours that are really lived in windows of one tick, at midnight, in the morning, at noon and in the evening. The year
before them is planned in windows of an epoch, whose records are those that compaction makes of 900 windows.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from joulebus.audit import audit
from joulebus.home.restart import wake
from joulebus.home.round import Home, new_birth
from joulebus.home.upkeep import SEGMENT_BYTES, Upkeep
from joulebus.homefile.home_file import HomeFile, load_home_file
from joulebus.journal.compaction import compact_all
from joulebus.journal.file import Journal
from joulebus.journal.segments import folder_of
from joulebus.report import ReportSpan, report_of

ROOT = Path(__file__).parents[2]
DAY_SECONDS, EPOCH_SECONDS = 86_400, 900
BYTES_A_DAY_AIM, SECONDS_AIM = 2_000_000, 3.0


def begun(path: Path, file: HomeFile) -> Path:
    """A journal with a birth."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Journal.open(path, durable="memory") as journal:
        journal.append(new_birth(file))
    return path


def live(path: Path, ticks: int, window: int, segment_bytes: int) -> tuple[float, float]:
    """Live on; in seconds: the longest that the upkeep has held up a round, and the longest round while files were compacted beside it."""
    upkeep_longest = round_longest = 0.0
    with Journal.open(path, durable="memory") as journal:
        home = Home.of_keeper(wake(journal))
        upkeep = Upkeep(home.keeper, segment_bytes)
        settled = time.perf_counter()
        for _ in home.live(ticks, window):
            before = time.perf_counter()
            if upkeep.is_compacting:
                round_longest = max(round_longest, before - settled)
            upkeep.settled()
            upkeep.look()
            settled = time.perf_counter()
            upkeep_longest = max(upkeep_longest, settled - before)
        while upkeep.is_compacting:
            time.sleep(0.1)
            upkeep.look(0)  # Another one is not begun.
    return upkeep_longest, round_longest


def size(path: Path) -> int:
    """Bytes of closed files."""
    return sum(file.stat().st_size for file in folder_of(path).iterdir())


def bytes_a_day(file: HomeFile, folder: Path, hours: int) -> tuple[float, float]:
    """Of raw and of compacted files, by lived seconds."""
    raw = compact = seconds = 0
    for hour in range(0, 24, 6):
        path = folder / f"{hour}" / "journal.bin"
        start = (file.start_unix_seconds // DAY_SECONDS) * DAY_SECONDS + hour * 3_600
        begun(path, replace(file, start_unix_seconds=start))
        live(path, hours * 3_600, 1, 2**62)
        with Journal.open(path, durable="memory") as journal:
            keeper = wake(journal)
            raw += journal.open_bytes
            Upkeep(keeper, 1).settled()  # Its end is the end of an epoch: one more file begins.
        compact_all(path)
        compact, seconds = compact + size(path), seconds + hours * 3_600
    return raw * DAY_SECONDS / seconds, compact * DAY_SECONDS / seconds


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def restart(path: Path) -> None:
    """All that a restart reads."""
    with Journal.open(path, durable="memory") as journal:
        wake(journal)


def main() -> None:
    """Print what a year costs."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--home", type=Path, default=ROOT / "examples/homes/house.yaml")
    words.add_argument("--days", type=int, default=30, help="how much of the year is planned")
    words.add_argument("--hours", type=int, default=1, help="how long each part of a day is lived in windows of one tick")
    given = words.parse_args()
    file = load_home_file(given.home)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raw, compact = bytes_a_day(file, folder, given.hours)
        print(f"journal at 1x: {raw / 1e6:.1f} MB a day before, {compact / 1e6:.2f} after compaction; aim: {BYTES_A_DAY_AIM / 1e6:.0f}")
        path = begun(folder / "year" / "journal.bin", file)
        live(path, given.days * DAY_SECONDS, EPOCH_SECONDS, int(compact * SEGMENT_BYTES / raw) + 2**17)
        pause, longest = live(path, int(SEGMENT_BYTES / raw * DAY_SECONDS * 0.95), 1, SEGMENT_BYTES)
        compact_all(path)
        files = len(list(folder_of(path).iterdir()))
        print(f"{given.days} days in {files} files, and an open one of {path.stat().st_size / 1e6:.1f} MB lived at 1x")
        print(f"restart: {timed(partial(restart, path)):.2f} s; aim: {SECONDS_AIM:.0f}")
        middle = file.start_unix_seconds + given.days // 2 * DAY_SECONDS
        days = {"in the middle": middle, "the last": file.start_unix_seconds + (given.days - 1) * DAY_SECONDS}
        for what, begins in days.items():
            span = ReportSpan(begins, begins + DAY_SECONDS)
            seconds = timed(partial(report_of, path, span))
            print(f"report of a day {what}: {seconds:.2f} s; aim: {SECONDS_AIM:.0f}")
        print(f"audit of all: {timed(partial(audit, path)):.1f} s, {given.days} days and the open file")
        print(f"held up by the upkeep: a round for {pause * 1e3:.0f} ms at most")
        print(f"beside a compaction: a round of {longest * 1e3:.0f} ms at most")


if __name__ == "__main__":
    main()
