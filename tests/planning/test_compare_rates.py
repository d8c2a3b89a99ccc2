"""What a capacity tariff and a bigger battery would have cost: variants of a home, compared by the bills of rates files."""

import json
from pathlib import Path

from joulebus.homefile.home_file import load_home_file
from joulebus.meter.quarters import metered_run
from joulebus.planning.overrides import override_of, with_overrides
from joulebus.planning.planned import PlanOrder, begin_plan, go_on
from joulebus.planning.variant_run import begun_as_it_ends
from joulebus.rates.file import load_rates
from tests.planning.conftest import Command, joulebus
from tests.real.router import ROOT

__all__ = ["joulebus"]
FLANDERS, SINGLE = (ROOT / f"examples/rates/{name}.yaml" for name in ("flanders", "single"))
DAYS, HOME = 2, ROOT / "examples/homes/house.yaml"


def billed(folder: Path, kwh: int, rates: Path) -> int:
    """The bill of a variant that is planned alone, from its journal."""
    file = with_overrides(load_home_file(HOME), [override_of(f"battery.capacity_kwh={kwh}", "--set")])
    ticks = DAYS * 86_400 // file.tick_seconds
    begin_plan(begun_as_it_ends(file, ticks), folder / "run", PlanOrder(ticks, None))
    go_on(folder / "run")
    run = metered_run(folder / "run/journal.bin")
    return run.bill(load_rates(rates, file.place.timezone), run.begins, run.ends).micro_euro


def test_a_bigger_battery_under_a_capacity_tariff_is_one_command(joulebus: Command, tmp_path: Path) -> None:
    said = joulebus("compare", HOME, "--vary", "battery.capacity_kwh=5,20", "--days", DAYS, "--rates", FLANDERS, "--json")
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    small, large = (one["totals"] for one in found["variants"])
    assert found["bills"] == ["bill"] and large["bill_micro_euro"] == billed(tmp_path, 20, FLANDERS) != small["bill_micro_euro"]
    left = [one["cost_with_stored_micro_euro"] - one["cost_micro_euro"] for one in (small, large)]
    saved = small["bill_micro_euro"] + left[0] - large["bill_micro_euro"] - left[1]
    assert found["variants"][1]["saving_micro_euro_per_year"] == round(saved * 365.25 / DAYS)


def test_several_rates_are_several_columns(joulebus: Command) -> None:
    options = ("--vary", "battery.capacity_kwh=5,20", "--days", 0.25, "--rates", FLANDERS, "--rates", SINGLE)
    said = joulebus("compare", HOME, *options)
    assert said.returncode == 0 and "bill flanders" in said.stdout and "bill single" in said.stdout, said.stdout + said.stderr
    missing = joulebus("compare", HOME, *options[:4], "--metric", "bill")
    assert missing.returncode == 2 and "bill needs a rates file (--rates FILE)" in missing.stderr
    twice = joulebus("compare", HOME, *options, "--rates", FLANDERS)
    assert twice.returncode == 2 and "two of them are called flanders" in twice.stderr
