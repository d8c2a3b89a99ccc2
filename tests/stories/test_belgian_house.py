"""The Belgian house as processes: gas, two cars, three phases, both programs and the meter, through kills, as in memory; and its panels."""

import re
import subprocess
from pathlib import Path

import pytest

from joulebus.meter.following import MeterFollower
from tests.golden.weeks import week_file
from tests.stories.conftest import LiveFile
from tests.stories.homes import seals_in_memory
from tests.stories.living import JOULEBUS, LivingHome

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
    pictures = {size: picture(home, size) for size in ((80, 24), (120, 40), (200, 60))}
    assert all(part in shown for part in ("rate", "quarter", "living", "boiler", "car_anna") for shown in pictures.values()), pictures
    small, *large = pictures.values()
    assert re.search(r"today gas \d+\.\d{3} m³ \(\d+\.\d\d kWh\)", small), small
    for shown in large:
        assert re.search(r"gas m³ +\d+\.\d{3} +\d+\.\d{3} ", shown) and "battery_program: serve the home" in shown, shown
        assert re.search(r"car_program: (charge|pause) car_anna", shown) and "properties set" not in shown, shown


def picture(home: LivingHome, size: tuple[int, int]) -> str:
    """The panels of a living home in a terminal of a size."""
    sized = home.environment | {"COLUMNS": str(size[0]), "LINES": str(size[1])}
    said = subprocess.run([JOULEBUS, "panels", home.name, "--once"], env=sized, capture_output=True, text=True, timeout=120)
    assert said.returncode == 0, said.stderr
    lines = said.stdout.splitlines()
    assert len(lines) == size[1] and {len(line) for line in lines} == {size[0]}, said.stdout
    return said.stdout
