"""The laws of the core, through the border: zero sum, any cutting, and books that agree with the flows."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from joulebus_core import Ledger, decode_columns
from tests.core.homes import START_UNIX_SECONDS, Living

TICKS = 300
GOALS = ("loads", "battery", "export")

joules = some.lists(some.sampled_from([0, 150, 900, 2_400, 7_000]), min_size=TICKS, max_size=TICKS)
caps = some.lists(some.sampled_from([0, 600, 3_000, 9_200]), min_size=3, max_size=3)
policies = some.fixed_dictionaries(
    {
        "priority": some.permutations(GOALS).map(tuple),
        "charge_from_sun": some.booleans(),
        "charge_from_grid": some.booleans(),
        "discharge": some.booleans(),
        "reserve_ppm": some.sampled_from([0, 200_000, 600_000]),
        "target_ppm": some.sampled_from([520_000, 1_000_000]),
        "export_watts_max": some.sampled_from([0, 1_000, 5_000]),
        "import_watts_max": some.sampled_from([0, 1_000, 9_000]),
        "backup_only": some.booleans(),
        "island": some.booleans(),
    }
)
livings = some.builds(
    lambda sun, load, cap, policy: Living(sun, load, [one for one in cap for _ in range(TICKS // 3)], policy),
    some.lists(some.integers(0, 6_000_000), min_size=7, max_size=7),
    joules,
    caps,
    policies,
)


def again(living: Living) -> Living:
    return Living(living.sun_milliwatts, living.load_joules, living.import_joules, living.policy)


def dense(living: Living) -> dict[tuple[str, str], list[int]]:
    """All columns along all ticks."""
    columns: dict[tuple[str, str], list[int]] = {}
    for settlement in living.settlements:
        for giver, taker, runs in decode_columns(settlement.columns):
            column = columns.setdefault((giver, taker), [0] * living.ticks)
            column[settlement.start : settlement.start + settlement.ticks] = [value for count, value in runs for _ in range(count)]
    return columns


def nets(columns: dict[tuple[str, str], list[int]], tick: int) -> dict[str, int]:
    net: dict[str, int] = {}
    for (giver, taker), column in columns.items():
        net[giver] = net.get(giver, 0) - column[tick]
        net[taker] = net.get(taker, 0) + column[tick]
    return net


@settings(max_examples=40, deadline=None)
@given(livings, some.lists(some.integers(1, TICKS), min_size=1, max_size=4))
def test_any_cutting_gives_the_same_columns_seals_and_memories(living: Living, windows: list[int]) -> None:
    other = again(living)
    whole, cut = living.live([TICKS]), other.live(windows)
    assert dense(living) == dense(other)
    assert (whole.head, whole.balances()) == (cut.head, cut.balances())
    assert (living.totals, whole.snapshot()) == (other.totals, cut.snapshot())
    assert {name: memory["level_microjoules"] for name, memory in living.memory.items()} == {
        name: memory["level_microjoules"] for name, memory in other.memory.items()
    }


@settings(max_examples=40, deadline=None)
@given(livings)
def test_every_tick_sums_to_zero_and_the_inverter_keeps_nothing(living: Living) -> None:
    ledger = living.live([TICKS])
    columns = dense(living)
    for tick in range(TICKS):
        net = nets(columns, tick)
        assert sum(net.values()) == 0
        assert net.get("inverter", 0) == net.get("panel", 0) == 0
    assert sum(ledger.balances().values()) == 0


@settings(max_examples=40, deadline=None)
@given(livings)
def test_a_store_moves_by_its_level(living: Living) -> None:
    ledger = living.live([100])
    level: Any = living.memory["battery"]["level_microjoules"]
    assert ledger.balances().get("battery", 0) == level // 10**6 - 1_800_000
    assert 0 <= level <= 3_600_000 * 10**6


@settings(max_examples=20, deadline=None)
@given(livings)
def test_a_journal_and_a_snapshot_give_the_same_ledger(living: Living) -> None:
    ledger = living.live([70])
    second = Ledger("home", START_UNIX_SECONDS + 777, 1)
    seals: list[str] = []
    for settlement in living.settlements:
        second = Ledger.restore(second.snapshot())
        seals += [seal.hash for seal in second.post(settlement.start, settlement.ticks, settlement.columns)]
    assert second.snapshot() == ledger.snapshot()
    assert seals == [seal.hash for settlement in living.settlements for seal in settlement.seals]
