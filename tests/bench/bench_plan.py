"""A year of `house` in memory on one core: 1-second ticks sealed and audited, 15-minute ticks, memory, and how it grows with the span."""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from joulebus.audit import LiveAudit
from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file

HOUSE = Path("examples/homes/house.yaml")
DAY_SECONDS = 86_400
DEVICES = 21
RUNS = int(os.environ.get("BENCH_RUNS", "3"))


def lived(days: int, tick_seconds: int, is_audited: bool) -> dict[str, float]:
    """Wall clock and CPU seconds of a span, and the memory of the process, in MB."""
    home = Home.from_file(replace(load_home_file(HOUSE), tick_seconds=tick_seconds))
    if is_audited:
        home.keeper.live_audit = LiveAudit(home.keeper.born)
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in home.live(days * DAY_SECONDS // tick_seconds):
        pass
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"wall": wall, "cpu": cpu, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def measured(days: int, tick_seconds: int, is_audited: bool) -> dict[str, float]:
    """The quickest of several runs, each in a process of its own: what others do on the machine only ever adds."""
    argv = [sys.executable, __file__, str(days), str(tick_seconds), str(int(is_audited))]
    runs = [json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout) for _ in range(RUNS)]
    return min(runs, key=lambda run: float(run["cpu"]))


def say(what: str, run: dict[str, float], aim: str) -> None:
    """A line of the report."""
    print(f"plan: {what}: {run['cpu']:.2f} s of CPU ({run['wall']:.2f} s on the clock), {run['megabytes']:.0f} MB; {aim}")


def main() -> None:
    """Print all figures."""
    lived(365, 900, False)  # The first run fills the cache of the sky.
    month, year = measured(30, 1, True), measured(365, 1, True)
    say("a month at 1 s ticks, sealed and audited", month, f"{month['cpu'] / 30 * 1000:.1f} ms a day")
    say("a year at 1 s ticks, sealed and audited", year, "aim: at most 5 s and 500 MB")
    print(f"plan: {year['cpu'] / 5:.2f} of the aim; {365 * DAY_SECONDS * DEVICES / year['cpu'] / 1e6:.0f} million device-ticks/s")
    print(f"plan: a day of the year costs {year['cpu'] / 365 / (month['cpu'] / 30):.2f} of a day of the month; aim: about 1 (linear)")
    bare = measured(365, 1, False)
    say("the same year without the audit", bare, f"the audit takes {1 - bare['cpu'] / year['cpu']:.0%}")
    quarters = measured(365, 900, True)
    say("a year at 15 min ticks, sealed and audited", quarters, "aim: at most 0.5 s")
    print(f"plan: {quarters['cpu'] / 0.5:.2f} of the aim")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(lived(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "1")))
    else:
        main()
