"""A year of quarter-hours for 1,000 meters in ten groups: booked, balanced, sealed, all of it in SQLite; a ratio to hashing as much."""

import array
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from joulebus.market.executor import Executor
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.opening import Opening

METERS, GROUPS = 1_000, 10
DAY_EPOCHS, FIRST_EPOCH = 96, 1_970_000
LIMIT_SECONDS = 30.0


def main(days: int) -> None:
    """Print seconds for a year; of fewer days, what a year would take."""
    meters = [f"meter{number:04}" for number in range(METERS)]
    amounts = array.array("q", ((number * 7919 + 13) % 400 + 1 for number in range(METERS * DAY_EPOCHS)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "market.sqlite"
        market = Executor.open(Opening(path, "market", DEMONSTRATION))
        for number in range(GROUPS):
            market.ask("asset.upsert", {"asset_id": f"group{number}", "balance_rule": {"from": "utility", "to": "utility"}})
        for number, name in enumerate(meters):
            market.ask("asset.upsert", {"asset_id": name, "type": "meter", "balance_rule": {"from": f"group{number % GROUPS}"}})
        began = time.perf_counter()
        seals = sum(market.book_columns(FIRST_EPOCH + day * DAY_EPOCHS, meters, amounts) for day in range(days))
        seconds = time.perf_counter() - began
        market.close()
        size = path.stat().st_size
    year = seconds * 365 / days
    print(
        f"market: {seals:,} seals of {METERS:,} meters in {days} days stored in {seconds:.1f} s, {size / 1e6:.0f} MB; a year: {year:.0f} s"
    )
    print(f"market: a year took {year / (_hashing(seals) * 365 / days):.1f} times as long as hashing 160 bytes for each seal")
    print(f"market: aim: at most {LIMIT_SECONDS:.0f} s for a year")


def _hashing(seals: int) -> float:
    began = time.perf_counter()
    for number in range(100_000):
        sha256(number.to_bytes(8, "big") * 20)
    return (time.perf_counter() - began) * seals / 100_000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 365)
