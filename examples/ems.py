"""An energy manager in lock-step with a home: a quarter-hour passes, it looks and decides, and the next one passes.

joulebus up examples/homes/house.yaml --start 09:00 --detach
python examples/ems.py "$(joulebus access link ems --role operator)" 32      # 32 quarter-hours of the living home
python examples/ems.py examples/homes/house.yaml 32                          # the same strategy inside a plan
"""

import asyncio
import sys

from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file

QUARTER_SECONDS = 900


def decide(charge_percent: float) -> dict[str, dict[str, float]]:
    """The strategy: once the battery is nearly full, hot water takes what is left of the sun."""
    return {"geyser": {"setpoint_celsius": 75.0 if charge_percent > 80 else 50.0}}


async def live(session, home: str, quarters: int) -> None:
    """Of a living home: it stands still while it is looked at, so nothing is ever late."""

    def ask(what, **named):
        return session.call(f"joulebus.{home}.{what}", **named)

    clock = await ask("clock.pause")
    for _ in range(quarters + 1):  # The first step leads to the next full quarter-hour.
        ticks = QUARTER_SECONDS // clock["tick_seconds"] - clock["tick"] % (QUARTER_SECONDS // clock["tick_seconds"])
        target = clock["tick"] + ticks
        await ask("clock.step", ticks=ticks)
        while (clock := await ask("clock.get"))["tick"] < target or (battery := await ask("battery.state"))["tick"] < target:
            await asyncio.sleep(0.02)
        percent = battery["readings"]["state_of_charge_ppm"] / 10_000
        for device, settings in decide(percent).items():
            await ask(f"{device}.set", **settings)
        print(f"{clock['time']}  tick {clock['tick']}  battery {percent:.1f} %  {decide(percent)}", flush=True)


def plan(file: str, quarters: int, first_tick: int = 0) -> Home:
    """Of a plan: the same home in this process, some ten thousand times as fast, with the same seals."""
    home = Home.from_file(load_home_file(file))
    list(home.live(first_tick)) if first_tick else None
    for _ in range(quarters):
        percent = home.seats["battery"].readings()["state_of_charge_ppm"] / 10_000
        for device, settings in decide(percent).items():
            home.set(device, **settings)
        for settled in home.live(QUARTER_SECONDS // home.keeper.born.tick_seconds):
            print(f"tick {settled.window.end}  battery {percent:.1f} %  {decide(percent)}")
    return home


def main(where: str, quarters: int) -> None:
    if "://" not in where:
        plan(where, quarters)
        return
    from autobahn.asyncio.component import Component, run  # A plan needs no bus.

    component = Component(transports=[{"type": "websocket", "url": where, "serializers": ["json"]}], realm="joulebus")

    @component.on_join
    async def joined(session, details):
        await live(session, where.split("/")[3], quarters)
        session.leave()

    run([component], log_level="error")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
