"""How long `house` takes to be up after set-up, and how much memory it takes."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SETTLE_SECONDS = 10.0


def main() -> None:
    """Start the house, measure it, end it."""
    with tempfile.TemporaryDirectory() as state:
        argv = [str(Path(sys.executable).with_name("joulebus")), "up", "examples/homes/house.yaml", "--headless", "--speed", "1"]
        began = time.monotonic()
        up = subprocess.Popen(argv, env=os.environ | {"JOULEBUS_STATE": state}, stderr=subprocess.PIPE, text=True)
        try:
            assert up.stderr is not None
            line = next((line for line in up.stderr if " is up after " in line), None)
            if line is None:
                raise SystemExit("the house did not come up")
            print(f"up: {time.monotonic() - began:.1f} s until energy flows ({os.cpu_count()} cores); aim: at most 20 s")
            time.sleep(SETTLE_SECONDS)
            report(up.pid, state)
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(30)


def report(root: int, state: str) -> None:
    """Memory of all processes of the house."""
    processes = {pid: memory(pid) for pid in descendants(root)}
    pids = json.loads(next(Path(state).glob("*/pids.json")).read_text())
    devices = [processes[pid][0] for name, pid in pids.items() if name not in ("crossbar", "inverter", "historian", "screen")]
    print(f"up: {len(processes)} processes, {sum(pss for _, pss, _ in processes.values()):.0f} MB in all (PSS); aim: at most 1600 MB")
    print(f"up: a device process takes {max(devices):.0f} MB at most (RSS, {len(devices)} of them); aim: at most 70 MB")


def descendants(root: int) -> list[int]:
    """A process and all that it started."""
    parents = {int(pid): _parent(int(pid)) for pid in os.listdir("/proc") if pid.isdigit()}
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def memory(pid: int) -> tuple[float, float, str]:
    """RSS and PSS in MB, and the command line."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    rss, pss = (int(re.search(rf"^{name}:\s+(\d+)", rollup, re.M)[1]) / 1024 for name in ("Rss", "Pss"))  # type: ignore[index]
    return rss, pss, Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


if __name__ == "__main__":
    main()
