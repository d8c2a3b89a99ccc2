"""What a comparison answers: what is saved a year, when it is paid back, and that nobody saves what happened to be in a battery."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from joulebus.homefile.home_file import HomeFile, load_home_file, of_words
from joulebus.planning.compare import Lived, Variant, winners
from joulebus.planning.metrics import check_metrics, measured
from joulebus.planning.overrides import Override, with_overrides
from joulebus.planning.savings import Saving, Terms, cost_of, payback_years, present_value, saving
from joulebus.planning.variant_run import begun_as_it_ends, run_variant
from tests.planning.conftest import Command
from tests.planning.homes import cabin

PLACE = {"latitude_degrees": 50.85, "longitude_degrees": 4.35, "timezone": "Europe/Brussels"}
HEAD: dict[str, Any] = {"home": "h", "place": PLACE, "start": "2026-12-01T00:00:00+01:00", "tick_seconds": 900}
WITHOUT_SOURCE: dict[str, Any] = {"grid": {"kind": "grid"}, "battery": {"kind": "battery"}, "inverter": {"kind": "inverter"}}
SUN: dict[str, Any] = {"sun": {"kind": "sun"}, "weather": {"kind": "weather"}, "panel": {"kind": "panel", "peak_watts": 3000}}
WEEK = 7 * 96


def home(watts: int, **devices: Any) -> HomeFile:
    """A battery and a load, and what is given."""
    return of_words({**HEAD, "devices": {**WITHOUT_SOURCE, **devices, "load": {"kind": "appliance", "power_watts": watts}}})


def lived(file: HomeFile, **properties: Any) -> Lived:
    """Of a battery that is otherwise."""
    overrides = tuple(Override(f"battery.{key}", value) for key, value in properties.items())
    return Lived(Variant(0, overrides), run_variant(with_overrides(file, overrides), WEEK))


@pytest.mark.parametrize("initial", [0, 50, 100])
def test_a_home_without_a_source_never_saves(initial: int) -> None:
    file = home(300)
    costs = [cost_of(lived(file, capacity_kwh=kwh, initial_percent=initial)) or 0 for kwh in (0, 5, 10, 20)]
    assert min(costs) == costs[0] > 0, "a battery without a source saves nothing"
    assert max(costs) - costs[0] < 0.01 * costs[0]
    assert lived(file, capacity_kwh=20, initial_percent=initial).metric("self_sufficiency") == 0


def test_the_order_of_the_variants_does_not_depend_on_what_was_in_them() -> None:
    file = home(400, **SUN)
    orders = []
    for initial in (0, 50, 100):
        found = [lived(file, capacity_kwh=kwh, initial_percent=initial) for kwh in (0, 5, 10, 20)]
        orders.append([round((cost_of(one) or 0) / 10_000) for one in found])
    assert orders[0] == orders[1] == orders[2]
    assert orders[0][0] > orders[0][1], "with sun it does save"


def test_stores_begin_as_full_as_they_end() -> None:
    file = with_overrides(load_home_file(Path(__file__).parents[2] / "examples/homes/house.yaml"), ())
    file = begun_as_it_ends(with_overrides(file, (Override("battery.initial_percent", 100),)), 3 * 86_400)
    begun = file.members["battery"].properties["initial_percent"]
    totals = run_variant(file, 3 * 86_400)
    assert begun < 100
    assert abs(totals["stored_joules"] or 0) < 0.02 * 12 * 3_600_000
    assert file.members["geyser"].properties["initial_celsius"] != 55


def of_money(number: int, cost: int, stored_kwh: float = 0) -> Lived:
    """A variant that has paid so many euro, at 0.30 a kWh."""
    worth = round(stored_kwh * 300_000)
    totals = {"cost_micro_euro": cost * 1_000_000, "stored_micro_euro": worth}
    return Lived(Variant(number, ()), {**totals, "cost_with_stored_micro_euro": cost * 1_000_000 - worth})


def test_savings_are_of_a_year_and_what_is_left_in_the_battery_counts() -> None:
    year = round(365.25 * 86_400)
    found = saving(279_000_000, year, 5_000, Terms())
    assert found == Saving(279_000_000, 5_000, pytest.approx(17.92, abs=0.01), pytest.approx(279 * 15 - 5_000))
    assert saving(279_000_000, year // 2, 5_000, Terms()).micro_euro_per_year == pytest.approx(558_000_000, rel=1e-6)
    assert cost_of(of_money(0, 212, stored_kwh=10)) == pytest.approx(209_000_000, rel=1e-5)


def test_what_is_saved_is_the_difference_of_what_reports_say_with_what_is_stored(tmp_path: Path, joulebus: Command) -> None:
    said = ("--vary", "battery.capacity_kwh=2,5,10")
    done = joulebus("compare", cabin(tmp_path), "--days", "3", *said, "--json")
    assert done.returncode == 0, done.stderr
    first, *others = json.loads(done.stdout)["variants"]
    costs = [one["totals"]["cost_with_stored_micro_euro"] for one in (first, *others)]
    yearly = [round((costs[0] - cost) * 365.25 / 3) for cost in costs[1:]]
    assert [one["saving_micro_euro_per_year"] for one in others] == yearly
    assert any(one["totals"]["stored_micro_euro"] for one in (first, *others)), "else the test could not see what is stored"


@pytest.mark.parametrize(
    ("yearly", "price", "discount", "years"),
    [(100, 1_000, 0, 10), (100, 0, 0, 0), (0, 100, 0, None), (-5, 0, 0, None), (100, 1_000, 5, 14.2067), (50, 1_000, 5, None)],
)
def test_years_until_it_is_paid_back(yearly: float, price: float, discount: float, years: float | None) -> None:
    terms = Terms(discount_percent=discount)
    found = payback_years(yearly, price, terms)
    assert found == (None if years is None else pytest.approx(years, abs=1e-3))
    if found and discount:  # The savings of so many years are worth just the price.
        assert present_value(yearly, Terms(found, discount)) == pytest.approx(price)


def test_what_looks_alike_has_a_star_alike_and_where_all_are_alike_nobody_has() -> None:
    cents = [Lived(Variant(number, ()), {"cost_micro_euro": cost}) for number, cost in enumerate([13_799_000, 13_801_000, 15_000_000])]
    assert winners(cents, "cost") == (0, 1)
    assert winners(cents[:2], "cost") == ()
    assert winners([], "cost") == ()


def test_a_comparison_says_savings_payback_and_its_terms_in_table_page_and_json(tmp_path: Path, joulebus: Command) -> None:
    words = ["compare", cabin(tmp_path), "--days", "3", "--vary", "battery.capacity_kwh=0,2,5", "--price", "battery.capacity_kwh=10"]
    done = joulebus(*words, "--lifetime", "20", "--discount", "2", "--json-file", tmp_path / "all.json", "--chart", tmp_path / "all.html")
    assert done.returncode == 0, done.stderr
    data = json.loads((tmp_path / "all.json").read_text())
    best = max(data["variants"][1:], key=lambda one: one["net_euro"])
    answer = data["notes"][0]
    assert f"saves {best['saving_micro_euro_per_year'] / 1e6:,.0f} € a year against battery.capacity_kwh=0" in answer
    assert f"are back in {best['payback_years']:.1f} years" in answer
    assert "lifetime 20 years (--lifetime), discount 2 % (--discount)" in answer
    printed = " ".join(done.stdout.split())
    assert answer in printed and "saves €/year" in printed and "pays back" in printed
    assert "A year is taken as 365.25 days like these 3" in printed and "begin as full as they end" in printed
    page = (tmp_path / "all.html").read_text()
    assert "pays back" in page and "What is saved against battery capacity 0\u00a0kWh" in page and "battery capacity, kWh" in page


def test_dark_minutes_and_the_warmest_fridge_stand_beside_energy(tmp_path: Path, joulebus: Command) -> None:
    done = joulebus("compare", cabin(tmp_path), "--days", "2", "--set", "panel.peak_watts=1",
                    "--vary", "battery.capacity_kwh=0,20", "--vary", 'grid.daily_outages=["17:00-18:20"],[]',
                    "--metric", "cost,dark_minutes,short_minutes,warmest_fridge_celsius", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    outages, none, *_ = totals = [one["totals"] for one in json.loads(done.stdout)["variants"]]
    assert outages["dark_minutes"] == 160, "two outages of 80 minutes without sun and battery"
    assert none["dark_minutes"] == 0
    assert all(one["short_minutes"] >= one["dark_minutes"] for one in totals)
    assert outages["warmest_fridge_millicelsius"] > none["warmest_fridge_millicelsius"] > 3_000


def test_metrics_of_warmth_name_a_device_or_a_kind(tmp_path: Path) -> None:
    members = load_home_file(Path(__file__).parents[2] / "examples/homes/house.yaml").members
    assert measured("fridge", members) == ["fridge"] and measured("freezer", members) == ["freezer"]
    assert measured("geyser", members) == ["geyser"] and measured("tv", members) == []
    assert check_metrics(["warmest_freezer_celsius", "coldest_geyser_celsius"], members)
    with pytest.raises(Exception, match=re.escape("warmest_tv_celsius needs a device with a temperature, and tv is none")):
        check_metrics(["warmest_tv_celsius"], members)
    with pytest.raises(Exception, match='there is no metric darkminutes; did you mean "dark_minutes"'):
        check_metrics(["darkminutes"], members)
