"""Laws 1 and 8: in every tick of any home all accounts sum to 0 J, and any home can go dark."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from joulebus.home.round import Home
from joulebus.homefile.home_file import HomeFile
from joulebus_schemas.roster import Member, Place

START = 1_781_992_800
TICKS = 120


def member(kind: str, **properties: object) -> Member:
    return Member(kind=kind, properties=properties)


percent = some.integers(0, 100).map(float)
watts = some.integers(0, 12_000)
batteries = some.builds(
    lambda capacity, initial, charge, discharge: member(
        "battery", capacity_kwh=capacity, initial_percent=initial, charge_watts_max=charge, discharge_watts_max=discharge
    ),
    some.floats(0.1, 20, allow_nan=False),
    some.integers(20, 90).map(float),
    watts,
    watts,
)
loads = some.builds(
    lambda power, shedding_priority: member("appliance", power_watts=power, shedding_priority=shedding_priority),
    some.integers(1, 8_000),
    some.integers(0, 9),
)
panels = some.builds(
    lambda peak, tilt: member("panel", peak_watts=peak, tilt_degrees=float(tilt)), some.integers(100, 9_000), some.integers(0, 90)
)
grids = some.builds(lambda on, most: member("grid", connected=on, import_limit_watts=most), some.booleans(), some.integers(0, 20_000))
inverters = some.builds(
    lambda rating, reserve, island, export: member(
        "inverter", rating_watts=rating, reserve_percent=reserve, island_operation=island, export_limit_watts=export
    ),
    some.integers(500, 10_000),
    some.integers(0, 60).map(float),
    some.booleans(),
    some.integers(0, 8_000),
)


@some.composite
def homes(draw: some.DrawFn) -> HomeFile:
    members = {"sun": member("sun"), "inverter": draw(inverters)}
    members |= {f"load{index}": draw(loads) for index in range(draw(some.integers(0, 6)))}
    members |= {f"panel{index}": draw(panels) for index in range(draw(some.integers(0, 3)))}
    members |= {f"battery{index}": draw(batteries) for index in range(draw(some.integers(0, 2)))}
    if draw(some.booleans()):
        members["grid"] = draw(grids)
    start = START + 3_600 * draw(some.integers(0, 23))
    return HomeFile(
        "home", Place(latitude_degrees=50.85, longitude_degrees=4.35), start, draw(some.sampled_from([1, 60, 300])), None, 1, members
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(homes(), some.integers(1, TICKS))
def test_every_tick_of_any_home_sums_to_zero(file: HomeFile, window: int) -> None:
    home = Home.from_file(file)
    for settled in home.live(TICKS, window):
        assert sum(settled.flows.values()) >= 0
    balances = home.keeper.ledger.balances()
    assert sum(balances.values()) == 0
    assert balances.get("inverter", 0) == 0
