"""A day at 1-second ticks with 10, 100 and 1,000 devices in memory: what a device costs."""

import os
import time

from joulebus.home.round import Home
from joulebus.homefile.home_file import HomeFile
from joulebus_schemas.roster import Member, Place

SIZES = (10, 100, 1_000)
DAY_TICKS = 86_400
RUNS = int(os.environ.get("BENCH_RUNS", "3"))


def home_file(devices: int) -> HomeFile:
    """A grid, an inverter, and of each ten devices: six appliances by timers, a tv, lights, a fridge, an oven."""
    members = {"grid": Member(kind="grid", properties={"import_limit_watts": 10_000_000}), "inverter": Member(kind="inverter")}
    kinds = ["appliance"] * 6 + ["tv", "lights", "fridge", "oven"]
    for index in range(devices - len(members)):
        members[f"device{index:04}"] = Member(kind=kinds[index % 10])
    return HomeFile("scale", Place(latitude_degrees=50.8, longitude_degrees=4.3), 1_781_992_800, 1, None, 1, members)


def day(devices: int) -> float:
    """CPU seconds of a day; the quickest of several."""
    found = []
    for _ in range(RUNS):
        home = Home.from_file(home_file(devices))
        began = time.process_time()
        for _ in home.live(DAY_TICKS):
            pass
        found.append(time.process_time() - began)
    return min(found)


def main() -> None:
    """Print each size, and each against the smallest."""
    day(10)
    seconds = {devices: day(devices) for devices in SIZES}
    each = {devices: seconds[devices] / devices for devices in SIZES}
    for devices in SIZES:
        print(f"scale: {devices} devices: {seconds[devices] * 1000:.0f} ms a day, {each[devices] * 1e6:.0f} µs a device")
    print(f"scale: a device of 1,000 costs {each[1_000] / each[100]:.2f} of one of 100; aim: about 1 (linear)")


if __name__ == "__main__":
    main()
