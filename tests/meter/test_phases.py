"""Three phases: each joule on one of them, exactly, for any cutting; in telegrams; and no phase above its fuse while a load can bend."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from joulebus.audit import audit
from joulebus.device import Inputs
from joulebus.devices.grid import GridDevice, GridProperties, GridState
from joulebus.homefile.home_file import load_home_file
from joulebus.meter.phases import named_phases
from joulebus.meter.reader import TelegramReader
from joulebus.meter.reading import meter_at
from joulebus.meter.telegram import telegram
from joulebus.physics.phases import spread
from joulebus_schemas.facts import JOULES_PER_KWH
from tests.meter.homes import planned
from tests.tables.living import context, span_of

MINUTES = 2 * 1_440
HOME = """\
home: three
place: {latitude_degrees: 50.88, longitude_degrees: 4.70, timezone: Europe/Brussels}
start: 2026-06-01T00:00:00+02:00
tick_seconds: 60
devices:
  sun: {kind: sun}
  weather: {kind: weather}
  panel: {kind: panel, peak_watts: 6000}
  inverter: {kind: inverter, rating_watts: 5000}
  grid:
    kind: grid
    network: 3n400
    phase_limit_amps: 16
    phase_of: {oven: 1, heater: 1, geyser: 2, wallbox: 3, panel: 2}
  baseload: {kind: baseload, annual_kwh: 4000}
  oven: {kind: oven, power_watts: 2400, timers: ["18:00-19:30"]}
  heater: {kind: appliance, power_watts: 2000, timers: ["18:15-18:45"], shedding_priority: 1}
  geyser: {kind: geyser}
  wallbox: {kind: charger, phase_count: 1}
  car: {kind: car, hears: [wallbox], capacity_kwh: 40, phase_count: 1, trips: [{departs: "08:00", hours: 8, km: 60}]}
  meter: {kind: meter}
"""


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return [planned(tmp_path_factory.mktemp("three"), HOME, MINUTES, window) for window in (None, 7)]


@given(joules=st.integers(-(10**15), 10**15), more=st.integers(0, 10**9))
def test_thirds_sum_up_exactly_and_none_runs_back(joules: int, more: int) -> None:
    before, after = spread(joules), spread(joules + more)
    assert sum(before) == joules and max(before) - min(before) <= 1
    assert all(late >= early for early, late in zip(before, after, strict=True))


def test_phases_sum_up_to_the_registers_at_each_tick_and_for_any_cutting(journals: list[Path]) -> None:
    states = [[shown.state for shown in meter_at(journal, count=MINUTES)] for journal in journals]
    assert states[0] == states[1]
    for state in states[0]:
        day_in, night_in, day_out, night_out = state.joules
        assert sum(state.phase_joules) == day_in + night_in - day_out - night_out
    of_car = [state.phase_joules[2] - state.phase_joules[0] for state in states[0]]
    assert of_car[-1] > 10 * JOULES_PER_KWH, "the car is charged on the third phase, and on no other"


def test_no_phase_carries_more_than_its_fuse(journals: list[Path]) -> None:
    watts = [shown.state.phase_watts for shown in meter_at(journals[0], count=MINUTES)]
    most = 16 * 230
    assert max(max(phases) for phases in watts) in (most, most - 1), "oven and heater together would draw 4400 W"
    assert audit(journals[0]).findings == ()


def test_a_telegram_says_each_phase(journals: list[Path]) -> None:
    shown = max(meter_at(journals[0], count=MINUTES), key=lambda one: max(one.state.phase_watts, default=0))
    (read,) = TelegramReader().feed(telegram(shown.state, shown.face))
    for phase, watts in enumerate(shown.state.phase_watts):
        assert read.values(f"1-0:{21 + 20 * phase}.7.0") == (f"{max(watts, 0) / 1_000:06.3f}*kW",)
        assert read.values(f"1-0:{22 + 20 * phase}.7.0") == (f"{max(-watts, 0) / 1_000:06.3f}*kW",)
        assert read.values(f"1-0:{32 + 20 * phase}.7.0") == ("230.0*V",)
        assert read.values(f"1-0:{31 + 20 * phase}.7.0") == (f"{int(abs(watts) * 100 / 230) / 100:06.2f}*A",)
    assert read.values("1-0:31.4.0") == ("016.00*A",)


def test_who_is_on_which_phase(tmp_path: Path) -> None:
    (tmp_path / "three.yaml").write_text(HOME)
    members = load_home_file(tmp_path / "three.yaml").members
    assert named_phases(members) == {"oven": 0, "heater": 0, "geyser": 1, "wallbox": 2, "car": 2}, "panels come through the inverter"
    (tmp_path / "one.yaml").write_text("\n".join(line for line in HOME.splitlines() if "phase_" not in line and "network" not in line))
    assert named_phases(load_home_file(tmp_path / "one.yaml").members) is None


def test_phases_of_a_connection_with_one_are_refused() -> None:
    with pytest.raises(ValidationError, match="phase_of is about three phases, and network 1n230 has one; say network: 3n400"):
        GridProperties.model_validate({"phase_of": {"oven": 1}})
    with pytest.raises(ValidationError, match="phase_limit_amps is about three phases"):
        GridProperties.model_validate({"phase_limit_amps": 16})


def test_an_ampere_without_a_neutral_carries_less() -> None:
    its = context("2026-03-02")
    for network, watts in (("3n400", 40 * 230), ("3x230", 40 * 230 / 3**0.5)):
        properties = GridProperties.model_validate({"network": network, "phase_limit_amps": 40})
        offer = GridDevice().offer(Inputs(its, properties, span_of(its, 1)), GridState())
        assert offer.phase_joules_max is not None
        assert offer.phase_joules_max.run_lengths[0][1] == pytest.approx(watts, rel=1e-3)
