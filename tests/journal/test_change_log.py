"""Who changed what, read back from a journal: complete, the last first, however the question is cut."""

from pathlib import Path

import pytest

from joulebus.bus import Sender
from joulebus.home import answers
from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.file import Journal
from joulebus_schemas.change_log import AskChangeLog
from tests.real.router import ROOT

CHANGES = 30


@pytest.mark.parametrize("most", [1, 7, 100])
@pytest.mark.parametrize("looked_at", [10, 5_000])
def test_all_changes_are_found_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, looked_at: int) -> None:
    monkeypatch.setattr(answers, "LOOKED_AT_MAX", looked_at)
    found: list[int] = []
    with Journal.open(tmp_path / "journal.bin", durable="memory") as journal:
        home = Home.from_file(load_home_file(ROOT / "examples/homes/flat.yaml"), journal)
        for number in range(CHANGES):
            assert len(list(home.live(40, 2))) == 20
            asked = answers.change_asked_by(Sender("flat/~anna", 1, "operator"), "joulebus.flat.clock.speed", {"speed": number})
            home.keeper.change(by=asked)
        page = answers.change_log(journal, home.keeper, AskChangeLog(most=most))
        found += [int(one.by.arguments["speed"]) for one in page.changes if one.by]
        while page.before is not None:
            page = answers.change_log(journal, home.keeper, AskChangeLog(most=most, before=page.before))
            assert len(page.changes) <= most
            found += [int(one.by.arguments["speed"]) for one in page.changes if one.by]
    assert found == list(reversed(range(CHANGES)))


def test_what_is_too_large_for_the_journal_says_so() -> None:
    asked = answers.change_asked_by(Sender("flat/~anna", 1, "operator"), "joulebus.flat.oven.set", {"timers": ["10:00-11:00"] * 2_000})
    assert list(asked.arguments) == ["left_out"] and asked.arguments["left_out"].endswith(" characters")
