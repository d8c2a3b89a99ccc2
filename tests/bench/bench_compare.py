"""A comparison of 100 variants of a year at 15-minute ticks: how busy the cores are."""

import os
import subprocess
import sys
import time
from pathlib import Path

VARIANTS = 100
AIM = 0.85
LOOK_SECONDS = 0.1


def main() -> None:
    """Run the command as people do, and hold the CPU time of its processes against all cores for as long as it took."""
    sizes = ",".join(str(number / 4) for number in range(1, VARIANTS + 1))
    argv = [".venv/bin/joulebus", "compare", "examples/homes/house.yaml", "--tick", "900", "--days", "365", "--json"]
    began, spent = time.perf_counter(), dict[int, float]()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(
            [*argv, "--vary", f"battery.capacity_kwh={sizes}"], stdout=nowhere, stderr=subprocess.PIPE, start_new_session=True
        )
        while process.poll() is None:
            spent |= cpu_seconds(process.pid)
            time.sleep(LOOK_SECONDS)
    wall, cpu = time.perf_counter() - began, sum(spent.values())
    if process.returncode:
        sys.exit(f"compare: {process.stderr.read().decode().strip() if process.stderr else argv}")
    cores = len(os.sched_getaffinity(0))
    print(f"compare: {VARIANTS} variants of a year at 15 min ticks: {wall:.1f} s on the clock, {cpu:.1f} s of CPU on {cores} cores")
    print(f"compare: the cores are busy to {cpu / wall / cores:.0%} with it; aim: at least {AIM:.0%}")


def cpu_seconds(session: int) -> dict[int, float]:
    """CPU seconds of each process of a session now: a server of forks keeps those of its children to itself."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            found[int(stat.parent.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


if __name__ == "__main__":
    main()
