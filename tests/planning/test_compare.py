"""Comparisons: each variant is the plan with its settings, in any order of completion; what fails is named, the best is marked."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from joulebus.home.round import Home
from joulebus.homefile.home_file import HomeFile, load_home_file
from joulebus.planning.compare import Cores, Lived, Variant, best, run_variant, variants_of, variation_of
from joulebus.planning.overrides import Override, values_of, with_overrides
from joulebus.planning.search import Budget, Search, search
from tests.planning.conftest import Command
from tests.planning.homes import cabin

TICKS = 1_440
"""A day."""


@pytest.fixture
def home(tmp_path: Path) -> HomeFile:
    return load_home_file(cabin(tmp_path))


def seals(home: HomeFile) -> list[str]:
    """The chain of a day."""
    return [seal.hash for settled in Home.from_file(home).live(TICKS) for seal in settled.seals]


VALUES = {
    "0,5,10": (0, 5, 10),
    "true,null,text": (True, None, "text"),
    "a,b": ("a", "b"),
    '["10:00-11:00","12:00-13:00"],[]': (["10:00-11:00", "12:00-13:00"], []),
    '[{"during": "22:00-06:00", "euro_per_kwh": 0.1}],[]': ([{"during": "22:00-06:00", "euro_per_kwh": 0.1}], []),
    '"a,b",c': ("a,b", "c"),
    "": ("",),
}


@pytest.mark.parametrize("text", VALUES)
def test_values_are_split_where_people_mean_it(text: str) -> None:
    assert values_of(text) == VALUES[text]


def test_each_value_is_lived_with_each_other_and_the_number_of_cores_changes_nothing(home: HomeFile) -> None:
    variants = variants_of([variation_of("battery.capacity_kwh=0,2,5"), variation_of("panel.peak_watts=1000,3000")])
    lived = []
    for workers in (1, 2):
        with Cores(home, TICKS, workers) as cores:
            lived.append(cores.live(reversed(variants)))
    assert lived[0] == lived[1]
    assert [one.variant for one in lived[0]] == variants and len(variants) == 6
    for one in lived[0]:
        assert one.totals == run_variant(with_overrides(home, one.variant.overrides), TICKS)
    assert len({one.metric("cost") for one in lived[0]}) == 6


ANYTHING = {
    "timers": ('oven.timers=["10:20-10:50"],[],["Sat,Sun 08:00-09:30"]', "consumed_joules"),
    "tariff": ('grid.import_rates=[],[{"during":"00:00-24:00","euro_per_kwh":0.05}]', "import_cost_micro_euro"),
    "outages": ('grid.outages=[],[{"begins":"2026-06-21 02:00","ends":"2026-06-21 10:00"}]', "import_joules"),
    "weather": ("weather.file=pvlib:723170TYA.CSV,pvlib:12839.tm2", "produced_joules"),
    "seed": ("seed=1,2,3", "produced_joules"),
    "presence": ("fridge.on=true,false", "consumed_joules"),
}


@pytest.mark.parametrize("what", ANYTHING)
def test_anything_may_vary(what: str, home: HomeFile) -> None:
    text, total = ANYTHING[what]
    if what == "weather":
        here = {"source": "file", "file": "pvlib:723170TYA.CSV", "place_tolerance_km": 20_000.0}
        home = with_overrides(home, tuple(Override(f"weather.{key}", value) for key, value in here.items()))
    found = [run_variant(with_overrides(home, variant.overrides), TICKS) for variant in variants_of([variation_of(text)])]
    assert len({totals[total] for totals in found}) == len(found), found


@pytest.mark.parametrize(("device", "key"), [("battery", "capacity_kwh"), ("panel", "peak_watts")])
def test_a_size_of_0_is_a_device_that_is_not_there(home: HomeFile, device: str, key: str) -> None:
    nothing = with_overrides(home, (Override(f"{device}.{key}", 0),))
    gone = HomeFile(
        **{**{name: getattr(home, name) for name in HomeFile.__slots__}, "members": {k: v for k, v in home.members.items() if k != device}}
    )
    assert seals(nothing) == seals(gone) != seals(home)


def test_a_failed_variant_is_named_and_the_others_finish(tmp_path: Path, joulebus: Command) -> None:
    file = cabin(tmp_path)
    done = joulebus("compare", file, "--days", "0.5", "--vary", "battery.capacity_kwh=4,-1,5", "--csv", tmp_path / "all.csv", "--json")
    assert done.returncode == 2
    assert "1 of 3 variants failed: battery.capacity_kwh=-1: battery.capacity_kwh: must be a number of kWh above 0" in done.stderr
    data = json.loads(done.stdout)
    assert ["error" in variant for variant in data["variants"]] == [False, True, False]
    with (tmp_path / "all.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    assert [bool(row["error"]) for row in rows] == [False, True, False]
    assert int(rows[2]["cost_micro_euro"]) == data["variants"][2]["totals"]["cost_micro_euro"]


def test_a_comparison_has_a_table_a_chart_and_the_best_of_each_metric(tmp_path: Path, joulebus: Command) -> None:
    words = (
        "--days",
        "2",
        "--vary",
        "battery.capacity_kwh=1,9",
        "--vary",
        "oven.power_watts=500,2400",
        "--metric",
        "cost,self_sufficiency",
    )
    done = joulebus("compare", cabin(tmp_path), *words, "--chart", tmp_path / "chart.html", "--json-file", tmp_path / "all.json")
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads((tmp_path / "all.json").read_text())
    costs = {variant["number"]: variant["totals"]["cost_micro_euro"] for variant in data["variants"]}
    assert data["best"]["cost"] == min(costs, key=lambda number: costs[number])
    assert done.stdout.count("★") == 3, "one a metric, and one in the heading that explains it"
    assert "All variants" in (tmp_path / "chart.html").read_text()


def toy(variants: list[Variant], progress: Any) -> list[Lived]:
    """A valley with one lowest place, at 40 and 7, without living."""
    found = []
    for variant in variants:
        one, two = (override.value for override in variant.overrides)
        found.append(Lived(variant, {"cost_micro_euro": (one - 40) ** 2 * 10 + (two - 7) ** 2 * 1_000}))
    return found


PLACES = [variation_of(f"a.x={','.join(map(str, range(0, 100, 2)))}"), variation_of(f"b.y={','.join(map(str, range(20)))}")]
SEARCHES = {"no limit": (None, (40, 7)), "little money": (60.0, (10, 5)), "just enough": (110.0, (40, 7))}


@pytest.mark.parametrize("case", SEARCHES)
def test_a_search_finds_the_best_within_the_budget_without_living_all(case: str) -> None:
    euro_max, wanted = SEARCHES[case]
    budget = Budget({"a.x": 1.0, "b.y": 10.0}, euro_max)
    runs = [search(PLACES, Search("cost", budget, seed=5, lives_max=300), toy) for _ in range(2)]
    assert runs[0] == runs[1]
    found = best(runs[0], "cost")
    assert found is not None and len(runs[0]) <= 300 < 1_000
    assert all(budget.allows(lived.variant.overrides) for lived in runs[0])
    whole = best(toy([variant for variant in variants_of(PLACES) if budget.allows(variant.overrides)], None), "cost")
    assert found == whole
    assert tuple(override.value for override in found.variant.overrides) == wanted


def test_a_search_of_a_home_is_the_comparison_where_they_meet(tmp_path: Path, joulebus: Command) -> None:
    words = (
        "--days",
        "0.5",
        "--vary",
        f"battery.capacity_kwh={','.join(map(str, range(1, 11)))}",
        "--vary",
        "oven.shedding_priority=1,2,3,4,5,6",
    )
    price = ("--price", "battery.capacity_kwh=400", "--budget", "2000", "--search", "--lives", "20", "--json")
    done = [joulebus("compare", cabin(tmp_path), *words, *price) for _ in range(2)]
    assert done[0].returncode == 0, done[0].stderr
    assert done[0].stdout == done[1].stdout
    data = json.loads(done[0].stdout)
    assert len(data["variants"]) == 20 and data["left_out"] == 40
    assert all(variant["price_euro"] <= 2_000 for variant in data["variants"])
    one = data["variants"][7]
    settings = tuple(Override(path, value) for path, value in one["overrides"].items())
    assert one["totals"] == dict(run_variant(with_overrides(load_home_file(tmp_path / "cabin.yaml"), settings), 720))
