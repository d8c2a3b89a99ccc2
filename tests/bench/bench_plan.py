"""A day of `house` at 1-second ticks in memory, sealed; and what of it is counting."""

import statistics
import time
from pathlib import Path

from joulebus.home import Home
from joulebus.home_file import load

HOUSE = Path("examples/homes/house.yaml")
DAY_TICKS = 86_400
RUNS = 5


def day() -> tuple[float, float]:
    """Seconds of a day, and of its calls into the core."""
    home = Home.from_file(load(HOUSE))
    counting = 0.0
    settle = home.keeper.ledger.settle

    class Timed:
        """The ledger with a stopwatch."""

        def __getattr__(self, name: str) -> object:
            return getattr(ledger, name)

        def settle(self, *args: object) -> object:
            nonlocal counting
            began = time.perf_counter()
            done = settle(*args)  # type: ignore[arg-type]
            counting += time.perf_counter() - began
            return done

    ledger, home.keeper.ledger = home.keeper.ledger, Timed()  # type: ignore[assignment]
    began = time.perf_counter()
    for _ in home.live(DAY_TICKS):
        pass
    return time.perf_counter() - began, counting


def loop() -> float:
    """Seconds of a plain Python loop that only adds up one integer of 20 devices for a day: the floor of not using Rust."""
    joules = [1_800] * 20
    began = time.perf_counter()
    total = 0
    for _ in range(DAY_TICKS):
        total += sum(joules)
    return time.perf_counter() - began


def main() -> None:
    """Print medians of several runs."""
    day()  # The first run fills the cache of the sky.
    runs = [day() for _ in range(RUNS)]
    whole, counting = statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs)
    spread = (min(run[0] for run in runs), max(run[0] for run in runs))
    low, high = (round(edge * 1000) for edge in spread)
    print(f"plan: a day of house at 1 s ticks, sealed: {whole * 1000:.0f} ms ({low} to {high} in {RUNS} runs); aim: at most 1000 ms")
    rate = DAY_TICKS * 21 / whole / 1e6
    print(f"plan: {rate:.1f} million device-ticks/s; counting in the core takes {counting * 1000:.0f} ms of it")
    print(f"plan: ratio to a Python loop that only adds 20 integers a tick: {whole / loop():.2f}")


if __name__ == "__main__":
    main()
