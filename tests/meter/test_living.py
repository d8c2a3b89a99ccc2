"""A meter that is fed with records shows what the journal says, however they are cut, and what the running quarter-hour comes to."""

from pathlib import Path

import pytest

from joulebus.errors import ReportError
from joulebus.journal.frames import Frame
from joulebus.journal.pieces import pieces
from joulebus.meter.living import LivingLedger
from joulebus.meter.reading import meter_at
from tests.meter.homes import flat

TICKS = 1_440


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return flat(tmp_path_factory.mktemp("flat"), TICKS, message="peak_watts_max: 900, message")


def frames(journal: Path) -> list[Frame]:
    return [frame for piece in pieces(journal) for frame in piece.frames()]


@pytest.mark.parametrize("page", [1, 3, 1_000])
def test_it_shows_what_the_journal_says_however_its_records_come(journal: Path, page: int) -> None:
    all_of_it, ledger = frames(journal), LivingLedger()
    moments = [
        moment
        for first in range(0, len(all_of_it), page)
        for moment in ledger.take(all_of_it[first : first + page], all_of_it[min(first + page, len(all_of_it)) - 1].number)
    ]
    (end,) = meter_at(journal)
    assert ledger.shown(moments[-1]) == end and ledger.now == moments[-1]


def test_the_quarter_hour_says_what_comes_and_warns_once(journal: Path) -> None:
    all_of_it, ledger = frames(journal), LivingLedger()
    warned, seen = [], []
    for frame in all_of_it:
        if ledger.take([frame], frame.number):
            seen.append(ledger.quarter())
            warned += [seen[-1].unix_seconds // 900] if seen[-1].warning else []
    assert warned and len(set(warned)) == len(warned)
    assert all(one.cap_watts == 900 and one.gap_watts == 900 - one.forecast_watts for one in seen)
    (end,) = meter_at(journal)
    assert end.state.peak is not None
    last = seen[-1]
    assert (last.month_peak_watts, last.month_peak_unix_seconds) == (end.state.peak.watts, end.state.peak.ends_unix_seconds)
    assert 0 < last.day_peak_watts <= last.month_peak_watts


def test_without_its_first_records_it_does_not_count(journal: Path) -> None:
    with pytest.raises(ReportError, match="records 1 to 1 were moved away: put their files back"):
        LivingLedger().take(frames(journal)[1:], 9)
