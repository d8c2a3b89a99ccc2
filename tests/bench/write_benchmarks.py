"""BENCHMARKS.md out of what the benches have printed: `write_benchmarks.py FOLDER`, with a NAME.txt for each bench."""

import ast
import os
import platform
import sys
from pathlib import Path

HEAD = """# Benchmarks

Written by `make bench`; each figure beside its aim, or as a ratio to a limit that was measured in the same run.
CPU seconds are those of the process; where others used the machine at the same time, the clock says more.

Machine: {machine}
"""


def machine() -> str:
    """What it was measured on."""
    cpu = next(
        (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), ""
    )
    kilobytes = int(next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal")).split()[1])
    busy = os.getloadavg()[1]
    cores = len(os.sched_getaffinity(0))
    return (
        f"{cpu or platform.machine()}, {cores} cores, {kilobytes / 2**20:.0f} GB, Linux {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}; load {busy:.1f} over the last five minutes."
    )


def main() -> None:
    """Put it together, bench by bench."""
    text = HEAD.format(machine=machine())
    for path in sorted(Path(sys.argv[1]).glob("*.txt")):
        about = (ast.get_docstring(ast.parse(Path(f"tests/bench/{path.stem}.py").read_text())) or "").splitlines()[0]
        text += f"\n## {path.stem.removeprefix('bench_')}\n\n{about}\n\n```\n{path.read_text().strip()}\n```\n"
    notes = Path("tests/bench/notes.md")
    Path("BENCHMARKS.md").write_text(text + ("\n" + notes.read_text() if notes.exists() else ""))


if __name__ == "__main__":
    main()
