"""Plans that are kept: gone on with after any end, and forked at any tick; the seals are those of a plan that nobody disturbed."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from joulebus.errors import JournalError, UsageError
from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.file import Journal
from joulebus.planning.overrides import Override
from joulebus.planning.pausing import PAUSED_FILE, unpause
from joulebus.planning.planned import PlanOrder, Unkept, begin_fork, begin_plan, fork_at, go_on
from tests.campaigns.damage import Chain
from tests.cli.test_wrong_command_lines import FOREIGN
from tests.planning.conftest import JOULEBUS, Command, environment
from tests.planning.homes import HOMES, cabin, seals

TICKS = 4 * 1_440
"""Four days of the cabin."""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Four days of the cabin, kept."""
    directory = tmp_path / "run"
    begin_plan(load_home_file(cabin(tmp_path)), directory, PlanOrder(TICKS))
    go_on(directory)
    return directory


def start_of(run: Path) -> int:
    return fork_at(run).found.born.start_unix_seconds


class Ended(Exception):
    """The end of somebody's patience."""


@pytest.mark.parametrize("at_ticks", [[1], [61, 700], [1_439, 1_440, 5_000]])
def test_a_plan_that_was_interrupted_has_the_seals_and_the_sums_of_one_that_was_not(run: Path, tmp_path: Path, at_ticks: list[int]) -> None:
    again = tmp_path / "again"
    begin_plan(load_home_file(tmp_path / "cabin.yaml"), again, PlanOrder(TICKS, window=47))
    for tick in at_ticks:

        def lose_patience(done: int, total: int, until: int = tick) -> None:
            if done >= until:
                raise Ended

        with pytest.raises(Ended):
            go_on(again, lose_patience)
    result = go_on(again)
    assert seals(again) == seals(run)
    assert result.as_json() == json.loads((run / "result.json").read_text())


def test_a_plan_that_was_killed_goes_on_to_the_same_seals(tmp_path: Path, joulebus: Command) -> None:
    house, killed, whole = HOMES / "house.yaml", tmp_path / "killed", tmp_path / "whole"
    command = [JOULEBUS, "plan", str(house), "--days", "1", "--window", "120", "--out", str(killed)]
    process = subprocess.Popen(command, env=environment(tmp_path), stdout=subprocess.DEVNULL)
    while not (killed / "plan.json").exists() or (killed / "journal.bin").stat().st_size < 150_000:
        assert process.poll() is None, "it is killed on its way"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not (killed / "result.json").exists()
    assert joulebus("plan", house, "--days", "1", "--out", whole).returncode == 0
    assert joulebus("plan", "--resume", killed).returncode == 0
    assert seals(killed) == seals(whole) and len(seals(whole)) == 96
    assert joulebus("audit", killed).returncode == 0


