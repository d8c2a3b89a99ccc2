"""How far time may run ahead of the historian: a few records behind one that follows, and on behind one that is being rebuilt."""

from hypothesis import given, settings
from hypothesis import strategies as st

from joulebus.services.lead import LEAD_RECORDS, HistorianLead, RecordRate


class Wall:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def lead(kept: int) -> HistorianLead:
    return HistorianLead(RecordRate(Wall()), kept)


def settled(of: HistorianLead, number: int) -> int:
    """Flat out: the journal's last number when time stops."""
    while not of.stops_time(number):
        number += 1
    return number


def test_time_stops_a_few_records_ahead_of_a_historian_that_says_nothing() -> None:
    one = lead(1_000)
    assert settled(one, 1_000) == 1_000 + LEAD_RECORDS
    one.hear(1_004, 1_008)
    assert settled(one, 1_008) == 1_004 + LEAD_RECORDS
    assert one.behind(1_012) == 0


def test_a_historian_that_lost_everything_stops_nothing_and_its_lack_is_told() -> None:
    one = lead(44_059)
    one.hear(256, 44_060)
    assert not one.stops_time(44_060)
    assert one.behind(44_060) == 43_804
    assert settled(one, 44_060) == 44_060 + LEAD_RECORDS


def test_one_that_lost_everything_while_the_home_lived_stops_nothing() -> None:
    one = lead(1_000)
    one.hear(5_000, 5_002)
    one.hear(256, 5_010)
    assert not one.stops_time(5_010) and one.told == 256


@settings(deadline=None)
@given(number=st.integers(100, 100_000), pages=st.lists(st.integers(1, 256), max_size=30), share=st.floats(0, 1))
def test_it_catches_up_also_when_time_is_flat_out(number: int, pages: list[int], share: float) -> None:
    one, kept = lead(number), int(number * share)
    rounds = 0
    while one.told < number or not one.told:
        kept = min(number, kept + (pages[rounds % len(pages)] if pages else 64))
        one.hear(kept, number)
        number = settled(one, number) if kept < number else number
        rounds += 1
        assert rounds < 250_000, "it must come nearer"
        if one.behind(number) == 0:
            break
    assert number - one.kept <= LEAD_RECORDS


def test_its_rate_is_that_of_the_last_seconds_and_falls_when_it_is_silent() -> None:
    wall = Wall()
    one = HistorianLead(RecordRate(wall), 10_000)
    for number in range(0, 5_001, 500):
        one.hear(number, 10_000)
        wall.seconds += 0.5
    assert 900 <= one.rate.per_second() <= 1_000
    assert one.sentence(10_000) == f"it is 5,000 records behind and keeps {one.rate.per_second()} a second"
    wall.seconds += 100
    assert one.rate.per_second() < 60
    one.hear(3, 10_000)
    assert one.rate.per_second() == 0
