"""A comparison of 100 variants of a year at 15-minute ticks: how busy the cores are."""

import os
import resource
import subprocess
import sys
import time

VARIANTS = 100
AIM = 0.85


def main() -> None:
    """Run the command as people do, and hold the CPU time of its processes against all cores for as long as it took."""
    sizes = ",".join(str(number / 4) for number in range(1, VARIANTS + 1))
    argv = [".venv/bin/joulebus", "compare", "examples/homes/house.yaml", "--tick", "900", "--days", "365", "--json"]
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*argv, "--vary", f"battery.capacity_kwh={sizes}"], capture_output=True, text=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"compare: {done.stderr.strip()}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    cores = len(os.sched_getaffinity(0))
    print(f"compare: {VARIANTS} variants of a year at 15 min ticks: {wall:.1f} s on the clock, {cpu:.1f} s of CPU on {cores} cores")
    print(f"compare: the cores are busy to {cpu / wall / cores:.0%} with it; aim: at least {AIM:.0%}")


if __name__ == "__main__":
    main()
