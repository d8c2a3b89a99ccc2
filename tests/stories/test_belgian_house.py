"""The Belgian house as processes: gas, two cars, three phases, both programs and the meter, through kills, as in memory; and its panels."""

from pathlib import Path

import pytest

from joulebus.meter.following import MeterFollower
from tests.golden.weeks import week_file
from tests.stories.conftest import LiveFile
from tests.stories.homes import seals_in_memory

DAYS = 2
KILLED = {
    8 * 3_600: ("gas", "meter"),
    20 * 3_600: ("boiler", "car_program"),
    33 * 3_600: ("car_anna", "battery_program", "wallbox", "geyser"),
}
"""By tick."""
LITRES_PER_M3, WATT_HOUR = 1_000, 3_600


@pytest.mark.slow
def test_two_days_with_kills_have_the_seals_and_the_meter_of_memory(tmp_path: Path, live_file: LiveFile) -> None:
    file = week_file("belgian_house", tmp_path)
    home = live_file(file, "--speed", "flat_out", "--for", f"{DAYS}d").up()
    for tick, names in KILLED.items():
        home.wait_until(lambda tick=tick: home.committed_ticks() >= tick, f"tick {tick} is settled", 240)  # type: ignore[misc]
        for name in names:
            home.kill9(name)
    assert home.ended(seconds=600) == 0, home.said
    assert home.seals() == seals_in_memory(file, DAYS * 86_400)
    audit = home.joulebus("audit", str(home.journal_path))
    assert (audit.returncode, "0 J missing" in audit.stdout) == (0, True), audit.stdout + audit.stderr
    state = MeterFollower(home.journal_path).latest.state
    assert state.gas_litres > 10 * LITRES_PER_M3, "two days of January"
    net = [sum(state.joules[:2]) - sum(state.joules[2:]), sum(state.phase_joules)]
    assert net[0] == net[1] > 10_000 * WATT_HOUR


@pytest.mark.slow
def test_at_sixty_times_the_panels_go_on_and_a_quarter_closes_each_fifteen_seconds(tmp_path: Path, live_file: LiveFile) -> None:
    home = live_file(week_file("belgian_house", tmp_path), "--speed", "60").up()
    heard = home.listen("meter", "quarter")
    home.wait_until(lambda: len({said[0][0]["unix_seconds"] // 900 for said in heard}) >= 3, "two quarter-hours are over", 120)
    words = [said[0][0] for said in heard]
    assert all(word["done_seconds"] == word["unix_seconds"] % 900 for word in words), "it begins anew with each quarter-hour"
    shown = home.joulebus("panels", "belgian_house", "--once").stdout
    assert all(part in shown for part in ("rate", "quarter")), shown
