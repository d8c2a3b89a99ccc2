"""The device that people copy works."""

from joulebus.devices import KINDS
from joulebus.devices._blueprint import Pump, PumpProperties, PumpState
from joulebus.devices.grid import GridDevice, GridProperties
from joulebus.devices.tv import Tv, TvProperties
from tests.tables.living import (
    Members,
    SteadyPanel,
    SteadyProperties,
    Switchboard,
    SwitchboardProperties,
    assert_no_cut_matters,
    context,
    live,
    wants,
)

TIMER = PumpProperties(timers=("00:10-00:20",))


def test_a_pump_wants_its_power_in_its_timers() -> None:
    assert wants(Pump(), TIMER, context("2026-03-02", tick_seconds=300), 6) == [0, 0, 225_000, 225_000, 0, 0]
    assert_no_cut_matters(Pump(), TIMER, context("2026-03-02"), [1, 599, 300, 301, 99])


def test_a_pump_lifts_water_with_what_it_got() -> None:
    members: Members = {
        "pump": (Pump(), TIMER),
        "grid": (GridDevice(), GridProperties(daily_outages=("00:15-00:20",))),
        "inverter": (Switchboard(), SwitchboardProperties()),
    }
    for windows in ([1_800], [7] * 300):
        state = live(members, 1_800, windows).states["pump"]
        assert state == PumpState(pumped_litres=300 * 750 // 600, carry_joules=0)


def test_a_pump_runs_on_surplus_alone_and_never_costs_anybody_anything() -> None:
    pump = PumpProperties(timers=(), surplus_watts=400)
    tv = TvProperties(power_watts=300, standby_watts=0, timers=("00:00-24:00",), jitter_minutes=0)
    for sun, got in ((0, 0), (500, 200), (5_000, 400)):
        members: Members = {
            "pump": (Pump(), pump),
            "tv": (Tv(), tv),
            "panel": (SteadyPanel(), SteadyProperties(watts=sun)),
            "grid": (GridDevice(), GridProperties()),
            "inverter": (Switchboard(), SwitchboardProperties(export_watts_max=10_000)),
        }
        life = live(members, 900)
        assert life.totals["pump"]["joules_in"] == 900 * got
        assert life.totals["tv"]["joules_in"] == 900 * 300
        assert life.totals["pump"]["unserved_joules"] == 0
        assert life.totals["grid"]["joules_out"] == 900 * max(300 - sun, 0), "the grid serves the TV alone"


def test_the_blueprint_is_not_in_the_list_of_kinds() -> None:
    assert "pump" not in KINDS
    assert list(KINDS) == sorted(KINDS)
    assert all(name == device.kind for name, device in KINDS.items())
