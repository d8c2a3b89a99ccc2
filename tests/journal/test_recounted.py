"""What no seal covers is counted again: levels, money, states, who takes part; and a mark says how far a journal was audited."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from joulebus.audit import Finding, Since, audit
from joulebus.audit.findings import ALIKE_MAX, FindingList
from joulebus.audit.marks import read_mark, write_mark
from joulebus.audit.stores import StoreLevel, level_after
from joulebus.errors import JournalError, ReportError
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.compaction import compact_all
from joulebus.planning.planned import PlanOrder, begin_plan, go_on
from joulebus.report import report_of
from joulebus_schemas.offers import Storage
from tests.campaigns.damage import Chain
from tests.journal.grown import gone_on, grown
from tests.planning.homes import cabin

KWH = 3_600_000


@pytest.fixture(scope="module")
def true_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A flat with people who change it, in a file an epoch."""
    return grown(tmp_path_factory.mktemp("true") / "journal.bin")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The same, to be forged."""
    return grown(tmp_path / "home" / "journal.bin")


@pytest.fixture
def compacted(tmp_path: Path) -> Path:
    """The same, compacted, and with a checkpoint that pins it."""
    path = grown(tmp_path / "compacted" / "journal.bin")
    compact_all(path)
    gone_on(path, 130)
    return path


def test_a_window_far_behind_the_last_one_is_found_and_not_waited_for(path: Path) -> None:
    forge(path, committed, lambda text: text["window"].update(start=text["window"]["start"] + 10**12))
    assert not audit(path).is_sound


def forge(path: Path, where: Callable[[dict[str, Any]], bool], change: Callable[[dict[str, Any]], None]) -> int:
    """Change the last record for which something holds, and mend everything around it; how many records there are."""
    chain = Chain(path)
    text = next(text for _, told in reversed(chain.files) for text, _ in reversed(told) if where(text))
    change(text)
    chain.write()
    return sum(len(told) for _, told in chain.files)


def committed(text: dict[str, Any]) -> bool:
    return bool(text["record"] == "committed")


def put(value: Any, *keys: str) -> Callable[[dict[str, Any]], None]:
    """Set a field that is some mappings deep."""

    def change(text: dict[str, Any]) -> None:
        holder = text
        for key in keys[:-1]:
            holder = holder.setdefault(key, {})
        holder[keys[-1]] = value

    return change


FORGERIES: dict[str, tuple[Callable[[dict[str, Any]], bool], Callable[[dict[str, Any]], None], str]] = {
    "a cost": (committed, put(10**6, "outcomes", "grid", "import_cost_micro_euro"), "money"),
    "what is carried of a cost": (committed, put(1, "outcomes", "grid", "import_carry"), "money"),
    "a state of 2^70": (committed, put({"import_joules": 2**70}, "states", "grid"), "state"),
    "a state with an unknown field": (committed, put({"colour": 1}, "states", "tv"), "state"),
    "a state of nobody": (committed, put({}, "states", "ghost"), "state"),
    "who takes part": (committed, lambda text: text["outcomes"].pop("tv"), "roster"),
    "a seal twice": (lambda text: bool(text.get("seals")), lambda text: text["seals"].append(text["seals"][-1]), "seal"),
    "a column of a seal twice": (
        lambda text: bool(text.get("seals")),
        lambda text: text["seals"][0]["columns"].append(text["seals"][0]["columns"][-1]),
        "seal",
    ),
    "a generation": (committed, put(9, "generation"), "record"),
    "parts of a checkpoint": (lambda text: text["record"] == "checkpoint", lambda text: text["parts"].pop("tv"), "checkpoint"),
    "who was ever there": (lambda text: text["record"] == "checkpoint", put({"kind": "tv"}, "ever", "ghost"), "checkpoint"),
    "when it was promised": (lambda text: text["record"] == "changed", put(3, "tick"), "record"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_no_seal_covers_is_found(path: Path, name: str) -> None:
    where, change, what = FORGERIES[name]
    forge(path, where, change)
    assert what in {finding.what for finding in audit(path).findings}


COMPACTED: dict[str, Callable[[dict[str, Any]], None]] = {
    "the end of it": put(5, "outcomes", "grid", "import_carry"),
    "the end of its last window": put(5, "compacted", "outcomes", "grid", "import_carry"),
    "a sum of its last window": put(5, "compacted", "outcomes", "tv", "joules_in"),
    "its last window": put({"start": 1, "ticks": 1}, "compacted", "window"),
    "a state at its last window": put({"import_joules": 1}, "compacted", "states", "grid"),
}


@pytest.mark.parametrize("name", COMPACTED)
def test_a_compacted_record_is_counted_again(compacted: Path, name: str) -> None:
    assert audit(compacted).is_sound
    forge(compacted, lambda text: bool(text.get("compacted")), COMPACTED[name])
    assert not audit(compacted).is_sound


def test_a_device_that_takes_part_after_it_was_switched_off_is_found(path: Path) -> None:
    chain = Chain(path)
    told = chain.files[-1][1]
    tick = next(text["window"]["start"] for text, _ in told if committed(text))
    change = {"record": "changed", "changes": [{"device": "lights", "from_tick": tick, "on": False}], "by": None, "tick": tick}
    told.insert(next(place for place, (text, _) in enumerate(told) if committed(text)), (change, b""))
    chain.write()
    assert ("roster", ("lights",)) in {(finding.what, finding.accounts) for finding in audit(path).findings}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a day of a cabin with a battery."""
    folder = tmp_path_factory.mktemp("stored")
    begin_plan(load_home_file(cabin(folder)), folder / "run", PlanOrder(720, 60))
    go_on(folder / "run")
    return folder / "run"


