"""Gas is in the laws: whoever comes and goes, its joules are in the zero sum, in the seals, in the report and in the audit."""

from pathlib import Path

import pytest

from joulebus.audit import audit
from joulebus.historian.follow import refill
from joulebus.historian.history import HistoryReader
from joulebus.historian.store import HistoryStore
from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from joulebus.homefile.notes import notes
from joulebus.journal.file import Journal
from joulebus.report import ReportSpan, report_of
from joulebus.services.history_answers import energy_answer
from joulebus_schemas import history as words
from joulebus_schemas.roster import Member

HOME = """\
home: warm
place: {latitude_degrees: 50.88, longitude_degrees: 4.70, timezone: Europe/Brussels}
start: 2026-01-05T00:00:00+01:00
devices:
  inverter: {kind: inverter, rating_watts: 3000}
  grid: {kind: grid, outages: [{begins: "2026-01-05T02:00", ends: "2026-01-05T02:40"}]}
  sun: {kind: sun}
  weather: {kind: weather}
  panel: {kind: panel, peak_watts: 3000}
  oven: {kind: oven, timers: ["01:30-03:00"]}
  gas: {kind: gas, limit_watts: 30000}
  boiler: {kind: boiler, timers: ["00:00-24:00"], initial_celsius: 18}
  geyser: {kind: geyser, supply: gas, power_watts: 20000, efficiency_percent: 88, initial_celsius: 20}
"""
ENDS = 6 * 3_600
STOVE = {"power_watts": 3_000, "shedding_priority": 9, "initial_celsius": 15.0, "timers": ("00:00-24:00",)}


def lived(folder: Path, window: int) -> Home:
    """Six hours in which the gas is switched off and on, limited and cut, its weather goes, and another boiler comes and goes."""
    (folder / "warm.yaml").write_text(HOME)
    with Journal.open(folder / "journal.bin", durable="memory") as journal:
        home = Home.from_file(load_home_file(folder / "warm.yaml"), journal)
        acts = [
            (1_801, lambda: home.switch("gas", False)),
            (3_307, lambda: home.switch("gas", True)),
            (5_000, lambda: home.set("gas", limit_watts=9_000)),
            (8_000, lambda: home.add("stove", Member(kind="boiler", properties=STOVE))),
            (9_007, lambda: home.switch("weather", False)),
            (11_000, lambda: home.remove("stove")),
            (12_345, lambda: home.set("gas", connected=False)),
            (13_000, lambda: home.set("gas", connected=True, limit_watts=30_000)),
            (ENDS, lambda: None),
        ]
        for tick, act in acts:
            list(home.live(tick - home.keeper.next_tick, window))
            act()
    return home


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("warm")


@pytest.fixture(scope="module")
def home(folder: Path) -> Home:
    return lived(folder, 3_600)


@pytest.mark.parametrize("window", [7, 61, 86_400])
def test_no_window_matters(home: Home, tmp_path: Path, window: int) -> None:
    assert lived(tmp_path, window).keeper.ledger.head == home.keeper.ledger.head


def test_all_joules_are_there(home: Home, folder: Path) -> None:
    balances = home.keeper.ledger.balances()
    assert sum(balances.values()) == 0
    assert balances["gas"] == -balances["boiler"] - balances["geyser"] - balances["stove"] < -10_000_000
    assert balances["boiler.unmet"] == 0, "what lacked while there was no gas came later"
    assert audit(folder / "journal.bin").findings == ()


def test_a_report_says_what_was_burnt(home: Home, folder: Path) -> None:
    report = report_of(folder / "journal.bin", ReportSpan())
    devices, balances = report.as_json()["devices"], home.keeper.ledger.balances()
    assert {name: devices[name]["fuel_joules"] for name in ("gas", "boiler", "geyser", "stove")} == {
        "gas": -balances["gas"],
        **{name: balances[name] for name in ("boiler", "geyser", "stove")},
    }
    assert report.as_json()["totals"]["fuel_joules"] == -balances["gas"]
    assert report.as_json()["totals"]["consumed_joules"] == balances["oven"], "electricity alone"


def test_the_past_says_it_too(home: Home, folder: Path, tmp_path: Path) -> None:
    store = HistoryStore.open(tmp_path / "warm.sqlite", "warm")
    with Journal.view(folder / "journal.bin") as journal:
        refill(store, journal)
    begins = home.keeper.born.start_unix_seconds
    ask = words.AskEnergy(from_unix_seconds=begins, to_unix_seconds=begins + ENDS, by="device", resolution="1h")
    answer = energy_answer(HistoryReader(store.reader(), "warm"), ask, "inverter")
    store.close()
    sums = {name: sum(values) for name, values in answer.series.items()}
    balances = home.keeper.ledger.balances()
    assert sums["gas.out"] == -balances["gas"] and sums["boiler.in"] == balances["boiler"] and sums["geyser.in"] == balances["geyser"]
    assert "panel.in" not in sums and "sun.out" not in sums, "a panel passes on what the sun gives"


def test_who_burns_the_gas_of_nobody_is_told(tmp_path: Path) -> None:
    (tmp_path / "warm.yaml").write_text(HOME.replace("  gas: {kind: gas, limit_watts: 30000}\n", ""))
    said = notes(load_home_file(tmp_path / "warm.yaml"), 1)
    assert said == [f"{name} burns gas of gas, and this home has no gas connection of that name; add gas: {{kind: gas}}" for name in
                    ("boiler", "geyser")]  # fmt: skip
