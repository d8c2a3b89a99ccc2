"""Rounds a second on the bus with 20 device processes, as a ratio to bare Autobahn on the same router in the same run."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from joulebus.homefile.home_file import HomeFile
from joulebus.journal.file import Journal
from joulebus.provision import ROUTER, HomePart
from joulebus.provision.local import LocalHome
from joulebus.rundir import JOURNAL
from joulebus.services.orders import Orders
from joulebus.services.prepare import prepare
from joulebus.services.supervising import home_parts
from joulebus.services.supervisor import device_part
from joulebus_schemas.roster import Member, Place

SECONDS = 6.0
PAIRS = 3
DEVICES = 20


def home_file() -> HomeFile:
    """A grid, 19 appliances, and the inverter that is not one of the 20 device processes."""
    members = {"grid": Member(kind="grid"), "inverter": Member(kind="inverter", properties={"rating_watts": 0})}
    members |= {f"load{index:02}": Member(kind="appliance", properties={"power_watts": 100 + index}) for index in range(DEVICES - 1)}
    return HomeFile("bench", Place(latitude_degrees=50.8, longitude_degrees=4.3), 1_781_992_800, 1, None, 1, members)


def bare(home: LocalHome, devices: list[str]) -> float:
    """Rounds a second of bare Autobahn."""
    for name in ["inverter", *devices]:
        home.keys.add("inverter" if name == "inverter" else "device", name)
    script = Path(__file__).with_name("bare_lockstep.py")
    argv = [sys.executable, str(script), "--router", home.router, "--tickets", str(home.keys.tickets), "--home", home.home]
    done = subprocess.run([*argv, "--devices", ",".join(devices), "--seconds", str(SECONDS)], capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["rounds_per_second"])


def ours(home: LocalHome, file: HomeFile, devices: list[str]) -> float:
    """Rounds a second of the living home, windows of one tick, each settlement durable."""
    journal = home.books / JOURNAL
    orders = Orders(file="", speed="flat_out", historian=False, window_seconds=1)
    # The bare home has nobody who listens to everything, so this one is measured without the component that serves people's screens.
    parts = [part for part in home_parts(orders, file, home.books, None) if part.name != "screen"]
    units = parts + [device_part(name, file.members[name]) for name in devices]
    for unit in units:
        home.start(unit)
    before = _wait_for_more(journal, _records(journal) + 50)
    began = time.monotonic()
    time.sleep(SECONDS)
    rounds = _records(journal) - before
    seconds = time.monotonic() - began
    for unit in units:
        home.stop(unit.name)
    return rounds / seconds


def _records(journal: Path) -> int:
    view = Journal.view(journal)
    try:
        return view.last_number
    finally:
        view.close()


def _wait_for_more(journal: Path, records: int) -> int:
    deadline = time.monotonic() + 60
    while (now := _records(journal)) < records:
        if time.monotonic() > deadline:
            raise SystemExit(f"no rounds within 60 s: see the logs beside {journal}")
        time.sleep(0.2)
    return now


def main() -> None:
    """Print pairs and their median."""
    file = home_file()
    devices = [name for name in file.members if name != "inverter"]
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        prepare(file, directory / JOURNAL, None)
        home = LocalHome(directory, file.name)
        try:
            home.start(HomePart(ROUTER, ROUTER))
            time.sleep(12)
            pairs = [(bare(home, devices), ours(home, file, devices)) for _ in range(PAIRS)]
        finally:
            home.close()
    for limit, rate in pairs:
        print(f"bus: bare {limit:.0f} rounds/s, joulebus {rate:.0f} rounds/s, ratio {rate / limit:.2f}")
    print(f"bus: median ratio {statistics.median(rate / limit for limit, rate in pairs):.2f}; aim: at least 0.70")


if __name__ == "__main__":
    main()