@pytest.mark.parametrize("where", ["outcomes", "states", "both"])
def test_a_level_that_was_changed_is_found(stored: Path, tmp_path: Path, where: str) -> None:
    run = shutil.copytree(stored, tmp_path / "run")
    places = ("outcomes", "states") if where == "both" else (where,)

    def fuller(text: dict[str, Any]) -> None:
        for place in places:
            text[place]["battery"]["level_microjoules"] += 3_600_000 * 10**6

    forge(run / "journal.bin", lambda text: committed(text) and "battery" in text["states"], fuller)
    found = audit(run / "journal.bin").findings
    assert audit(stored / "journal.bin").is_sound and any(finding.accounts == ("battery",) for finding in found), found


def test_an_audit_says_how_far_it_is(path: Path) -> None:
    told: list[tuple[int, int]] = []
    assert audit(path, since=Since(None, lambda done, all_of: told.append((done, all_of)))).is_sound
    assert told and told == sorted(told) and all(done <= all_of for done, all_of in told)


@pytest.mark.parametrize(
    ("level", "taken", "given", "after"),
    [
        (0, [(3, 0)], [(3, 0)], StoreLevel(0, 100_000)),
        (10**7, [(3, 1)], [], StoreLevel(10**7 + 3 * 960_000 - 2 * 10**6, 100_000)),
        (10**7, [], [(1, 1), (2, 0)], StoreLevel(10**7 - 1_052_632 - 2 * 10**6, 100_000)),
        (1_500_000, [], [(3, 0)], StoreLevel(0, 100_000)),
    ],
)
def test_a_level_is_counted_to_the_microjoule(level: int, taken: Any, given: Any, after: StoreLevel) -> None:
    offer = Storage(
        level_microjoules=level, least_joules=0, most_joules=100, capacity_joules=100, charge_watts_max=9, discharge_watts_max=9,
        charge_efficiency_ppm=960_000, discharge_efficiency_ppm=950_000, standby_milliwatts=700,
    )  # fmt: skip
    assert level_after(offer, (taken, given, []), (3, 1)) == after


def test_a_store_that_sleeps_at_its_least_loses_nothing_more() -> None:
    offer = Storage(
        level_microjoules=2 * 10**6, least_joules=1, most_joules=100, capacity_joules=100, charge_watts_max=9, discharge_watts_max=9,
        charge_efficiency_ppm=960_000, discharge_efficiency_ppm=950_000, standby_milliwatts=700, sleeps_at_least=True,
    )  # fmt: skip
    assert level_after(offer, ([], [], []), (3_000, 1)) == StoreLevel(10**6, 400_000)


def test_findings_that_are_alike_hide_no_other() -> None:
    alike = [Finding("seal", f"epoch {number} is wrong", epoch=number) for number in range(300)]
    found = FindingList([*alike, Finding("money", "one euro more")])
    assert found.count == 301
    assert [finding.what for finding in found.listed()] == ["seal"] * ALIKE_MAX + ["money"]
    assert found.listed()[ALIKE_MAX - 1].alike == 300 - ALIKE_MAX


def test_an_audit_goes_on_from_a_mark(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "audited.json"
    first = audit(path)
    assert first.mark is not None and first.since_record == 1
    write_mark(file, first.mark)
    gone_on(path, 150)
    again = audit(path, since=Since(read_mark(file)))
    assert again.is_sound and again.mark is not None
    assert again.since_record == first.mark.checkpoint.number > 1 if first.mark.checkpoint else False
    assert (again.records, again.ticks) < (first.records, first.ticks)
    assert (again.head, again.head_seal) == (audit(path).head, audit(path).head_seal)


def test_who_asked_for_a_change_is_found_by_a_mark(path: Path) -> None:
    mark = audit(path).mark
    forge(path, lambda text: text["record"] == "changed", put({"stove": 1}, "by"))
    forge(path, lambda text: text["record"] == "changed", put(None, "by"))
    forge(path, lambda text: text["record"] == "born", put(99, "seed"))
    assert {finding.what for finding in audit(path, since=Since(mark)).findings} >= {"mark"}


def test_records_that_are_gone_since_a_mark_are_missed(path: Path, true_files: Path) -> None:
    mark = audit(true_files).mark
    chain = Chain(path)
    del chain.files[-1][1][-1]
    chain.write()
    assert audit(path).is_sound, "a shorter past is a true one, to who has not seen more of it"
    assert "mark" in {finding.what for finding in audit(path, since=Since(mark)).findings}


def test_a_file_that_is_no_mark_is_refused(tmp_path: Path) -> None:
    assert read_mark(tmp_path / "nothing") is None
    (tmp_path / "other").write_text(json.dumps({"home": "flat"}))
    with pytest.raises(JournalError, match="--since names a file"):
        read_mark(tmp_path / "other")


def test_a_report_of_columns_that_are_too_short_is_a_sentence(path: Path) -> None:
    chain = Chain(path)
    told = chain.files[-1][1]
    told[-1] = told[-1][0], told[-1][1][:-1]
    chain.write()
    with pytest.raises(ReportError, match="cannot be counted"):
        report_of(path)


def test_a_state_of_an_older_version_which_knew_fewer_fields_is_sound(path: Path) -> None:
    chain = Chain(path)
    states = [text["states"]["fridge"] for _, told in chain.files for text, _ in told if "fridge" in text.get("states", ())]
    for state in states:
        state.pop("owed_joules")
    chain.write()
    assert len(states) > 1
    assert not [finding for finding in audit(path).findings if finding.what == "state"]
