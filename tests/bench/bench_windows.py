"""Windows of 3,600 ticks on the bus with 20 device processes: device-ticks a second, each settlement durable."""

import statistics
import tempfile
import time
from pathlib import Path

from bench_bus import DEVICES, _wait_for_more, home_file

from joulebus.journal.file import Journal
from joulebus.provision.local import JOURNAL, PRELOADED, LocalHome, Options
from joulebus.provision.process import Processes
from joulebus.services.prepare import prepare

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
    journal = home.directory / JOURNAL
    before, began = records(journal), time.monotonic()
    time.sleep(SECONDS)
    return (records(journal) - before) * WINDOW_TICKS * DEVICES / (time.monotonic() - began)


def main() -> None:
    """Print the median of several spans of one living home."""
    file = home_file()
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        prepare(file, directory / JOURNAL, None)
        processes = Processes(directory, preload=PRELOADED)
        home = LocalHome(directory, file.name, Options(speed="flat_out", historian=False, window_seconds=WINDOW_TICKS), processes)
        try:
            home.start_router()
            time.sleep(12)
            home.start_core()
            for name in file.members:
                if name != "inverter":
                    home.start(name, file.members[name])
            _wait_for_more(directory / JOURNAL, 20)
            found = [rate(home) for _ in range(RUNS)]
        finally:
            processes.stop_all()
    low, middle, high = min(found) / 1e6, statistics.median(found) / 1e6, max(found) / 1e6
    print(f"windows: {middle:.1f} million device-ticks/s ({low:.1f} to {high:.1f}); aim: at least {AIM / 1e6:.0f} million")


if __name__ == "__main__":
    main()