def interrupted(folder: Path, *words: object) -> tuple[int, str]:
    """A plan of the house that somebody ends once it lives: exit code, and what it says."""
    command = [JOULEBUS, "plan", str(HOMES / "house.yaml"), "--days", "3000", "--window", "60", *map(str, words)]
    process = subprocess.Popen(command, env=environment(folder), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    while not hears(process.pid, signal.SIGTERM):
        assert process.poll() is None, "it is interrupted on its way"
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    return process.returncode, said.strip()


def hears(pid: int, number: int) -> bool:
    """Whether a process has said what it does when it is told to end."""
    caught = Path(f"/proc/{pid}/status").read_text().split("SigCgt:")[1].split()[0]
    return bool(int(caught, 16) >> (number - 1) & 1)


def test_ctrl_c_says_how_to_go_on(tmp_path: Path, joulebus: Command) -> None:
    out = tmp_path / "run"
    assert interrupted(tmp_path, "--out", out) == (130, f"joulebus: interrupted; resume with: joulebus plan --resume {out}")
    assert joulebus("audit", out).returncode == 0


def test_ctrl_c_writes_down_a_plan_that_is_not_kept(tmp_path: Path) -> None:
    paused = tmp_path / "state" / "plans" / "house_1"
    assert interrupted(tmp_path) == (130, f"joulebus: interrupted; resume with: joulebus plan --resume {paused}")
    home, totals = unpause(paused)
    lived = Home.from_file(load_home_file(HOMES / "house.yaml"))
    for settled in lived.live(totals.ticks):
        assert settled.window.ticks
    assert 0 < totals.ticks == home.keeper.next_tick
    assert home.keeper.ledger.snapshot() == lived.keeper.ledger.snapshot()


@pytest.mark.parametrize("at_ticks", [[1], [61, 700], [1_439, 1_440, 5_000]])
def test_a_paused_plan_goes_on_to_the_same_seals_and_sums(run: Path, tmp_path: Path, at_ticks: list[int]) -> None:
    paused = tmp_path / "paused"
    unkept = Unkept.of_file(load_home_file(tmp_path / "cabin.yaml"), PlanOrder(TICKS, window=47))
    for tick in at_ticks:

        def lose_patience(done: int, total: int, until: int = tick) -> None:
            if done >= until:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            unkept.live(lose_patience) if tick == at_ticks[0] else go_on(paused, lose_patience)
        if tick == at_ticks[0]:
            unkept.pause(paused)
    assert go_on(paused).as_json() == json.loads((run / "result.json").read_text())
    with pytest.raises(UsageError, match="there is nothing to resume"):
        go_on(paused)


def test_a_paused_plan_that_was_changed_is_refused(tmp_path: Path) -> None:
    unkept = Unkept.of_file(load_home_file(cabin(tmp_path)), PlanOrder(TICKS))
    with pytest.raises(KeyboardInterrupt):
        unkept.live(lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    unkept.pause(tmp_path / "paused")
    file = tmp_path / "paused" / PAUSED_FILE
    said = json.loads(file.read_text())
    said["totals"]["export_income_micro_euro"] += 5_000_000
    file.write_text(json.dumps(said))
    with pytest.raises(JournalError, match="it was changed or damaged; plan again"):
        go_on(tmp_path / "paused")


@pytest.mark.parametrize("state", [{"on": 2**70}, {"colour": 1}, {"level_microjoules": "much"}])
def test_a_fork_of_a_journal_with_a_state_that_cannot_be_is_a_sentence(run: Path, joulebus: Command, state: dict[str, object]) -> None:
    chain = Chain(run / "journal.bin")
    text = next(text for _, told in reversed(chain.files) for text, _ in reversed(told) if "battery" in text.get("states", ()))
    text["states"]["battery"] = state
    chain.write()
    done = joulebus("plan", "--from-journal", run, "--days", "1")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "battery" in done.stderr and not FOREIGN.search(done.stderr)


@pytest.mark.parametrize("tick", [0, 1, 1_440, 2_345, TICKS])
def test_a_fork_without_changes_foretells_the_seals(run: Path, tmp_path: Path, tick: int) -> None:
    fork = fork_at(run, start_of(run) + 60 * tick)
    foretold = tmp_path / "foretold"
    begin_fork(fork, foretold, PlanOrder(TICKS + 15, from_tick=tick))
    result = go_on(foretold)
    assert seals(foretold)[:-1] == seals(run)
    assert result.totals.ticks == TICKS + 15 - tick
    assert result.head == Unkept.of_fork(fork_at(run, start_of(run) + 60 * tick), PlanOrder(TICKS + 15, from_tick=tick)).live().head


def test_a_fork_with_a_change_is_the_home_that_was_changed_then(run: Path, tmp_path: Path) -> None:
    forked = tmp_path / "forked"
    fork = fork_at(run, start_of(run) + 60 * 2_345)
    bigger = fork.changes((Override("battery.capacity_kwh", 9.0),))
    begin_fork(fork, forked, PlanOrder(TICKS, from_tick=2_345, changes=bigger))
    go_on(forked)
    home = Home.from_file(load_home_file(tmp_path / "cabin.yaml"))
    lived = list(home.live(2_345))
    home.set("battery", capacity_kwh=9.0)
    lived += home.live(TICKS - 2_345)
    assert seals(forked) == [seal.hash for settled in lived for seal in settled.seals] != seals(run)


def test_a_fork_leaves_the_journal_as_it_was(run: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    begin_fork(fork_at(run), tmp_path / "forked", PlanOrder(TICKS + 60, from_tick=TICKS))
    go_on(tmp_path / "forked")
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before


def test_a_fork_hears_what_was_promised_and_knows_who_was_off(tmp_path: Path) -> None:
    (tmp_path / "lived").mkdir()
    with Journal.open(tmp_path / "lived" / "journal.bin", durable="memory") as journal:
        home = Home.from_file(load_home_file(cabin(tmp_path)), journal)
        acts = {500: lambda: home.switch("fridge", False), 900: lambda: home.set("fridge", power_watts=200)}
        for tick, act in {**acts, 1_300: lambda: home.switch("fridge", True), 2_000: lambda: None}.items():
            list(home.live(tick - home.keeper.next_tick))
            act()
    truth = seals(tmp_path / "lived")
    foretold = {tick: _foretold(tmp_path, home.keeper.born.start_unix_seconds, tick) for tick in (700, 1_000, 1_300, 1_301)}
    assert foretold[1_300] == foretold[1_301] == truth
    for tick in (700, 1_000):  # That it would be switched on again, nobody knew.
        assert foretold[tick][: 1_300 // 15] == truth[: 1_300 // 15]
        assert foretold[tick][1_300 // 15] != truth[1_300 // 15]


def _foretold(folder: Path, start_unix_seconds: int, tick: int) -> list[str]:
    directory = folder / f"foretold_{tick}"
    begin_fork(fork_at(folder / "lived", start_unix_seconds + tick * 60), directory, PlanOrder(2_000, from_tick=tick))
    go_on(directory)
    return seals(directory)


def test_a_moment_outside_of_a_journal_is_refused(run: Path) -> None:
    with pytest.raises(JournalError, match="from 2026-06-21T04:00:00Z to 2026-06-25T04:00:00Z, which is what .* holds, but was 2026-06-26"):
        fork_at(run, start_of(run) + 86_400 * 5)
    with pytest.raises(JournalError, match="must be the beginning of a tick of 60 s"):
        fork_at(run, start_of(run) + 61)
