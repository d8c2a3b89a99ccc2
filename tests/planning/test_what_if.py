"""A what-if begins where the living home is, changes nothing there, and its numbers are those of a plan from there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joulebus.errors import JoulebusError
from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.file import Journal
from joulebus.planning.planned import PlanOrder, Unkept, fork_at
from joulebus.planning.whatif import WhatIfSource, changed_home, live_variants, living_home
from joulebus_schemas.whatif import AskWhatIf, WhatIfRun
from tests.stories.homes import CABIN, GRID, HEAD, write_home

HOURS = 6


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Of a cabin that has lived for some hours."""
    folder = tmp_path_factory.mktemp("cabin")
    path = folder / "journal.bin"
    with Journal.open(path, durable="memory") as journal:
        for _ in Home.from_file(load_home_file(write_home(folder, "cabin", CABIN)), journal).live(HOURS * 3_600):
            pass
    yield path


def run(journal: Path, **said: Any) -> tuple[WhatIfRun, list[int]]:
    told: list[int] = []
    ask = AskWhatIf.model_validate_json(json.dumps(said))
    found = live_variants(WhatIfSource(ask, journal, journal.parent), told.append)
    state = {"run": "w1", "state": "done"}
    return WhatIfRun.model_validate_json(json.dumps({"state": state, **found})), told


def test_the_home_as_it_is_goes_on_as_a_plan_from_there(journal: Path) -> None:
    before = journal.read_bytes()
    found, told = run(journal, days=2.0)
    fork = fork_at(journal)
    plan = Unkept.of_fork(fork, PlanOrder(fork.tick + 2 * 86_400, None, fork.tick)).live().as_json()
    totals = found.variants[0].totals
    for name in ("import_joules", "export_joules", "cost_micro_euro"):
        assert totals[name] == pytest.approx(plan[name], rel=1e-3), name
    assert found.from_unix_seconds == fork.found.born.start_unix_seconds + HOURS * 3_600
    assert told == sorted(told) and told[-1] == 1_000_000
    assert journal.read_bytes() == before, "the living home is only read"


def test_variants_stand_side_by_side_and_one_that_cannot_be_lived_says_why(journal: Path) -> None:
    variants = [
        {"label": "no battery", "changes": {"battery.capacity_kwh": 0}},
        {"label": "dear", "changes": {"grid.import_euro_per_kwh": 0.9}},
        {"label": "wrong", "changes": {"battery.capacity_kwh": -1}},
    ]
    found, _ = run(journal, days=3.0, variants=variants)
    as_it_is, without, dear, wrong = found.variants
    assert [one.label for one in found.variants] == ["as it is", "no battery", "dear", "wrong"]
    assert (without.totals["import_joules"] or 0) > (as_it_is.totals["import_joules"] or 0)
    assert dear.totals["import_joules"] == as_it_is.totals["import_joules"]
    assert dear.totals["import_cost_micro_euro"] == pytest.approx(3 * (as_it_is.totals["import_cost_micro_euro"] or 0), abs=3)
    assert wrong.error is not None and "capacity_kwh" in wrong.error and wrong.totals == {}
    assert without.cycles_ppm == {} and (as_it_is.cycles_ppm["battery"] or 0) > 0


def test_the_columns_of_a_variant_add_up_to_its_totals(journal: Path) -> None:
    found, _ = run(journal, days=2.0)
    one = found.variants[0]
    assert found.step == "hour" and len({len(column) for column in one.columns.values()}) == 1
    for name in ("import_joules", "export_joules", "consumed_joules", "produced_joules"):
        assert sum(one.columns[name]) == one.totals[name], name


def test_the_answer_to_the_largest_question_fits_into_a_message(journal: Path) -> None:
    variants = [{"label": f"variant {number}", "changes": {"battery.capacity_kwh": number + 1}} for number in range(7)]
    found, _ = run(journal, days=31.0, variants=variants, tick_seconds=900)
    assert len(found.variants[0].columns["unix_seconds"]) >= 31 * 24
    assert len(found.model_dump_json()) < 1_000_000


def test_a_year_is_told_by_days(journal: Path) -> None:
    found, _ = run(journal, days=366.0, tick_seconds=900)
    assert found.step == "day" and 366 <= len(found.variants[0].columns["unix_seconds"]) <= 368


def test_a_larger_battery_begins_with_as_many_joules(journal: Path) -> None:
    file = living_home(journal)
    larger = changed_home(file, {"battery.capacity_kwh": 20})
    had, has = (one.members["battery"].properties for one in (file, larger))
    assert has["capacity_kwh"] * has["initial_percent"] == pytest.approx(had["capacity_kwh"] * had["initial_percent"], rel=1e-6)
    said = changed_home(file, {"battery.capacity_kwh": 20, "battery.initial_percent": 30}).members["battery"].properties
    assert said["initial_percent"] == 30


def test_a_home_file_is_a_source_of_its_own(journal: Path) -> None:
    text = HEAD.format(name="other") + "  heater: {kind: appliance, power_watts: 1000}\n" + GRID
    found, _ = run(journal, source="file", yaml=text, days=1.0, tick_seconds=60)
    assert found.variants[0].totals["produced_joules"] == 0
    with pytest.raises(JoulebusError, match="devices: must be given"):
        run(journal, source="file", yaml="home: other\n", days=1.0)
    with pytest.raises(JoulebusError, match="tick_seconds must divide 900"):
        run(journal, days=1.0, tick_seconds=7)
