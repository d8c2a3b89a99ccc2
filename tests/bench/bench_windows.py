"""Windows of 3,600 ticks on the bus with 20 device processes: device-ticks a second, each settlement durable."""

import statistics
import tempfile
import time
from pathlib import Path

from bench_bus import DEVICES, _wait_for_more, home_file

from joulebus.journal.file import Journal
from joulebus.provision import ROUTER, HomePart
from joulebus.provision.local import LocalHome
from joulebus.rundir import JOURNAL
from joulebus.services.orders import Orders
from joulebus.services.prepare import prepare
from joulebus.services.supervising import home_parts
from joulebus.services.supervisor import device_part

SECONDS = 6.0
RUNS = 3
WINDOW_TICKS = 3_600
AIM = 2_000_000


def records(journal: Path) -> int:
    """How many the journal holds."""
    with Journal.view(journal) as view:
        return view.last_number


def rate(home: LocalHome) -> float:
    """Device-ticks a second, over some seconds."""
    journal = home.books / JOURNAL
    before, began = records(journal), time.monotonic()
    time.sleep(SECONDS)
    return (records(journal) - before) * WINDOW_TICKS * DEVICES / (time.monotonic() - began)


def main() -> None:
    """Print the median of several spans of one living home."""
    file = home_file()
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        prepare(file, directory / JOURNAL, None)
        home = LocalHome(directory, file.name)
        orders = Orders(file="", speed="flat_out", historian=False, window_seconds=WINDOW_TICKS)
        try:
            home.start(HomePart(ROUTER, ROUTER))
            time.sleep(12)
            for unit in home_parts(orders, file, directory, None):
                home.start(unit)
            for name in file.members:
                if name != "inverter":
                    home.start(device_part(name, file.members[name]))
            _wait_for_more(directory / JOURNAL, 20)
            found = [rate(home) for _ in range(RUNS)]
        finally:
            home.close()
    low, middle, high = min(found) / 1e6, statistics.median(found) / 1e6, max(found) / 1e6
    print(f"windows: {middle:.1f} million device-ticks/s ({low:.1f} to {high:.1f}); aim: at least {AIM / 1e6:.0f} million")


if __name__ == "__main__":
    main()
